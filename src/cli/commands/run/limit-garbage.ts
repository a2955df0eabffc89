import { lazy } from '../../../core/base/lazy.ts';
import type { RunEvent } from '../../../core/runs/events.ts';
import { findCollector } from '../../find-collector.ts';
import { limitNewSpace } from '../../limit-new-space.ts';

/** Garbage is collected after this many characters, which ordinary answers never reach. */
const COLLECT_EVERY = 2_000_000;

/**
 * Limits the memory that the garbage of a run takes; call it with every event. A fast stream creates garbage all the
 * time. An answer of megabytes leaves several times its size behind, the last part when its pieces are joined, just before
 * it goes to the database.
 */
export function createGarbageLimit(): (event: RunEvent) => void {
  limitNewSpace();
  const collector = lazy(findCollector);
  let arrived = 0;
  return (event) => {
    if (event.type === 'text-delta' || event.type === 'reasoning-delta') arrived += event.text.length;
    if (arrived < COLLECT_EVERY && !(collector.made() && event.type === 'run-end')) return;
    arrived = 0;
    collector()?.();
  };
}
