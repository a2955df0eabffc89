import { inject } from 'vitest';
import type { SharedBed } from './global-setup.ts';

/** The server and the browser of this worker. */
export function sharedBed(): SharedBed {
  const worker = process.env.VITEST_POOL_ID ?? '1';
  const bed = inject('beds')[worker];
  if (!bed) throw new Error(`No server was started for worker ${worker}.`);
  return bed;
}
