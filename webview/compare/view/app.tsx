import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../shared/controls/icon.tsx';
import { KeysDialog } from '../../shared/controls/keys-dialog.tsx';
import { isTyping, moveByRegion } from '../../shared/frame/focus.ts';
import { LoadingPage } from '../../shared/frame/loading-page.tsx';
import { onRunKey } from '../../shared/frame/run-key.ts';
import { datasetStep } from '../../shared/inputs/dataset-row.tsx';
import { useObservable } from '../../shared/observable.ts';
import { Button } from '../../ui.ts';
import { type CompareContext, useCompare } from '../context.ts';
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
  const loaded = useObservable(context.session.state, (state) => state !== undefined);
  const [keysShown, showKeys] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => handleKey(event, context, () => showKeys(true));
    const offRun = onRunKey(() => void startRun(context));
    document.addEventListener('keydown', onKeyDown);
    return () => {
      offRun();
      document.removeEventListener('keydown', onKeyDown);
    };
  }, [context]);
  if (!loaded) return <Loading />;
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

function handleKey(event: KeyboardEvent, { session, call }: CompareContext, showKeys: () => void): void {
  if (event.defaultPrevented) return;
  const by = session.state.get()?.dataset && datasetStep(event);
  if (by) {
    event.preventDefault();
    void call('dataset.step', { by });
    return;
  }
  if (event.key === 'F6') {
    moveByRegion(event);
    return;
  }
  if (event.key === '?' && !isTyping(event)) showKeys();
  else return;
  event.preventDefault();
}

function Loading() {
  const { session } = useCompare();
  const failure = useObservable(session.failure, (info) => info);
  if (!failure) {
    return (
      <LoadingPage role="status">
        <Icon name="loading" spin /> Loading the comparison…
      </LoadingPage>
    );
  }
  const again = () => {
    session.failure.set(undefined);
    void session.start();
  };
  return (
    <LoadingPage role="alert">
      <p>
        <Icon name="error" /> Could not load the comparison: {failure.message}
      </p>
      {failure.hint && <p>{failure.hint}</p>}
      <Button onClick={again}>Try Again</Button>
    </LoadingPage>
  );
}
