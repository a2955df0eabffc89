import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../shared/controls/icon.tsx';
import { KeysDialog } from '../../shared/controls/keys-dialog.tsx';
import { FormPane } from '../../shared/form/form-pane.tsx';
import { isTyping, moveByRegion } from '../../shared/frame/focus.ts';
import { LoadingPage } from '../../shared/frame/loading-page.tsx';
import { onRunKey } from '../../shared/frame/run-key.ts';
import { useObservable } from '../../shared/observable.ts';
import { Button } from '../../ui.ts';
import { usePreview, usePreviewState } from '../context.ts';
import { Banners } from './banners.tsx';
import { Header } from './header.tsx';
import { RenderedPrompt } from './rendered-prompt.tsx';

const KEYS = [
  ['Ctrl+Enter, ⌘+Enter', 'Run the prompt on its model'],
  ['Ctrl+Alt+S, ⌘+Alt+S', 'Save the prompt as a version'],
  ['F6, Shift+F6', 'Next or previous region: header, inputs, messages, then the rest of the window'],
  ['← →', 'Move between Messages and Request'],
  ['Escape', 'Close a menu or dialog'],
  ['?', 'Show keyboard shortcuts'],
] as const;

export function App() {
  const { state, call } = usePreview();
  const loaded = useObservable(state, (now) => now !== undefined);
  const [keysShown, showKeys] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      if (event.key === 'F6') return moveByRegion(event);
      if (event.key === '?' && !isTyping(event)) showKeys(true);
      else return;
      event.preventDefault();
    };
    const offRun = onRunKey(() => void call('prompt.run', undefined));
    document.addEventListener('keydown', onKeyDown);
    return () => {
      offRun();
      document.removeEventListener('keydown', onKeyDown);
    };
  }, [call]);
  if (!loaded) return <Loading />;
  return (
    <div class="preview">
      <Header onKeys={() => showKeys(true)} />
      <Banners />
      <div class="workspace">
        <Inputs />
        <RenderedPrompt />
      </div>
      {keysShown && <KeysDialog keys={KEYS} onClose={() => showKeys(false)} />}
    </div>
  );
}

function Inputs() {
  const { form, call } = usePreview();
  return (
    <FormPane
      look={form}
      fields={usePreviewState((state) => state.prompt.fields)}
      input={usePreviewState((state) => state.input)}
      problems={usePreviewState((state) => state.inputProblems)}
      gentle
      onInput={(input) => void call('input.set', { input })}
      onFile={() => void call('input.fromFile', undefined)}
      onDataset={() => void call('input.fromDataset', undefined)}
      onRemember={(change) => void call('form.set', change)}
    />
  );
}

function Loading() {
  const { failure, start } = usePreview();
  const refused = useObservable(failure, (info) => info);
  if (!refused) {
    return (
      <LoadingPage role="status">
        <Icon name="loading" spin /> Loading the preview…
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
        <Icon name="error" /> Could not load the preview: {refused.message}
      </p>
      {refused.hint && <p>{refused.hint}</p>}
      <Button onClick={again}>Try Again</Button>
    </LoadingPage>
  );
}
