import { useMemo } from 'preact/hooks';
import { formatDuration, formatSpread, formatTokens, formatUsd } from '../../../../src/shared/format.ts';
import { markSimulated } from '../../../../src/shared/simulated-cost.ts';
import { Amount } from '../../../shared/controls/amount.tsx';
import { IconButton } from '../../../shared/controls/icon.tsx';
import { countRepeats, describeRepeats } from '../../answers/distinct-answers.ts';
import { useCompare, useUi } from '../../context.ts';
import { isLive, repeatsOf } from '../../derived.ts';
import type { Column, Run } from '../../state.ts';
import { changeColumnUi } from '../../ui-state.ts';

const WHAT_COUNTS =
  'Answers are the same if their text is, ignoring leading and trailing whitespace. JSON answers are the same if their values are.';

/** For a column that ran several times: the shown run, the agreement of answers, and mean and spread of the figures. */
export function Repeats({ column, run }: { column: Column; run: Run | undefined }) {
  const { ui } = useCompare();
  const counted = useRepeatSummary(column);
  if (column.runs.length < 2 || !run) return null;
  const at = column.runs.indexOf(run);
  const show = (index: number) => changeColumnUi(ui, column.id, { runId: column.runs[index]?.runId });
  const all = repeatsOf(column);
  return (
    <div class="repeats">
      <div class="repeat-row">
        <IconButton icon="chevron-left" label="Previous Run" disabled={at <= 0} onClick={() => show(at - 1)} />
        <span>
          run {at + 1} of {column.runs.length}
        </span>
        <IconButton
          icon="chevron-right"
          label="Next Run"
          disabled={at >= column.runs.length - 1}
          onClick={() => show(at + 1)}
        />
      </div>
      {counted.length > 0 && (
        <div class="repeat-counts" title={WHAT_COUNTS}>
          {counted.join(' · ')}
        </div>
      )}
      {all.finished > 0 && <Means all={all} />}
    </div>
  );
}

function Means({ all }: { all: ReturnType<typeof repeatsOf> }) {
  const open = useUi((state) => state.figuresOpen === true);
  return (
    <div class="figures" title={`Mean ± standard deviation over ${all.finished} finished of ${all.of} runs`}>
      <span class="dim">mean of {all.finished}</span>
      <span>{formatSpread(all.elapsedMs, formatDuration)}</span>
      <span>
        <Amount text={markSimulated(formatSpread(all.costUsd, formatUsd), all.simulated)} unknown="cost unknown" />
      </span>
      {open && (
        <>
          <span>
            <span class="dim">ttft</span> {formatSpread(all.ttftMs, formatDuration)}
          </span>
          <span>
            <span class="dim">out</span> {formatSpread(all.outputTokens, formatTokens)}
          </span>
        </>
      )}
    </div>
  );
}

/** Updated when a run has ended, not with each token. */
function useRepeatSummary({ runs }: Column): string[] {
  const { texts } = useCompare().session;
  const ended = runs.filter((run) => !isLive(run));
  const which = ended.map(({ runId, state, schemaCheck }) => `${runId} ${state} ${schemaCheck?.valid}`).join();
  return useMemo(
    () =>
      runs.length < 2 || ended.length === 0 ? [] : describeRepeats(countRepeats(ended, (id) => texts.get(id, 'text'))),
    [which],
  );
}
