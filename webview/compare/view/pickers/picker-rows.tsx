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

/** What is typed in a picker, and its active row, which the keys of the text field move. */
export function usePicker({ anchor, onClose }: { anchor: HTMLElement | null; onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  return {
    ...{ query, at },
    search(text: string) {
      setQuery(text);
      setAt(0);
    },
    /** Closes the picker before a choice takes effect. */
    close() {
      onClose();
      anchor?.focus();
    },
    onKeyDown(event: KeyboardEvent, count: number, onEnter: () => void) {
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
      if (step !== undefined) setAt(Math.max(0, Math.min(count - 1, at + step)));
      else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) onEnter();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
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
