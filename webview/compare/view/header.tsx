import { promptName } from '../../../src/shared/prompt-name.ts';
import { Icon } from '../../shared/controls/icon.tsx';
import { KeysButton } from '../../shared/controls/keys-dialog.tsx';
import { useCompare, useCompareState } from '../context.ts';
import type { CompareState } from '../state.ts';
import { AddModel, AddVersion } from './pickers/add-columns.tsx';
import { CopyMenu } from './pickers/copy-menu.tsx';
import { RunControls } from './run-controls.tsx';
import { Totals } from './totals.tsx';

const MODEL_FROM = { file: 'from the file', setting: 'from the settings', default: '(default)' } as const;

/** The title, the run controls and the total cost. */
export function Header({ onKeys }: { onKeys: () => void }) {
  return (
    <section class="header" data-region="header" aria-label="Comparison">
      <Title />
      <div class="run-controls">
        <RunControls />
        <AddColumns />
      </div>
      <div class="header-end">
        <Totals />
        <CopyMenu />
        <KeysButton onClick={onKeys} />
      </div>
    </section>
  );
}

/** Without columns, the columns area shows the next step instead. */
function AddColumns() {
  const none = useCompareState((state) => state.columns.length === 0);
  if (none) return null;
  return (
    <>
      <AddModel label="Model" />
      <AddVersion />
    </>
  );
}

function Title() {
  const { call } = useCompare();
  const prompt = useCompareState((state) => state.prompt);
  const history = useCompareState((state) => state.history);
  return (
    <h1 class="title">
      <button
        type="button"
        class="link-button truncated"
        title={titleText(prompt)}
        onClick={() => call('prompt.open', {})}
      >
        {promptName(prompt.label)}
      </button>
      {history ? (
        <TitleTag icon="history" label="history" />
      ) : (
        prompt.dirty && <TitleTag icon="circle-filled" label="unsaved edits" />
      )}
      <span class="dim model-source truncated">
        {prompt.model.ref} {MODEL_FROM[prompt.model.from]}
      </span>
    </h1>
  );
}

/** In a narrow panel only the icon is shown. */
function TitleTag({ icon, label }: { icon: string; label: string }) {
  return (
    <span class="title-tag" title={label}>
      <Icon name={icon} />
      <span class="tag">{label}</span>
    </span>
  );
}

function titleText({ description, path, model }: CompareState['prompt']): string {
  const source = `Model: ${model.ref} ${MODEL_FROM[model.from]}`;
  return [description, path, source, 'Select to open the file'].filter(Boolean).join('\n');
}
