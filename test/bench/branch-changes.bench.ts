import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// `versions diff` after a change of a partial that every prompt uses. Run: npm run bench -- branch-changes

const CLI = path.resolve('dist/llmops.js');
const TARGETS = { 1000: '≤ 2', 10000: '≤ 15' };

interface Repository extends Disposable {
  root: string;
  env: Record<string, string | undefined>;
}

const promptPath = (n: number) => `prompts/team-${n % 25}/prompt-${n}.prompt`;
const promptText = (n: number) =>
  `---\nmodel: openai/gpt-6\ninput:\n  schema:\n    question: string\n---\n{{> tone}}\n${`Rule of prompt ${n}.\n`.repeat(20)}{{> rules}}\n{{question}}\n`;

/** Every prompt calls two partials, and one of them a third: the branch changes the third, and the work tree another. */
async function makeRepository(prompts: number): Promise<Repository> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'llmops-branch-')));
  const root = path.join(folder, 'work');
  const env = { PATH: process.env.PATH, HOME: folder };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, env, stdio: 'pipe' });
  execFileSync('git', ['init', '-q', '-b', 'main', root], { env });
  const child = spawn('git', ['fast-import', '--quiet'], { cwd: root, env, stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(child, 'close');
  const write = (file: string, text: string) => `M 100644 inline ${file}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  const commit = (branch: string, from = '') =>
    `commit refs/heads/${branch}\n${branch === 'main' ? 'mark :1\n' : ''}committer Ada <ada@example.org> 1700000000 +0000\ndata 1\nx\n${from}`;
  child.stdin.write(commit('main'));
  const partials = { tone: 'Be kind.\n', rules: 'Rules.\n{{> deep}}\n', deep: 'Name your sources.\n' };
  for (const [name, text] of Object.entries(partials)) child.stdin.write(write(`prompts/_${name}.prompt`, text));
  for (let n = 0; n < prompts; n += 1) {
    if (!child.stdin.write(write(promptPath(n), promptText(n)))) await once(child.stdin, 'drain');
  }
  child.stdin.write(`\n${commit('feature', 'from :1\n')}${write('prompts/_deep.prompt', 'Be brief.\n')}\n`);
  child.stdin.end();
  await ended;
  git('checkout', '-q', '-f', 'feature');
  return { root, env, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

function measure(name: string, { root, env }: Repository, args: string[], prompts: keyof typeof TARGETS): void {
  const start = performance.now();
  const output = execFileSync(process.execPath, [CLI, 'versions', 'diff', ...args, '--json'], {
    cwd: root,
    env,
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const seconds = (performance.now() - start) / 1000;
  const { prompts: found } = JSON.parse(output.toString()) as { prompts: unknown[] };
  if (found.length !== prompts) throw new Error(`${found.length} of ${prompts} prompts were found.`);
  const value = Math.round(seconds * 100) / 100;
  console.log(JSON.stringify({ name: `${prompts} prompts: ${name}`, value, unit: 's', target: TARGETS[prompts] }));
}

for (const prompts of [1000, 10_000] as const) {
  using repository = await makeRepository(prompts);
  measure('two commits', repository, ['main..feature'], prompts);
  measure('this branch', repository, [], prompts);
  writeFileSync(path.join(repository.root, 'prompts/_tone.prompt'), 'Be terse.\n');
  measure('this branch with a partial that is not committed', repository, [], prompts);
}
