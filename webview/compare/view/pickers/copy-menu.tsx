import { MenuButton } from '../../../shared/controls/menu.tsx';
import { useCompare, useCompareState } from '../../context.ts';

/** Copies the comparison for a document or a spreadsheet. */
export function CopyMenu() {
  const { call } = useCompare();
  const empty = useCompareState((state) => state.columns.every(({ runs }) => runs.length === 0));
  const copy = (format: 'markdown' | 'csv') => () => void call('comparison.copy', { format });
  return (
    <MenuButton
      icon="clippy"
      label="Copy Comparison"
      disabled={empty}
      items={[
        { label: 'Copy as Markdown', icon: 'markdown', onPick: copy('markdown') },
        { label: 'Copy as CSV', icon: 'table', onPick: copy('csv') },
      ]}
    />
  );
}
