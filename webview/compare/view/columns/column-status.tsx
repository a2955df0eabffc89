import { useRef } from 'preact/hooks';
import { formatTokens, formatUsd } from '../../../../src/shared/format.ts';
import { Amount } from '../../../shared/controls/amount.tsx';
import { Icon } from '../../../shared/controls/icon.tsx';
import { useTickingText } from '../../../shared/use-ticking-text.ts';
import { useCompare, useUi } from '../../context.ts';
import type { FigureName } from '../../derived.ts';
import { describeState, shortState } from '../../describe-run.ts';
import { overridesText } from '../../parameter-draft.ts';
import type { Column, Run } from '../../state.ts';
import { FigureDetails, FigureLine } from '../figures/figures.tsx';
import { Repeats } from './repeats.tsx';
import { RunNotes } from './run-notes.tsx';

interface StatusProps {
  column: Column;
  run: Run | undefined;
  best: ReadonlySet<FigureName>;
}

/** State and figures of the shown run in one line, or an estimate before the first run. Anything unusual is below. */
export function ColumnStatus({ column, run, best }: StatusProps) {
  const open = useUi((state) => state.figuresOpen === true);
  return (
    <div class="status">
      <div class="status-row">
        <StateLabel run={run} />
        {run ? <FigureLine run={run} best={best} /> : <Estimate column={column} />}
        <span class="spacer" />
        {run && <DetailsButton open={open} />}
      </div>
      {run && open && <FigureDetails column={column} run={run} best={best} />}
      {run?.retry && <Retry key={`${run.runId}:${run.retry.attempt}`} retry={run.retry} />}
      <Overrides column={column} />
      <Repeats column={column} run={run} />
      {run && <RunNotes run={run} />}
      <DemoNote column={column} run={run} />
    </div>
  );
}

/**
 * Common states are only an icon, so that the line has room for the figures. Screen readers get a text for each state.
 */
function StateLabel({ run }: { run: Run | undefined }) {
  const { label, icon } = describeState(run);
  const short = shortState(run);
  const title = [label, run?.finishReason && `Finish reason: ${run.finishReason}`];
  return (
    <span class={`state state-${run?.state ?? 'none'}`} title={title.filter(Boolean).join('\n')}>
      <Icon name={icon} spin={icon === 'loading'} />
      {short && <span aria-hidden="true">{short}</span>}
      <span class="visually-hidden">{label}</span>
    </span>
  );
}

/** Shows the figures of all columns at once, so that they can be compared. */
function DetailsButton({ open }: { open: boolean }) {
  const { ui } = useCompare();
  return (
    <button
      type="button"
      class="details-button"
      title={open ? 'Show Fewer Figures' : 'Show All Figures'}
      aria-label="Show All Figures"
      aria-expanded={open}
      onClick={() => ui.update((state) => ({ ...state, figuresOpen: !open }))}
    >
      <Icon name={open ? 'chevron-up' : 'chevron-down'} />
    </button>
  );
}

function Retry({ retry }: { retry: NonNullable<Run['retry']> }) {
  // Uses the clock of this page, because the host's may differ.
  const until = useRef(
    performance.now() + Math.max(0, Math.min(retry.waitMs, retry.since + retry.waitMs - Date.now())),
  );
  const what = retry.error.status ?? retry.error.message.replace(/\.$/, '');
  const element = useTickingText(() => {
    const seconds = Math.ceil((until.current - performance.now()) / 1000);
    return seconds > 0 ? `${what}, retrying in ${seconds} s` : `${what}, retrying`;
  }, true);
  return (
    <div class="retry" title={`${retry.error.message}\nAttempt ${retry.attempt}`}>
      <Icon name="history" /> <span ref={element} />
    </div>
  );
}

/** The parameters of this column that differ from the file. */
function Overrides({ column }: { column: Column }) {
  const overrides = overridesText(column.parameters, column.promptCaching);
  if (!overrides) return null;
  return (
    <div class="overrides truncated dim" title={overrides}>
      {overrides}
    </div>
  );
}

/** `≈205 in  ≈$0.0003  ≤ $0.012`. */
function Estimate({ column: { estimate } }: { column: Column }) {
  if (!estimate) return null;
  const { inputTokens, inputUsd, ceilingUsd, maxOutputTokens, simulated } = estimate;
  const limit = maxOutputTokens === undefined ? 'maximum length' : `${formatTokens(maxOutputTokens)} tokens`;
  const lines = [
    `Estimated before the run: ${formatTokens(inputTokens, true)} input tokens, ${formatUsd(inputUsd, true)}`,
    ceilingUsd !== undefined && `At most ${formatUsd(ceilingUsd)} with an answer of ${limit}`,
  ];
  return (
    <span class="figures dim" title={lines.filter(Boolean).join('\n')}>
      <span>{formatTokens(inputTokens, true)} in</span>
      <span>
        <Amount text={formatUsd(inputUsd, true)} unknown="unknown cost of the" />
        <span class="visually-hidden"> input</span>
      </span>
      {ceilingUsd !== undefined && (
        <span>
          <span aria-hidden="true">≤</span>
          <span class="visually-hidden">at most</span> {formatUsd(ceilingUsd)}
          <span class="visually-hidden"> with the answer</span>
        </span>
      )}
      {simulated && <span class="visually-hidden">simulated</span>}
    </span>
  );
}

/** Marks answers of demo models, above the answer so that it is visible in every tab and scroll position. */
function DemoNote({ column, run }: { column: Column; run: Run | undefined }) {
  const { texts } = useCompare().session;
  if (!(run ?? column).simulated) return null;
  if (run?.state === 'failed' && texts.get(run.runId, 'text') === '') return null;
  return (
    <div class="demo-note truncated dim" title={'Demo models make up their answers, and their cost is simulated.'}>
      <span class="tag demo">demo</span> made up, simulated cost
    </div>
  );
}
