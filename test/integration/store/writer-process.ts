import { openStore } from '../../../src/core/store/open-store.ts';
import { makeRun, makeStreamingRun } from './make-run.ts';

// Another window, for tests: writes runs in batches and prints how many were acknowledged. Arguments: database, worker,
// name, number of batches of 20 (0 writes until killed).

const [path = '', worker = '', name = '', batches = '0'] = process.argv.slice(2);
const log = { debug() {}, info() {}, warn: console.error, error: console.error };
const store = await openStore({ path, log, now: Date.now, workerUrl: new URL(worker) });
await store.runs.start([makeStreamingRun({ id: `${name}-streaming` })]);
for (let batch = 0; batches === '0' || batch < Number(batches); batch++) {
  const runs = Array.from({ length: 20 }, (_, n) => makeRun({ id: `${name}-${batch * 20 + n}` }));
  await store.runs.start(runs);
  await store.runs.finish(runs);
  process.stdout.write(`${(batch + 1) * 20}\n`);
}
await store.close();
