import { expect, it } from 'vitest';
import { makeRun } from './make-run.ts';
import { createStoreFolder } from './temporary-store.ts';

const options = { olderThan: 200, keepRated: true };

it('reports its progress, and ends early if it is cancelled', async () => {
  await using folder = await createStoreFolder();
  const store = await folder.open();
  await store.runs.finish(Array.from({ length: 1_800 }, () => makeRun({ startedAt: 100 })));

  const control = new AbortController();
  const seen: unknown[] = [];
  const onProgress = (progress: unknown) => {
    seen.push(progress);
    control.abort();
  };
  const deleted = await store.during({ signal: control.signal, onProgress }).runs.purge(options);
  expect(seen[0]).toEqual({ done: 500, total: 1_800 });
  expect(deleted).toBeGreaterThanOrEqual(500);
  expect(deleted + (await store.status()).runs).toBe(1_800);

  expect(await store.runs.purge(options)).toBe(1_800 - deleted);
  await expect(store.during({ signal: AbortSignal.abort() }).runs.purge(options)).rejects.toMatchObject({
    name: 'AbortError',
  });
});
