import { inputName } from '../../shared/inputs/input-path.ts';
import { useCompareState } from '../context.ts';
import { runBlocked } from '../run-blocked.ts';
import type { Column } from '../state.ts';

/** A column before its first run says the one next step. */
export function ColumnEmpty({ column: { version } }: { column: Column }) {
  const blocked = useCompareState(runBlocked);
  const invalid = useCompareState((state) => (version ? undefined : state.inputProblems[0]));
  const { problem } = version ?? {};
  if (problem) return <div class="column-empty dim">{[problem.message, problem.hint].filter(Boolean).join(' ')}</div>;
  const next = blocked ?? (invalid ? `Input ${inputName(invalid.path)}: ${invalid.message}` : undefined);
  return <div class="column-empty dim">{next ?? 'Press Ctrl+Enter to run.'}</div>;
}
