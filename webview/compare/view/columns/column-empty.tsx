import type { InputProblem } from '../../../../src/protocol/compare.ts';
import { formatList } from '../../../../src/shared/format.ts';
import { inputName } from '../../../../src/shared/input-path.ts';
import { useCompareState } from '../../context.ts';
import { runBlockedReason } from '../../run-blocked.ts';
import type { Column } from '../../state.ts';

/** Describes the first invalid value, or else all missing values. */
function describeProblems(problems: InputProblem[]): string | undefined {
  const wrong = problems.find(({ message }) => message !== 'is missing');
  if (wrong) return `Input ${inputName(wrong.path)}: ${wrong.message}`;
  return problems.length > 0 ? `Fill in ${formatList(problems.map(({ path }) => inputName(path)))} to run.` : undefined;
}

/** A column before its first run shows the next step. */
export function ColumnEmpty({ column: { version } }: { column: Column }) {
  const blocked = useCompareState(runBlockedReason);
  const invalid = useCompareState((state) => (version ? undefined : describeProblems(state.inputProblems)));
  const { problem } = version ?? {};
  if (problem) return <div class="column-empty dim">{[problem.message, problem.hint].filter(Boolean).join(' ')}</div>;
  return <div class="column-empty dim">{blocked ?? invalid ?? 'Press Ctrl+Enter to run.'}</div>;
}
