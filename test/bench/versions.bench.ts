import path from 'node:path';
import { diskFiles } from '../../src/core/base/files/disk-files.ts';
import { createVersions } from '../../src/core/versions/create-versions.ts';
import type { Versions } from '../../src/core/versions/versions.ts';
import {
  COMMITS,
  LONG,
  LONG_ALONE,
  makeLargeRepository,
  PARTIALS,
  PROMPTS,
  partialPath,
  promptPath,
  SAVED,
} from './large-repository.ts';

// Prompts' histories in a large repository, beside what bare git takes in the same run. Run: npm run bench -- versions

const REPEATS = 9;

const making = performance.now();
using repository = await makeLargeRepository();
const { root, env, git } = repository;
console.log(`made ${COMMITS} commits and ${PROMPTS} prompts in ${((performance.now() - making) / 1000).toFixed(1)} s`);

const open = (): Versions =>
  createVersions({
    folder: root,
    trusted: () => true,
    gitPath: () => undefined,
    env,
    files: diskFiles,
    log: { debug() {}, info() {}, warn: console.warn, error: console.error },
    now: Date.now,
    get store(): never {
      throw new Error('This bench reads no results.');
    },
  });

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function report(name: string, value: number, { unit, target }: { unit: string; target?: string }): void {
  console.log(JSON.stringify({ name, value: Math.round(value * 100) / 100, unit, ...(target ? { target } : {}) }));
}

/** In turns, so that what else the machine does falls on both alike. */
async function measureFirstPage(
  what: string,
  { prompts, calls }: { prompts: number[]; calls: boolean },
): Promise<void> {
  const [bare, cold, warm]: [number[], number[], number[]] = [[], [], []];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const n = prompts[repeat % prompts.length] ?? 0;
    const partials = calls ? [partialPath(n % PARTIALS), partialPath((n + 7) % PARTIALS)] : [];
    const versions = open();
    await versions.state();
    const read = async () => {
      const { versions: found } = await versions.history.list(path.join(root, promptPath(n)));
      if (found.length < 15) throw new Error(`Only ${found.length} versions of ${promptPath(n)}.`);
    };
    bare.push(
      await timed(() => [promptPath(n), ...partials].map((file) => git('log', '--follow', '-n', '50', '--', file))),
    );
    cold.push(await timed(read));
    warm.push(await timed(read));
    await versions.dispose();
  }
  report(`first page, ${what}: bare git log --follow -n 50, sum, p50`, median(bare), { unit: 'ms' });
  report(`first page, ${what}: p50`, median(cold), { unit: 'ms' });
  report(`first page, ${what}: read again, p50`, median(warm), { unit: 'ms' });
  const ratio = median(cold.map((ms, index) => ms / (bare[index] ?? Number.NaN)));
  report(`first page, ${what}: ratio to bare git`, ratio, { unit: '×', target: '≤ 1.5' });
}

/** Long after the caches are full, memory must stand still. */
async function measurePaging(): Promise<void> {
  const versions = open();
  const used: number[] = [];
  const times: number[] = [];
  let cursor: string | undefined;
  let count = 0;
  do {
    const options = cursor === undefined ? {} : { cursor };
    const start = performance.now();
    const page = await versions.history.list(path.join(root, promptPath(LONG)), options);
    times.push(performance.now() - start);
    count += page.versions.length;
    cursor = page.next;
    globalThis.gc?.();
    used.push(process.memoryUsage().heapUsed / 2 ** 20);
  } while (cursor !== undefined);
  await versions.dispose();
  const half = used[used.length >> 1] ?? Number.NaN;
  report('paging: versions in the whole history', count, { unit: '' });
  report('paging: a page of 50, p50', median(times), { unit: 'ms' });
  report('paging: the slowest page', Math.max(...times), { unit: 'ms' });
  report('paging: heap after the last page', used.at(-1) ?? Number.NaN, { unit: 'MiB' });
  report('paging: growth of the heap over the second half', (used.at(-1) ?? 0) - half, { unit: 'MiB', target: '≤ 8' });
}

/** What the Prompts view waits for before it shows rows: in a process that has read nothing yet, and after a commit. */
async function measureFirstPaint(): Promise<void> {
  const cold: number[] = [];
  const again: number[] = [];
  const paint = async (versions: Versions) => {
    const state = await versions.state();
    const [labels, tags, changed] = await Promise.all([
      versions.labels.list(),
      versions.saves.tags(),
      versions.saves.changedFiles(),
    ]);
    if (state.kind !== 'ready' || labels.length !== SAVED || tags.size !== SAVED || changed.size !== 0) {
      throw new Error('The bench’s repository is not as it was made.');
    }
  };
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const versions = open();
    cold.push(await timed(() => paint(versions)));
    again.push(await timed(() => paint(versions)));
    await versions.dispose();
  }
  report('state, labels, saved versions and changed files of 500 prompts, p50', median(cold), {
    unit: 'ms',
    target: '≤ 500',
  });
  report('the same once more, p50', median(again), { unit: 'ms', target: '≤ 500' });
}

async function measureRest(): Promise<void> {
  const versions = open();
  await versions.state();
  const file = path.join(root, promptPath(3));
  report('names of all prompts, first', await timed(() => versions.names.list()), { unit: 'ms' });
  report('names of all prompts, again', await timed(() => versions.names.list()), { unit: 'ms' });
  report('a label resolved and read', await timed(() => versions.names.resolve(`${file}@production`)), { unit: 'ms' });
  report('state of one prompt in the work tree', await timed(() => versions.saves.workingState(file)), { unit: 'ms' });
  report('blame of one prompt', await timed(() => versions.history.blame(file)), { unit: 'ms' });
  report('changes of the last 200 commits', await timed(() => versions.history.changesBetween('HEAD~200', 'HEAD')), {
    unit: 'ms',
  });
  await versions.dispose();
}

await measureFirstPaint();
const usual = Array.from({ length: REPEATS }, (_, n) => 2 + n * 50);
await measureFirstPage('a prompt with 2 partials', { prompts: usual, calls: true });
await measureFirstPage('a prompt that changes often, with 2 partials', { prompts: [LONG], calls: true });
await measureFirstPage('a prompt without partials', { prompts: usual.map((n) => n + 1), calls: false });
await measureFirstPage('a prompt that changes often, without partials', { prompts: [LONG_ALONE], calls: false });
await measureRest();
await measurePaging();
