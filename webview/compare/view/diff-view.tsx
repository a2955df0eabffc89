import { DiffText } from '../../shared/diff/diff-text.tsx';
import { Dropdown } from '../../shared/dropdown/dropdown.tsx';
import { useCompare, useCompareState, useUi } from '../context.ts';
import { isLive, shownRun } from '../derived.ts';
import { columnName, columnTitle } from '../describe-column.ts';
import type { Column, Run } from '../state.ts';
import { changeColumnUi, columnUi } from '../ui-state.ts';
import { AnswerText } from './columns/answer-text.tsx';

/** The word-by-word differences from the answer of another column. */
export function DiffView({ column, run, onDrawn }: { column: Column; run: Run; onDrawn: () => void }) {
  const { ui } = useCompare();
  const columns = useCompareState((state) => state.columns);
  const against = useUi((state) => columnUi(state, column.id).against);
  const others = columns.filter((other) => other.id !== column.id);
  const other = others.find(({ id }) => id === against) ?? others[0];
  const otherUi = useUi((state) => (other ? columnUi(state, other.id).runId : undefined));
  const otherRun = other && shownRun(other, otherUi);
  if (!other) return null;
  const options = others.map((one) => ({
    value: one.id,
    label: `${columns.indexOf(one) + 1}: ${columnTitle(one, columns)}`,
  }));
  return (
    <>
      <div class="diff-head">
        <span>compared with</span>
        <Dropdown
          aria-label="Compare with column"
          value={other.id}
          options={options}
          onValue={(id) => changeColumnUi(ui, column.id, { against: id })}
        />
      </div>
      {otherRun && !isLive(otherRun) && !isLive(run) ? (
        <RunDiff key={`${otherRun.runId}:${run.runId}`} before={otherRun} after={run} />
      ) : (
        <>
          <p class="hint dim">
            {otherRun ? 'The diff is shown when both answers are complete.' : 'The other column has not run yet.'}
          </p>
          <AnswerText run={run} as="text" label={`Answer of ${columnName(column)}`} onDrawn={onDrawn} />
        </>
      )}
    </>
  );
}

function RunDiff({ before, after }: { before: Run; after: Run }) {
  const { texts } = useCompare().session;
  return (
    <DiffText
      before={texts.get(before.runId, 'text')}
      after={texts.get(after.runId, 'text')}
      same="The two answers are the same."
    />
  );
}
