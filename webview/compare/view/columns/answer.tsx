import { columnName } from '../../describe-column.ts';
import type { Column, Run } from '../../state.ts';
import type { AnswerTab } from '../../ui-state.ts';
import { DiffView } from '../diff-view.tsx';
import { JsonAnswer } from '../figures/json-answer.tsx';
import { AnswerText } from './answer-text.tsx';

interface AnswerProps {
  column: Column;
  run: Run;
  tab: AnswerTab;
  onDrawn: () => void;
}

/** The answer in the selected format. */
export function Answer({ column, run, tab, onDrawn }: AnswerProps) {
  if (tab === 'diff') return <DiffView column={column} run={run} onDrawn={onDrawn} />;
  if (tab === 'json') return <JsonAnswer column={column} run={run} onDrawn={onDrawn} />;
  const as = tab === 'markdown' ? 'markdown' : 'text';
  return <AnswerText run={run} as={as} label={`Answer of ${columnName(column)}`} onDrawn={onDrawn} />;
}
