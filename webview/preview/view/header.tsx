import { formatTokensExactly, formatUsd, formatUsdExactly } from '../../../src/shared/format.ts';
import { promptName } from '../../../src/shared/prompt-name.ts';
import { markSimulated } from '../../../src/shared/simulated-cost.ts';
import { Icon } from '../../shared/controls/icon.tsx';
import { KeysButton } from '../../shared/controls/keys-dialog.tsx';
import { Button } from '../../ui.ts';
import { usePreview, usePreviewState } from '../context.ts';

const FROM = { file: 'from the file', setting: 'from the settings', default: 'default' } as const;

export function Header({ onKeys }: { onKeys: () => void }) {
  const { call } = usePreview();
  const prompt = usePreviewState((state) => state.prompt);
  return (
    <header class="header" data-region="header">
      <h1 class="title">
        <button type="button" class="link-button truncated" title={prompt.path} onClick={() => call('prompt.open', {})}>
          {promptName(prompt.label)}
        </button>
        {prompt.dirty && <span class="dim">unsaved edits</span>}
        <span class="dim model-source truncated" title={`Model (${FROM[prompt.model.from]})`}>
          {prompt.model.ref}
        </span>
      </h1>
      <Sum />
      <div class="header-end">
        <Button
          appearance="secondary"
          title="Run on This Model (Ctrl+Enter)"
          onClick={() => call('prompt.run', undefined)}
        >
          <Icon name="play" slot="start" />
          Run
        </Button>
        <KeysButton onClick={onKeys} />
      </div>
    </header>
  );
}

/** The estimate for the whole request: messages, tools and the output schema. */
function Sum() {
  const estimate = usePreviewState((state) => state.rendered?.estimate);
  if (!estimate) return null;
  const { inputTokens, inputUsd, simulated } = estimate;
  const thousand = inputUsd === undefined ? undefined : inputUsd * 1000;
  const mark = (cost: string) => (inputUsd === undefined ? cost : markSimulated(cost, simulated));
  return (
    <div
      class="sum"
      title={`Estimated input (messages, tools and the output schema): ${mark(formatUsdExactly(inputUsd))} per run. The output is not included.`}
    >
      <span>{formatTokensExactly(inputTokens, true)} tok input</span>
      <span>{mark(`${formatUsd(thousand, true)} input / 1,000 runs`)}</span>
    </div>
  );
}
