import { describe, expect, it, vi } from 'vitest';
import { UserError } from '../../../src/core/base/errors.ts';
import { createJobs, type JobKind, type Jobs } from '../../../src/core/jobs/create-jobs.ts';
import { type JobContext, type JobEvent, WINDOW_CLOSED } from '../../../src/core/jobs/job.ts';
import type { Store } from '../../../src/core/store/store.ts';
import { eventually } from '../eventually.ts';
import { createStoreFolder, SILENT_LOG, type StoreFolder } from '../store/temporary-store.ts';

let ids = 0;

/** The jobs of one window on a folder's database, with its own store. */
async function openWindow(
  folder: StoreFolder,
  owner: string,
  kinds: Record<string, JobKind> = {},
  onOthersEnded?: () => void,
): Promise<{ jobs: Jobs; store: Store }> {
  const store = await folder.open();
  const newId = () => `job-${++ids}`;
  const now = () => folder.clock.now;
  return {
    jobs: createJobs({ store, kinds, log: SILENT_LOG, owner, now, newId, heartbeatMs: 20, onOthersEnded }),
    store,
  };
}

/** Ends only when it is cancelled. */
const untilCancelled = ({ signal }: JobContext<never>) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

const stateOf = async (store: Store, id: string) => (await store.jobs.get(id))?.state;

describe('a job', () => {
  it('returns its events and its result, and is in the journal from start to end', async () => {
    await using folder = await createStoreFolder();
    const { jobs, store } = await openWindow(folder, 'one');
    const go = Promise.withResolvers<void>();
    const job = jobs.start<{ type: 'case'; n: number }, string>(
      { kind: 'evaluation', detail: { file: 'a.eval.yaml' } },
      async ({ emit, report }) => {
        emit({ type: 'case', n: 1 });
        report({ done: 1, total: 2, costUsd: 0.5 });
        await go.promise;
        return 'well';
      },
    );
    await eventually(async () => {
      const entry = await store.jobs.get(job.id);
      expect(entry).toMatchObject({
        kind: 'evaluation',
        state: 'running',
        owner: 'one',
        detail: { file: 'a.eval.yaml' },
      });
    });
    go.resolve();
    expect(await job.result).toBe('well');
    const events: JobEvent<{ type: 'case'; n: number }>[] = [];
    for await (const event of job.events) events.push(event);
    expect(events).toMatchObject([{ type: 'case' }, { type: 'job-progress', progress: { done: 1, total: 2 } }]);
    await eventually(async () =>
      expect(await store.jobs.get(job.id)).toMatchObject({ state: 'done', progress: { done: 1, costUsd: 0.5 } }),
    );
  });

  it('that fails rejects with its own error, which the journal contains too', async () => {
    await using folder = await createStoreFolder();
    const { jobs, store } = await openWindow(folder, 'one');
    const error = new UserError('The index cannot be written.', { code: 'store' });
    const job = jobs.start({ kind: 'index' }, () => Promise.reject(error));
    await expect(job.result).rejects.toBe(error);
    await eventually(async () =>
      expect(await store.jobs.get(job.id)).toMatchObject({ state: 'failed', error: { message: error.message } }),
    );
  });

  it('is cancelled at once in its own window, and with the next heartbeat from another one', async () => {
    await using folder = await createStoreFolder();
    const [one, other] = [await openWindow(folder, 'one'), await openWindow(folder, 'other')];
    const here = one.jobs.start({ kind: 'upload' }, untilCancelled);
    const there = one.jobs.start({ kind: 'upload' }, untilCancelled);
    await eventually(async () => expect(await stateOf(other.store, there.id)).toBe('running'));
    await one.jobs.cancel(here.id);
    await other.jobs.cancel(there.id);
    for (const job of [here, there]) {
      await expect(job.result).rejects.toThrow();
      await eventually(async () => expect(await stateOf(one.store, job.id)).toBe('cancelled'));
    }
  });
});

