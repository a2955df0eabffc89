import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A team's repository with 500 prompts and years of history: 20,000 commits. */
export const COMMITS = 20_000;
export const PROMPTS = 500;
export const PARTIALS = 20;
export const SAVED = 200;
/** Two prompts change in every eighth commit, so that their histories are long; the others share the rest. */
const LONG_EVERY = 8;
const START = 1_700_000_000;

const folderOf = (n: number) => `prompts/team-${n % 25}`;
export const promptPath = (n: number) => `${folderOf(n)}/prompt-${n}.prompt`;
export const partialPath = (n: number) => `prompts/_partial-${n}.prompt`;
/** Prompts with long histories: one that calls partials, and one that calls none. */
export const LONG = 0;
export const LONG_ALONE = 1;

const callsPartials = (n: number) => n % 2 === 0;

/** Every second prompt calls two partials, such as a shared tone and shared rules. */
function promptText(n: number, change: number): string {
  const head = `---\nmodel: openai/gpt-6\nconfig:\n  temperature: 0.${change % 10}\ninput:\n  schema:\n    question: string\n---\n`;
  const body = `Rule of prompt ${n}: answer briefly and name your sources.\n`.repeat(20);
  if (!callsPartials(n)) return `${head}${body}Change ${change}.\n{{question}}\n`;
  return `${head}{{> partial-${n % PARTIALS}}}\n${body}Change ${change}.\n{{> partial-${(n + 7) % PARTIALS}}}\n{{question}}\n`;
}

const partialText = (n: number, change: number) =>
  `Partial ${n}, change ${change}.\n${'Be kind and precise.\n'.repeat(10)}`;

/** The changes of commit `n`; the first one writes everything. */
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

/** The input of `git fast-import`: all commits, and a saved version with a label for some prompts. */
function* chunks(): Generator<string> {
  for (let n = 0; n < COMMITS; n++) {
    const message = `Change ${n}`;
    const head = `commit refs/heads/main\ncommitter Ada <ada@example.org> ${START + n * 600} +0000\n`;
    yield `${head}data ${message.length}\n${message}\n${filesOf(n).join('')}\n`;
  }
  for (let n = 0; n < SAVED; n++) {
    const message = `prompt ${n}\n\nPrompt-Path: ${promptPath(n)}\nPrompt-Content: ${'0'.repeat(64)}\n`;
    const tagger = `tagger Ada <ada@example.org> ${START + n} +0000\ndata ${message.length}\n${message}\n`;
    yield `tag prompt/${encodeURIComponent(promptPath(n).slice(0, -7))}/v1\nfrom refs/heads/main\n${tagger}`;
    const move = `Label-Action: set\nPrompt-Path: ${promptPath(n)}\n`;
    const ref = `refs/llmops/labels/${encodeURIComponent(promptPath(n).slice(0, -7))}/production`;
    yield `commit ${ref}\ncommitter Ada <ada@example.org> ${START} +0000\ndata ${move.length}\n${move}from refs/heads/main\n\n`;
  }
}

/** `work` below a temporary folder, which is also git's home, so that no user configuration applies. */
export interface LargeRepository extends Disposable {
  root: string;
  env: Record<string, string | undefined>;
  git(...args: string[]): string;
}

export async function makeLargeRepository(): Promise<LargeRepository> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'llmops-large-')));
  const root = path.join(folder, 'work');
  const env = { PATH: process.env.PATH, HOME: folder };
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, env, encoding: 'utf8', maxBuffer: 2 ** 30 });
  execFileSync('git', ['init', '-q', '-b', 'main', root], { env });
  const child = spawn('git', ['fast-import', '--quiet'], { cwd: root, env, stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(child, 'close');
  for (const chunk of chunks()) if (!child.stdin.write(chunk)) await once(child.stdin, 'drain');
  child.stdin.end();
  await ended;
  git('reset', '-q', '--hard');
  return { root, env, git, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
