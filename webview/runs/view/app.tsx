import { KeysDialog } from '../../shared/controls/keys-dialog.tsx';
import { LoadingPage } from '../../shared/frame/loading-page.tsx';
import { usePanelKeys } from '../../shared/frame/panel-keys.ts';
import { useObservable } from '../../shared/observable.ts';
import { useRuns } from '../context.ts';
import { Banners } from './banners.tsx';
import { Charts } from './charts.tsx';
import { FilterBar } from './filter-bar.tsx';
import { Header } from './header.tsx';
import { RunsTable } from './runs-table.tsx';

const KEYS = [
  ['↑ ↓ ← →', 'Move between cells. The header is above the first row'],
  ['Enter', 'Open the run. In the header: sort'],
  ['Space', 'Select or deselect the row'],
  ['Shift+↑ ↓', 'Select a range'],
  ['Ctrl+A, ⌘+A', 'Select all rows. Escape clears the selection'],
  ['Shift+← →', 'In the header: resize the column'],
  ['Ctrl+Home, Ctrl+End', 'First or last row'],
  ['F6, Shift+F6', 'Next or previous region: header, filter, charts, table, then the rest of the window'],
  ['?', 'Show keyboard shortcuts'],
] as const;

export function App() {
  const { list, failure, start } = useRuns();
  const loaded = useObservable(list, (now) => now !== undefined);
  const [keysShown, showKeys] = usePanelKeys({});
  if (!loaded) return <LoadingPage what="the runs" failure={failure} start={start} />;
  return (
    <div class="runs">
      <Header onKeys={() => showKeys(true)} />
      <FilterBar />
      <Banners />
      <Charts />
      <RunsTable />
      {keysShown && <KeysDialog keys={KEYS} onClose={() => showKeys(false)} />}
    </div>
  );
}
