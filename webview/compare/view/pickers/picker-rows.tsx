import { useEffect } from 'preact/hooks';
import { Icon } from '../../../shared/controls/icon.tsx';
import { announceCurrent } from '../../../shared/frame/live-region.ts';

/** The focus stays in the picker's field, whose input is in another tree than the list: so what the arrows reach is said. */
export function useAnnounced(row: string | undefined): void {
  useEffect(() => {
    if (row !== undefined) announceCurrent(row);
  }, [row]);
}

/** Marks the row that the column has now. */
export function CurrentSign() {
  return (
    <>
      <Icon name="check" />
      <span class="visually-hidden">, current</span>
    </>
  );
}
