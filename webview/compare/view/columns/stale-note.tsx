import { Icon } from '../../../shared/controls/icon.tsx';
import { isStale } from '../../derived.ts';
import { describeStale } from '../../describe-run.ts';
import type { Run } from '../../state.ts';

/** Shown above an outdated answer: what has changed since. */
export function StaleNote({ run }: { run: Run }) {
  if (!isStale(run)) return null;
  const text = describeStale(run);
  return (
    <p class="stale-note" title={text}>
      <Icon name="history" />
      <span class="truncated">{text}</span>
    </p>
  );
}
