import { useCompareState } from '../context.ts';
import { runBlocked } from '../run-blocked.ts';

/** A column before its first run says the one next step. */
export function ColumnEmpty() {
  const blocked = useCompareState(runBlocked);
  const invalid = useCompareState((state) => state.inputProblems[0]);
  const next = blocked ?? (invalid ? `Input ${invalid.path.replace(/^\$\.?/, '')}: ${invalid.message}` : undefined);
  return <div class="column-empty dim">{next ?? 'Press Ctrl+Enter to run.'}</div>;
}
