import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../shared/controls/icon.tsx';
import { KeysDialog } from '../../shared/controls/keys-dialog.tsx';
import { isTyping, moveByRegion } from '../../shared/frame/focus.ts';
import { LoadingPage } from '../../shared/frame/loading-page.tsx';
import { useObservable } from '../../shared/observable.ts';
import { Button } from '../../ui.ts';
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
  const { list } = useRuns();
  const loaded = useObservable(list, (now) => now !== undefined);
  const [keysShown, showKeys] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      if (event.key === 'F6') return moveByRegion(event);
      if (event.key !== '?' || isTyping(event)) return;
      showKeys(true);
      event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  if (!loaded) return <Loading />;
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

function Loading() {
  const { failure, start } = useRuns();
  const refused = useObservable(failure, (info) => info);
  if (!refused) {
    return (
      <LoadingPage role="status">
        <Icon name="loading" spin /> Loading runs…
      </LoadingPage>
    );
  }
  const again = () => {
    failure.set(undefined);
    void start();
  };
  return (
    <LoadingPage role="alert">
      <p>
        <Icon name="error" /> Could not load the runs: {refused.message}
      </p>
      {refused.hint && <p>{refused.hint}</p>}
      <Button onClick={again}>Try Again</Button>
    </LoadingPage>
  );
}
