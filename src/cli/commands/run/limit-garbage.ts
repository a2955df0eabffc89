import v8 from 'node:v8';
import vm from 'node:vm';
import { lazy } from '../../../core/base/lazy.ts';
import type { RunEvent } from '../../../core/runs/events.ts';

/** What is thrown away is collected each time so many characters have come; no ordinary answer has as many. */
const COLLECT_EVERY = 2_000_000;

/**
 * Keeps what a run has thrown away from filling the memory; its caller shows it every event. A fast stream makes garbage
 * all the time, for which the engine would make the space for new objects larger and larger, to 128 MB, and gain nothing,
 * as hardly anything outlives a chunk: from now on that space does not grow. And an answer of megabytes leaves several
 * times its size behind, the last of it when its pieces become one text, just before that goes to the database.
 */
export function createGarbageLimit(): (event: RunEvent) => void {
  // Electron's engine may have its flags frozen, and takes a change for a fatal error.
  if (process.versions.electron !== undefined) return () => {};
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  const collector = lazy(findCollector);
  let arrived = 0;
  return (event) => {
    if (event.type === 'text-delta' || event.type === 'reasoning-delta') arrived += event.text.length;
    if (arrived < COLLECT_EVERY && !(collector.made() && event.type === 'run-end')) return;
    arrived = 0;
    collector()();
  };
}

/** The function comes with a context, and this process's own was made without it. */
function findCollector(): () => void {
  v8.setFlagsFromString('--expose-gc');
  return vm.runInNewContext('gc');
}
