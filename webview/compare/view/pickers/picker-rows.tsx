import { useEffect } from 'preact/hooks';
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

/** Marks the current choice of the column. */
export function CurrentMark() {
  return (
    <>
      <Icon name="check" />
      <span class="visually-hidden">, current</span>
    </>
  );
}
