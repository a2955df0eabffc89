import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { diskFiles } from '../../src/core/base/disk-files.ts';
import { createVersions } from '../../src/core/versions/create-versions.ts';
import type { Versions } from '../../src/core/versions/versions.ts';

// Prompts' histories in a large repository, beside what bare git takes in the same run. Run: npm run bench -- versions

const COMMITS = 20_000;
const PROMPTS = 500;
const PARTIALS = 20;
const SAVED = 200;
/** Two prompts change in every eighth commit, so that their histories are long; the others share the rest. */
const LONG_EVERY = 8;
const REPEATS = 9;
const START = 1_700_000_000;

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'llmops-versions-bench-')));
const root = path.join(folder, 'work');
const env = { PATH: process.env.PATH, HOME: folder };
const git = (...args: string[]) => execFileSync('git', args, { cwd: root, env, encoding: 'utf8', maxBuffer: 2 ** 30 });

const folderOf = (n: number) => `prompts/team-${n % 25}`;
const promptPath = (n: number) => `${folderOf(n)}/prompt-${n}.prompt`;
const partialPath = (n: number) => `prompts/_partial-${n}.prompt`;
const LONG = 0;
const LONG_ALONE = 1;

const callsPartials = (n: number) => n % 2 === 0;

/** Every second prompt calls two partials, as a prompt does that shares its tone and its rules. */
function promptText(n: number, change: number): string {
  const head = `---\nmodel: openai/gpt-6\nconfig:\n  temperature: 0.${change % 10}\ninput:\n  schema:\n    question: string\n---\n`;
  const body = `Rule of prompt ${n}: answer briefly and name your sources.\n`.repeat(20);
  if (!callsPartials(n)) return `${head}${body}Change ${change}.\n{{question}}\n`;
  return `${head}{{> partial-${n % PARTIALS}}}\n${body}Change ${change}.\n{{> partial-${(n + 7) % PARTIALS}}}\n{{question}}\n`;
}

const partialText = (n: number, change: number) =>
  `Partial ${n}, change ${change}.\n${'Be kind and precise.\n'.repeat(10)}`;

/** What commit `n` changes; the first writes everything, and some rename a prompt. */
function filesOf(n: number): string[] {
  const write = (file: string, text: string) => `M 100644 inline ${file}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  if (n === 0) {
    const prompts = Array.from({ length: PROMPTS }, (_, one) => write(promptPath(one), promptText(one, 0)));
    const partials = Array.from({ length: PARTIALS }, (_, one) => write(partialPath(one), partialText(one, 0)));
    const sources = Array.from({ length: 2000 }, (_, one) =>
      write(`src/module-${one % 40}/file-${one}.ts`, `// ${one}\n`),
    );
    return [...prompts, ...partials, ...sources];
  }
  if (n % LONG_EVERY === 0) return [write(promptPath(LONG), promptText(LONG, n))];
  if (n % LONG_EVERY === 4) return [write(promptPath(LONG_ALONE), promptText(LONG_ALONE, n))];
  if (n % 100 === 1)
    return [write(partialPath(((n / 100) % PARTIALS) | 0), partialText(((n / 100) % PARTIALS) | 0, n))];
  if (n % 3 === 0) return [write(`src/module-${n % 40}/file-${n % 2000}.ts`, `// ${n}\n`)];
  const one = 2 + ((Math.floor(n / 3) * 7919) % (PROMPTS - 2));
  return [write(promptPath(one), promptText(one, n))];
}

async function makeRepository(): Promise<void> {
  execFileSync('git', ['init', '-q', '-b', 'main', root], { env });
  const child = spawn('git', ['fast-import', '--quiet'], { cwd: root, env, stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(child, 'close');
  for (let n = 0; n < COMMITS; n++) {
    const message = `Change ${n}`;
    const head = `commit refs/heads/main\ncommitter Ada <ada@example.org> ${START + n * 600} +0000\n`;
    const chunk = `${head}data ${message.length}\n${message}\n${filesOf(n).join('')}\n`;
    if (!child.stdin.write(chunk)) await once(child.stdin, 'drain');
  }
  for (let n = 0; n < SAVED; n++) {
    const message = `prompt ${n}\n\nPrompt-Path: ${promptPath(n)}\nPrompt-Content: ${'0'.repeat(64)}\n`;
    const tagger = `tagger Ada <ada@example.org> ${START + n} +0000\ndata ${message.length}\n${message}\n`;
    child.stdin.write(
      `tag prompt/${encodeURIComponent(promptPath(n).slice(0, -7))}/v1\nfrom refs/heads/main\n${tagger}`,
    );
    const move = `Label-Action: set\nPrompt-Path: ${promptPath(n)}\n`;
    const ref = `refs/llmops/labels/${encodeURIComponent(promptPath(n).slice(0, -7))}/production`;
    child.stdin.write(
      `commit ${ref}\ncommitter Ada <ada@example.org> ${START} +0000\ndata ${move.length}\n${move}from refs/heads/main\n\n`,
    );
  }
  child.stdin.end();
  await ended;
  git('reset', '-q', '--hard');
}

const open = (): Versions =>
  createVersions({
    folder: root,
    trusted: () => true,
    gitPath: () => undefined,
    env,
    files: diskFiles,
    log: { debug() {}, info() {}, warn: console.warn, error: console.error },
    now: Date.now,
    store: () => Promise.reject(new Error('This bench reads no results.')),
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
      const { versions: found } = await versions.history(path.join(root, promptPath(n)));
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
    const page = await versions.history(path.join(root, promptPath(LONG)), options);
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
      versions.labels(),
      versions.savedTags(),
      versions.changedFiles(),
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
  report('names of all prompts, first', await timed(() => versions.promptNames()), { unit: 'ms' });
  report('names of all prompts, again', await timed(() => versions.promptNames()), { unit: 'ms' });
  report('a label resolved and read', await timed(() => versions.resolve(`${file}@production`)), { unit: 'ms' });
  report('state of one prompt in the work tree', await timed(() => versions.workingState(file)), { unit: 'ms' });
  report('blame of one prompt', await timed(() => versions.blame(file)), { unit: 'ms' });
  report('changes of the last 200 commits', await timed(() => versions.changesBetween('HEAD~200', 'HEAD')), {
    unit: 'ms',
  });
  await versions.dispose();
}

try {
  const making = await timed(makeRepository);
  console.log(`made ${COMMITS} commits and ${PROMPTS} prompts in ${(making / 1000).toFixed(1)} s`);
  await measureFirstPaint();
  const usual = Array.from({ length: REPEATS }, (_, n) => 2 + n * 50);
  await measureFirstPage('a prompt with 2 partials', { prompts: usual, calls: true });
  await measureFirstPage('a prompt that changes often, with 2 partials', { prompts: [LONG], calls: true });
  await measureFirstPage('a prompt without partials', { prompts: usual.map((n) => n + 1), calls: false });
  await measureFirstPage('a prompt that changes often, without partials', { prompts: [LONG_ALONE], calls: false });
  await measureRest();
  await measurePaging();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