describe('a job whose window was closed', () => {
  it('is resumed from its cursor by one of the opening windows, if its kind can be resumed', async () => {
    await using folder = await createStoreFolder();
    const dead = await folder.open();
    await dead.jobs.start({ id: 'build', kind: 'index', owner: 'dead', detail: { index: 'docs' } });
    await dead.jobs.save({ id: 'build', owner: 'dead' }, { cursor: { file: 7 }, remoteId: 'r-1' });
    folder.clock.now += 60_000;
    const resumed: unknown[] = [];
    const index: JobKind = {
      async resume({ cursor, remoteId, detail }, { saveCursor }) {
        resumed.push({ cursor, remoteId, detail });
        await saveCursor({ file: 9 });
      },
    };
    const windows = await Promise.all(['a', 'b'].map((owner) => openWindow(folder, owner, { index })));
    await Promise.all(windows.map(({ jobs }) => jobs.recover()));
    await eventually(async () => expect(await stateOf(dead, 'build')).toBe('done'));
    expect(resumed).toEqual([{ cursor: { file: 7 }, remoteId: 'r-1', detail: { index: 'docs' } }]);
    expect((await dead.jobs.get('build'))?.cursor).toEqual({ file: 9 });
  });

  it('is interrupted if its kind is unknown or cannot be resumed, and an active one is not affected', async () => {
    await using folder = await createStoreFolder();
    const { jobs, store } = await openWindow(folder, 'one');
    await store.jobs.start({ id: 'dead', kind: 'upload', owner: 'gone', detail: undefined });
    folder.clock.now += 60_000;
    const alive = jobs.start({ kind: 'upload' }, untilCancelled);
    await eventually(async () => expect(await stateOf(store, alive.id)).toBe('running'));
    await (await openWindow(folder, 'later')).jobs.recover();
    expect(await store.jobs.get('dead')).toMatchObject({ state: 'interrupted', endedAt: 2_000_000 });
    expect(await stateOf(store, alive.id)).toBe('running');
    alive.cancel();
    await expect(alive.result).rejects.toThrow();
  });

  it('is interrupted by a window that stays open, and an end in another window is noticed', async () => {
    await using folder = await createStoreFolder();
    const other = await folder.open();
    for (const id of ['lost', 'ending'])
      await other.jobs.start({ id, kind: 'upload', owner: 'other', detail: undefined });
    const noticed = vi.fn();
    const { jobs, store } = await openWindow(folder, 'one', {}, noticed);
    await jobs.recover();
    expect(noticed).not.toHaveBeenCalled();
    await other.jobs.end({ id: 'ending', owner: 'other' }, 'done');
    folder.clock.now += 50;
    await eventually(() => expect(noticed).toHaveBeenCalledTimes(1));
    expect(await stateOf(store, 'lost')).toBe('running');
    folder.clock.now += 60_000;
    await eventually(async () => expect(await stateOf(store, 'lost')).toBe('interrupted'));
    await eventually(() => expect(noticed).toHaveBeenCalledTimes(2));
  });

  it('is interrupted at once if the window closed properly, so that the next window need not wait', async () => {
    await using folder = await createStoreFolder();
    const { jobs, store } = await openWindow(folder, 'one');
    const job = jobs.start({ kind: 'index' }, untilCancelled);
    job.cancel(WINDOW_CLOSED);
    await expect(job.result).rejects.toBe(WINDOW_CLOSED);
    await eventually(async () => expect(await stateOf(store, job.id)).toBe('interrupted'));
  });

  it('ends in a window that returns after another one took it over, and writes nothing more', async () => {
    await using folder = await createStoreFolder();
    const asleep = await openWindow(folder, 'asleep');
    const job = asleep.jobs.start({ kind: 'index' }, untilCancelled);
    await eventually(async () => expect(await stateOf(asleep.store, job.id)).toBe('running'));
    const awake = await folder.open();
    const [taken] = await awake.jobs.claimStale('index', 'awake', Number.MAX_SAFE_INTEGER);
    expect(taken?.id).toBe(job.id);
    await expect(job.result).rejects.toThrow();
    await asleep.store.jobs.save({ id: job.id, owner: 'asleep' }, { cursor: 'late' });
    expect(await awake.jobs.get(job.id)).toMatchObject({ state: 'running', owner: 'awake', cursor: undefined });
  });
});
