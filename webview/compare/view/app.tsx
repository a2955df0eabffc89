import { KeysDialog } from '../../shared/controls/keys-dialog.tsx';
import { LoadingPage } from '../../shared/frame/loading-page.tsx';
import { usePanelKeys } from '../../shared/frame/panel-keys.ts';
import { datasetStep } from '../../shared/inputs/dataset-row.tsx';
import { useObservable } from '../../shared/observable.ts';
import { useCompare } from '../context.ts';
import { startRun } from '../start-run.ts';
import { Banners } from './banners.tsx';
import { Columns } from './columns/columns.tsx';
import { InputForm } from './form/input-form.tsx';
import { Header } from './header.tsx';

const KEYS = [
  ['Ctrl+Enter, ⌘+Enter', 'Run all columns. In a reply: send it. In a note: save it'],
  ['Ctrl+Alt+S, ⌘+Alt+S', 'Save the prompt as a version'],
  ['F6, Shift+F6', 'Next or previous region: header, inputs, columns, then the rest of the window'],
  ['Alt+PageUp, Alt+PageDown', 'Previous or next row of the dataset'],
  ['← →', 'Move between columns (if a column is focused) and between tabs'],
  ['Enter', 'Move into a column, or open the focused item'],
  ['Escape', 'Move back to the column, or close a menu or dialog'],
  ['↑ ↓ ← →', 'In a JSON tree: move, collapse and expand'],
  ['?', 'Show keyboard shortcuts'],
] as const;

export function App() {
  const context = useCompare();
  const { session, call } = context;
  const loaded = useObservable(session.state, (state) => state !== undefined);
  const onKey = (event: KeyboardEvent) => {
    const by = session.state.get()?.dataset && datasetStep(event);
    if (by) void call('dataset.step', { by });
    return Boolean(by);
  };
  const [keysShown, showKeys] = usePanelKeys({ onRun: () => void startRun(context), onKey });
  if (!loaded) return <LoadingPage what="the comparison" failure={session.failure} start={session.start} />;
  return (
    <div class="compare">
      <Header onKeys={() => showKeys(true)} />
      <Banners />
      <div class="workspace">
        <InputForm />
        <Columns />
      </div>
      {keysShown && <KeysDialog keys={KEYS} onClose={() => showKeys(false)} />}
    </div>
  );
}
