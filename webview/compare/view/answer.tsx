import { useMemo } from 'preact/hooks';
import { JsonTree } from '../../shared/json/json-tree.tsx';
import { parseAnswer } from '../../shared/json/parse-answer.ts';
import { useCompare } from '../context.ts';
import { isLive } from '../derived.ts';
import type { Column, Run } from '../state.ts';
import type { AnswerTab } from '../ui-state.ts';
import { columnName } from '../words.ts';
import { AnswerText } from './answer-text.tsx';
import { DiffView } from './diff-view.tsx';

interface AnswerProps {
  column: Column;
  run: Run;
  tab: AnswerTab;
  onDrawn: () => void;
}

/** The answer in the chosen form. Forms that need the whole text show it as text until it is there. */
export function Answer({ column, run, tab, onDrawn }: AnswerProps) {
  if (tab === 'diff') return <DiffView column={column} run={run} onDrawn={onDrawn} />;
  if (tab === 'json' && !isLive(run)) return <JsonAnswer column={column} run={run} onDrawn={onDrawn} />;
  return (
    <>
      {tab === 'json' && <p class="hint dim">The tree appears when the answer is complete.</p>}
      <AnswerText
        run={run}
        as={tab === 'markdown' ? 'markdown' : 'text'}
        label={`Answer of ${columnName(column)}`}
        onDrawn={onDrawn}
      />
    </>
  );
}

function JsonAnswer({ column, run, onDrawn }: Omit<AnswerProps, 'tab'>) {
  const { texts } = useCompare().session;
  const text = texts.get(run.runId, 'text');
  const parsed = useMemo(() => parseAnswer(text), [text]);
  if (parsed.ok)
    return <JsonTree key={run.runId} value={parsed.value} label={`Answer of ${columnName(column)} as a tree`} />;
  return (
    <>
      <p class="hint">{parsed.message}</p>
      <AnswerText run={run} as="text" label={`Answer of ${columnName(column)}`} onDrawn={onDrawn} />
    </>
  );
}
