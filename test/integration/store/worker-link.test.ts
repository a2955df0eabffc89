import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { UserError } from '../../../src/core/base/errors.ts';
import { buildWorker } from './build-worker.ts';
import { makeRun } from './make-run.ts';
import { createStoreFolder, SILENT_LOG, WORKER_URL } from './temporary-store.ts';

const CRASHING_WORKER = await buildWorker(new URL('../../unit/store/crashing-worker.ts', import.meta.url));

for (const way of ['throw', 'exit']) {
  it(`rejects pending calls when the thread ends (${way}), starts it again on the next call, and reports it`, async () => {
    await using folder = await createStoreFolder();
    const errors: string[] = [];
    const log = { ...SILENT_LOG, error: (message: string) => void errors.push(message) };
    const store = await folder.open({ workerUrl: CRASHING_WORKER, log });
    await store.runs.finish([makeRun({ id: 'before' })]);

    const [crash, waiting] = await Promise.allSettled([
      store.state.get(way),
      store.runs.purge({ olderThan: 0, keepRated: true }),
    ]);
    expect(crash).toMatchObject({ status: 'rejected', reason: { code: 'store', hint: expect.any(String) } });
    expect(crash.status === 'rejected' && crash.reason).toBeInstanceOf(UserError);
    expect(crash.status === 'rejected' && crash.reason.message).toContain(folder.path);
    expect(waiting.status).toBe('rejected');
    expect(errors).toHaveLength(1);

    expect(await store.runs.get('before')).toMatchObject({ id: 'before' });
    expect(await store.status()).toMatchObject({ runs: 1, notices: [expect.stringContaining('stopped unexpectedly')] });
  });
}

it('gives up after the second crash, and can still be closed', async () => {
  await using folder = await createStoreFolder();
  const store = await folder.open({ workerUrl: CRASHING_WORKER });
  await expect(store.state.get('exit')).rejects.toThrow('stopped');
  await expect(store.state.get('exit')).rejects.toThrow('stopped');
  await expect(store.state.get('fine')).rejects.toMatchObject({
    code: 'store',
    message: expect.stringContaining('twice'),
  });
  await store.close();
});

it('rejects with the file in the message if the worker is missing', async () => {
  await using folder = await createStoreFolder();
  const opening = folder.open({ workerUrl: new URL('file:///nowhere/store-worker.js') });
  await expect(opening).rejects.toMatchObject({ code: 'store', message: expect.stringContaining(folder.path) });
});

it('keeps a process running while a call is pending, and not longer', async () => {
  await using folder = await createStoreFolder();
  const script = join(folder.folder, 'ask.ts');
  const open = fileURLToPath(new URL('../../../src/core/store/open-store.ts', import.meta.url));
  writeFileSync(
    script,
    `import { openStore } from ${JSON.stringify(open)};
     const log = { debug() {}, info() {}, warn() {}, error() {} };
     const store = await openStore({ path: process.argv[2], log, now: Date.now, workerUrl: new URL(process.argv[3]) });
     console.log(await store.ledger.spentUsd(0));`,
  );
  const ran = await promisify(execFile)(process.execPath, [script, folder.path, WORKER_URL.href]);
  expect(ran.stdout).toBe('0\n');
  expect(ran.stderr).not.toContain('SQLite');
});
