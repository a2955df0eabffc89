import { formatSeconds, formatTokens, formatUsd } from '../../shared/format.ts';
import { IconButton } from '../../shared/icon.tsx';
import { useCompare } from '../context.ts';
import { repeatsOf } from '../derived.ts';
import type { Column, Run } from '../state.ts';
import { changeColumnUi } from '../ui-state.ts';
import { meanAndSpread } from '../words.ts';

/** For a column that ran several times: which of them is shown, and the mean and spread of all. */
export function Repeats({ column, run }: { column: Column; run: Run | undefined }) {
  const { ui } = useCompare();
  if (column.runs.length < 2 || !run) return null;
  const at = column.runs.indexOf(run);
  const show = (index: number) => changeColumnUi(ui, column.id, { runId: column.runs[index]?.runId });
  const all = repeatsOf(column);
  return (
    <div class="repeats">
      <div class="repeat-row">
        <IconButton icon="chevron-left" label="Run before" disabled={at <= 0} onClick={() => show(at - 1)} />
        <span>
          run {at + 1} of {column.runs.length}
        </span>
        <IconButton
          icon="chevron-right"
          label="Next run"
          disabled={at >= column.runs.length - 1}
          onClick={() => show(at + 1)}
        />
      </div>
      {all.finished > 0 && (
        <div class="figures" title={`Mean ± standard deviation over ${all.finished} finished of ${all.of} runs`}>
          <span class="dim">mean of {all.finished}</span>
          <span>{meanAndSpread(all.elapsedMs, formatSeconds)}</span>
          <span>
            <span class="dim">ttft</span> {meanAndSpread(all.ttftMs, formatSeconds)}
          </span>
          <span>
            <span class="dim">out</span> {meanAndSpread(all.outputTokens, formatTokens)}
          </span>
          <span>{meanAndSpread(all.costUsd, formatUsd)}</span>
        </div>
      )}
    </div>
  );
}
