import { Icon } from '../../../shared/controls/icon.tsx';
import { isStale } from '../../derived.ts';
import type { Run } from '../../state.ts';
import { staleWords } from '../../words.ts';

/** Shown above an outdated answer: what has changed since. */
export function StaleNote({ run }: { run: Run }) {
  if (!isStale(run)) return null;
  const words = staleWords(run);
  return (
    <p class="stale-note" title={words}>
      <Icon name="history" />
      <span>{words}</span>
    </p>
  );
}
