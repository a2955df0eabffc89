import type { InputProblem } from '../../../src/protocol/compare.ts';
import { inputName } from '../../shared/inputs/input-path.ts';
import { useCompareState } from '../context.ts';
import { runBlocked } from '../run-blocked.ts';
import type { Column } from '../state.ts';

/** What has no value yet is asked for; only what is there can be wrong. */
function invalidWords({ path, message }: InputProblem): string {
  const name = inputName(path);
  return message === 'is missing' ? `Fill in ${name} to run.` : `Input ${name}: ${message}`;
}

/** A column before its first run says the one next step. */
export function ColumnEmpty({ column: { version } }: { column: Column }) {
  const blocked = useCompareState(runBlocked);
  const invalid = useCompareState((state) => (version ? undefined : state.inputProblems[0]));
  const { problem } = version ?? {};
  if (problem) return <div class="column-empty dim">{[problem.message, problem.hint].filter(Boolean).join(' ')}</div>;
  const next = blocked ?? (invalid && invalidWords(invalid));
  return <div class="column-empty dim">{next ?? 'Press Ctrl+Enter to run.'}</div>;
}
