import { Icon } from '../../../shared/controls/icon.tsx';
import { Button } from '../../../ui.ts';
import { useCompare, useCompareState } from '../../context.ts';
import { columnName } from '../../describe-column.ts';
import { runBlockedReason } from '../../run-blocked.ts';
import type { Column, Run } from '../../state.ts';
import { ErrorAction } from '../banners.tsx';

/** Explains a run that did not finish normally, and what to do about it. */
export function RunEnd({ column, run }: { column: Column; run: Run }) {
  const { texts } = useCompare().session;
  const empty = texts.get(run.runId, 'text') === '';
  if (run.state === 'failed' && run.error) {
    return (
      <section class="run-error" aria-label={`Error of ${columnName(column)}`}>
        <p>
          <Icon name="error" /> {run.error.message}
        </p>
        {run.error.hint && <p>{run.error.hint}</p>}
        {!empty && run.error.code !== 'stream-cut' && <p class="dim">The text received so far is kept above.</p>}
        <div class="error-actions">
          <ErrorAction error={run.error} />
          {run === column.runs.at(-1) && <RunAgain column={column} />}
        </div>
      </section>
    );
  }
  if (run.state === 'stopped') {
    const why =
      run.error?.message ??
      (empty ? 'Stopped before any text was received.' : 'Stopped. The text received so far is kept.');
    return <p class="hint dim">{[why, run.error?.hint].filter(Boolean).join(' ')}</p>;
  }
  if (run.state === 'interrupted') {
    return (
      <p class="hint dim">
        The window was closed during this run. The text received so far is kept. Run the column again for a full answer.
      </p>
    );
  }
  if (run.state === 'done' && empty && run.toolCalls.length === 0) {
    return <p class="hint dim">The model returned no text.</p>;
  }
  return null;
}

function RunAgain({ column: { id: columnId } }: { column: Column }) {
  const { call } = useCompare();
  const blocked = useCompareState((state) => runBlockedReason({ ...state, running: false }));
  return (
    <Button
      appearance="secondary"
      disabled={blocked !== undefined}
      title={blocked ?? 'Run This Column Again'}
      onClick={() => call('run.start', { columnId })}
    >
      Run Again
    </Button>
  );
}
