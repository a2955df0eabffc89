import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { createJobs } from '../../../src/core/jobs/create-jobs.ts';
import type { Store } from '../../../src/core/store/store.ts';
import { eventually } from '../eventually.ts';
import { spawnWriter } from './child-processes.ts';
import { makeRun, makeStreamingRun } from './make-run.ts';
import { createStoreFolder, SILENT_LOG } from './temporary-store.ts';

function ask(path: string, sql: string): unknown[] {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db
      .prepare(sql)
      .all()
      .map((row) => Object.values(row)[0]);
  } finally {
    db.close();
  }
}

/** A window with these active runs; returns a function that ends one of them. */
function startRunJobs(store: Store, heartbeatMs: number, ids: string[]): (id: string) => void {
  const options = { kinds: {}, log: SILENT_LOG, owner: 'window', now: Date.now, newId: () => '', heartbeatMs };
  const jobs = createJobs({ store, ...options });
  const ends = new Map(ids.map((id) => [id, Promise.withResolvers<void>()]));
  for (const id of ids)
    jobs.start({ kind: 'run', id, journal: false }, () => ends.get(id)?.promise ?? Promise.resolve());
  return (id) => ends.get(id)?.resolve();
}

it('lets two processes create and write one file at once, and keeps the rows of both', async () => {
  await using folder = await createStoreFolder();
  await using a = spawnWriter(folder.path, 'a', 10);
  await using b = spawnWriter(folder.path, 'b', 10);
  await Promise.all([a.exit(), b.exit()]);
  expect([a.stderr(), b.stderr()]).toEqual(['', '']);
  const store = await folder.open();
  expect((await store.status()).runs).toBe(402);
  expect(await store.runs.list({ filter: { search: 'probably' }, limit: 1000 })).toHaveLength(400);
});

it('loses no acknowledged run and stays valid when a process is killed while it writes', async () => {
  await using folder = await createStoreFolder();
  for (let round = 0; round < 4; round++) {
    await using writer = spawnWriter(folder.path, `round-${round}`, 0);
    for (let line = 0; line < 3 + round * 5; line++) await writer.nextLine();
    writer.process.kill('SIGKILL');
    await writer.exit();
    const acknowledged = Number(writer.lines().at(-1));
    expect(ask(folder.path, 'PRAGMA integrity_check')).toEqual(['ok']);
    const [kept] = ask(folder.path, `SELECT count(*) FROM runs WHERE id LIKE 'round-${round}-%' AND state = 'done'`);
    expect(kept).toBeGreaterThanOrEqual(acknowledged);
  }
});

it('marks only the run of a closed window as interrupted, not that of an open one', async () => {
  await using folder = await createStoreFolder();
  await using dead = spawnWriter(folder.path, 'dead', 0);
  await dead.nextLine();
  dead.process.kill('SIGKILL');
  await dead.exit();
  const alive = await folder.open();
  folder.clock.now = Date.now() + 60_000;
  const staleBefore = folder.clock.now - 1000;
  const end = startRunJobs(alive, 20, ['alive']);
  await alive.runs.start([makeStreamingRun({ id: 'alive' })]);
  const third = await folder.open();
  expect(await third.runs.markInterrupted(staleBefore)).toEqual(['dead-streaming']);
  expect(await alive.runs.get('alive')).toMatchObject({ state: 'streaming' });
  end('alive');
});

it('sends heartbeats for streaming runs until they end, even if nothing arrives', async () => {
  await using folder = await createStoreFolder();
  const store = await folder.open();
  const heartbeats = () => ask(folder.path, 'SELECT heartbeat FROM jobs ORDER BY id');
  const end = startRunJobs(store, 10, ['ends', 'goes-on']);
  await store.runs.start([makeStreamingRun({ id: 'ends' }), makeStreamingRun({ id: 'goes-on' })]);
  folder.clock.now = 5_000_000;
  await eventually(() => expect(heartbeats()).toEqual([5_000_000, 5_000_000]));
  await store.runs.finish([makeRun({ id: 'ends' })]);
  end('ends');
  folder.clock.now = 6_000_000;
  await eventually(() => expect(heartbeats()).toEqual([6_000_000]));
  end('goes-on');
});

it('shows the runs of one window in the other immediately', async () => {
  await using folder = await createStoreFolder();
  const [a, b] = [await folder.open(), await folder.open()];
  const run = makeRun();
  await a.runs.finish([run]);
  expect(await b.runs.get(run.id)).toStrictEqual(run);
  await b.runs.rate(run.id, { rating: 'up', note: undefined });
  expect(await a.runs.list({ filter: { rating: 'up' }, limit: 10 })).toHaveLength(1);
});
