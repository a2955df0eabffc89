import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../../shared/controls/icon.tsx';
import { announceCurrent } from '../../../shared/frame/live-region.ts';

/**
 * Announces the active row. The focus stays in the text field, whose input is in a different shadow tree than the list.
 */
export function useAnnounced(row: string | undefined): void {
  useEffect(() => {
    if (row !== undefined) announceCurrent(row);
  }, [row]);
}

/** The active row of a picker, moved by the keys of its text field. */
export function useActiveRow(count: number, onEnter: (at: number) => void) {
  const [at, setAt] = useState(0);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) setAt(Math.max(0, Math.min(count - 1, at + step)));
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) onEnter(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { at, onKeyDown, reset: () => setAt(0) };
}

/** Marks the current choice of the column. */
export function CurrentMark() {
  return (
    <>
      <Icon name="check" />
      <span class="visually-hidden">, current</span>
    </>
  );
}
