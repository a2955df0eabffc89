import { formatTokens, formatUsd } from '../../shared/format.ts';
import { Icon, IconButton } from '../../shared/icon.tsx';
import { Button, Dropdown } from '../../ui.ts';
import { useCompare, useCompareState, useUi } from '../context.ts';
import { bestOf, totalsOf } from '../derived.ts';
import { runBlocked } from '../run-blocked.ts';
import type { CompareState } from '../state.ts';

const REPEATS = [1, 2, 3, 5, 10, 20, 50];
const MODEL_FROM = { file: 'from the file', setting: 'from the settings', default: 'by default' } as const;

/** What is compared, the run's controls, and what it costs in all. */
export function Header({ onKeys }: { onKeys: () => void }) {
  const { ui } = useCompare();
  const folded = useUi((state) => state.formFolded);
  return (
    <section class="header" data-region="header" aria-label="Comparison">
      <IconButton
        icon={folded ? 'layout-sidebar-left-off' : 'layout-sidebar-left'}
        label={folded ? 'Show the inputs' : 'Hide the inputs'}
        expanded={!folded}
        onClick={() => ui.update((state) => ({ ...state, formFolded: !folded }))}
      />
      <Title />
      <RunControls />
      <div class="header-end">
        <Sum />
        <IconButton icon="keyboard" label="Keys" title="Keys (?)" popup="dialog" onClick={onKeys} />
      </div>
    </section>
  );
}

function Title() {
  const { call } = useCompare();
  const prompt = useCompareState((state) => state.prompt);
  const history = useCompareState((state) => state.history);
  return (
    <h1 class="title">
      <button type="button" class="link-button" title={titleText(prompt)} onClick={() => call('prompt.open', {})}>
        {prompt.label}
      </button>
      {history ? <span class="tag">history</span> : prompt.dirty && <span class="tag">unsaved edits</span>}
      <span class="dim model-source">
        {prompt.model.ref} {MODEL_FROM[prompt.model.from]}
      </span>
    </h1>
  );
}

function titleText({ description, path, model }: CompareState['prompt']): string {
  const source = `Model: ${model.ref} ${MODEL_FROM[model.from]}`;
  return [description, path, source, 'Click to open the file'].filter(Boolean).join('\n');
}

function RunControls() {
  const { call } = useCompare();
  const running = useCompareState((state) => state.running);
  const blocked = useCompareState(runBlocked);
  const repeat = useCompareState((state) => state.repeat);
  const amounts = REPEATS.includes(repeat) ? REPEATS : [...REPEATS, repeat].sort((a, b) => a - b);
  return (
    <div class="run-controls">
      <Button
        appearance="primary"
        disabled={blocked !== undefined}
        title={blocked ?? 'Run all columns (Ctrl+Enter)'}
        onClick={() => call('run.start', {})}
      >
        <Icon name="play" slot="start" />
        Run
      </Button>
      <Button
        appearance="secondary"
        disabled={!running}
        title={running ? 'Stop all runs; what has arrived is kept' : 'Nothing is running'}
        onClick={() => call('run.stop', {})}
      >
        <Icon name="debug-stop" slot="start" />
        Stop
      </Button>
      <Dropdown
        class="repeat"
        title="How often each column runs"
        aria-label="Repeats"
        value={String(repeat)}
        options={amounts.map((amount) => ({ value: String(amount), label: `× ${amount}` }))}
        onValue={(value) => call('repeat.set', { repeat: Number(value) })}
      />
    </div>
  );
}

/** What was spent without a limit gives way where there is little room: the status bar has it too. */
function spentClass({ perDayUsd, spentTodayUsd = 0 }: CompareState['budget']): string {
  if (perDayUsd === undefined) return 'dim unlimited';
  return spentTodayUsd >= perDayUsd ? 'over' : 'dim';
}

function Sum() {
  const columns = useCompareState((state) => state.columns);
  const budget = useCompareState((state) => state.budget);
  const totals = totalsOf(columns, bestOf(columns));
  return (
    <div class="sum">
      {budget.spentTodayUsd !== undefined && (
        <span class={spentClass(budget)}>
          today {formatUsd(budget.spentTodayUsd)}
          {budget.perDayUsd !== undefined && ` of ${formatUsd(budget.perDayUsd)}`}
        </span>
      )}
      {totals.tokens !== undefined && (
        <span class="run-sum" title="Cost and tokens of the runs in the columns">
          Σ {formatUsd(totals.costUsd, totals.estimated)} · {formatTokens(totals.tokens, totals.estimated)} tok
        </span>
      )}
    </div>
  );
}
