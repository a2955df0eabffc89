import { useEffect, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../../src/shared/format.ts';
import { drawDiff } from '../../shared/diff/draw-diff.ts';
import { Dropdown } from '../../shared/dropdown/dropdown.tsx';
import { cancelDraw, requestDraw } from '../../shared/frame/frame.ts';
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
        <DiffText key={`${otherRun.runId}:${run.runId}`} before={otherRun} after={run} />
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

function DiffText({ before, after }: { before: Run; after: Run }) {
  const { texts } = useCompare().session;
  const root = useRef<HTMLDivElement>(null);
  const [result, setResult] = useState<{ coarse: number; changed: boolean } | undefined>(undefined);
  const [one, two] = [texts.get(before.runId, 'text'), texts.get(after.runId, 'text')];
  useEffect(() => {
    if (!root.current) return;
    const onDone = (coarse: number, changed: boolean) => setResult({ coarse, changed });
    const task = drawDiff(root.current, { before: one, after: two, onDone });
    requestDraw(task);
    return () => cancelDraw(task);
  }, [one, two]);
  return (
    <>
      {result === undefined && <p class="hint dim">Comparing…</p>}
      {result?.changed === false && <p class="hint">The two answers are the same.</p>}
      {result !== undefined && result.coarse > 0 && (
        <p class="hint dim">
          {formatCount(result.coarse, 'passage')} too long or too different to compare by word, so compared by line.
        </p>
      )}
      <div ref={root} class="diff" dir="auto" />
    </>
  );
}
