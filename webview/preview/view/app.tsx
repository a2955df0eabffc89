import { KeysDialog } from '../../shared/controls/keys-dialog.tsx';
import { FormPane } from '../../shared/form/form-pane.tsx';
import { LoadingPage } from '../../shared/frame/loading-page.tsx';
import { usePanelKeys } from '../../shared/frame/panel-keys.ts';
import { useObservable } from '../../shared/observable.ts';
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
  const { state, failure, call, start } = usePreview();
  const loaded = useObservable(state, (now) => now !== undefined);
  const [keysShown, showKeys] = usePanelKeys({ onRun: () => void call('prompt.run', undefined) });
  if (!loaded) return <LoadingPage what="the preview" failure={failure} start={start} />;
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
      state={form}
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
