import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createRepository, type TemporaryRepository } from '../../integration/versions/temporary-repository.ts';
import { saveOnce, savePorts } from './save-ports.ts';
import { startProcess } from './start-process.ts';

const TEXT = 'Changed {{>part}}\n';
const PRODUCTION = 'refs/llmops/labels/a/production';

/** A repository with a changed prompt, a new partial, and other work that is staged, half staged and not staged. */
function createWork(): TemporaryRepository {
  const repo = createRepository();
  repo.commit('start', { 'a.prompt': 'Start\n', 'staged.txt': '1\n', 'half.txt': '1\n', 'changed.txt': '1\n' });
  for (const file of ['staged.txt', 'half.txt', 'changed.txt']) repo.write(file, '2\n');
  repo.git('add', 'staged.txt', 'half.txt');
  repo.write('half.txt', '3\n');
  repo.write('new.txt', 'new\n');
  repo.write('a.prompt', TEXT);
  repo.write('_part.prompt', 'part\n');
  return repo;
}

function otherWork(repo: TemporaryRepository): string[] {
  const files = ['staged.txt', 'half.txt', 'changed.txt', 'new.txt'];
  const status = repo.git('status', '--porcelain', '--', ...files);
  return [repo.git('diff', '--cached', '--', ...files), status, ...files.map((file) => repo.read(file))];
}

/** What a user does when git reports a leftover lock: checks that no git is running, and deletes it. */
function removeLocks(repo: TemporaryRepository): void {
  const locks = readdirSync(path.join(repo.root, '.git'), { recursive: true, encoding: 'utf8' });
  for (const lock of locks.filter((name) => name.endsWith('.lock'))) rmSync(path.join(repo.root, '.git', lock));
}

/** Nothing is lost, nothing staged was changed, and the next save leaves commit, tag, label and results complete. */
async function expectRecovery(repo: TemporaryRepository, before: string[]): Promise<void> {
  removeLocks(repo);
  expect(otherWork(repo)).toEqual(before);
  expect([repo.read('a.prompt'), repo.read('_part.prompt')]).toEqual([TEXT, 'part\n']);
  // the memory of the killed process is gone: this one knows only what is on disk
  const saved = await saveOnce(savePorts(repo.root, 'r', repo.env), path.join(repo.root, 'a.prompt'));
  // nobody else was working: changes of the killed save are never attributed to someone else
  const completed = 'An earlier save of a.prompt was interrupted; it is now complete as v1.';
  expect(saved.notices.filter((notice) => notice !== completed)).toEqual([]);
  expect(saved).toMatchObject({ label: 'production', message: 'Save', tag: { number: 1 } });
  expect(otherWork(repo)).toEqual(before);
  expect(repo.git('status', '--porcelain', '--', 'a.prompt', '_part.prompt')).toBe('');
  expect(repo.git('rev-list', '--count', 'HEAD')).toBe('2');
  expect(repo.git('rev-parse', 'prompt/a/v1^{commit}')).toBe(repo.git('rev-parse', 'HEAD'));
  expect(repo.git('tag', '--list')).toBe('prompt/a/v1');
  expect(repo.git('rev-parse', `${PRODUCTION}^1`)).toBe(repo.git('rev-parse', 'HEAD'));
  const blob = repo.git('rev-parse', 'HEAD:a.prompt');
  expect(repo.git('notes', '--ref=llmops', 'show', blob)).toContain('"recorder":"r"');
  expect(readdirSync(path.join(repo.root, '.git/llmops'))).toEqual([]);
}

/** A git that stops at the first call with this word in its arguments, before or after it, and waits to be killed. */
function writeGate(
  repo: TemporaryRepository,
  word: string,
  when: 'before' | 'after',
): { env: NodeJS.ProcessEnv; reached: string } {
  const reached = path.join(repo.root, '../reached');
  const git = repo.write(
    '../gate/git',
    `#!/bin/sh
PATH=${JSON.stringify(process.env.PATH)}
case " $* " in
*${JSON.stringify(` ${word} `)}*)
  ${when === 'after' ? 'git "$@"' : ''}
  touch ${JSON.stringify(reached)}
  sleep 60;;
esac
exec git "$@"
`,
  );
  chmodSync(git, 0o755);
  return { env: { PATH: `${path.dirname(git)}${path.delimiter}${process.env.PATH}` }, reached };
}

// Most of a case is waiting for processes: they wait in parallel.
it.concurrent.each([
  ['before', 'add'],
  ['after', 'add'],
  ['before', 'commit'],
  ['after', 'commit'],
  ['before', 'tag'],
  ['after', 'tag'],
  ['before', 'commit-tree'],
  ['after', 'commit-tree'],
  ['after', 'update-ref'],
  ['before', 'notes'],
  ['after', 'notes'],
] as const)('is completed by the next save where it was killed %s git %s', async (when, word) => {
  using repo = createWork();
  const before = otherWork(repo);
  const { env, reached } = writeGate(repo, word, when);
  const task = { folder: repo.root, recorder: 'r', kind: 'save', file: path.join(repo.root, 'a.prompt') } as const;
  const running = startProcess(repo, task, env);
  await expect.poll(() => existsSync(reached), { timeout: 20_000 }).toBe(true);
  running.kill();
  await running.ended;
  await expectRecovery(repo, before);
});

it.concurrent.each([
  ['pre-commit', ''],
  ['commit-msg', ''],
  ['reference-transaction', 'prepared'],
  // The branch has the commit by now, and the index is still unchanged.
  ['reference-transaction', 'committed'],
  ['post-commit', ''],
])('is completed by the next save if everything was killed inside the %s hook %s', async (hook, state) => {
  using repo = createWork();
  const before = otherWork(repo);
  const file = path.join(repo.root, '.git/hooks', hook);
  const reached = path.join(repo.root, '../reached');
  const passes = state === '' ? '' : `[ "$1" = ${state} ] || exit 0\n`;
  writeFileSync(file, `#!/bin/sh\n${passes}[ -e ../reached ] && exit 0\ntouch ../reached\nsleep 60\n`);
  chmodSync(file, 0o755);
  const task = { folder: repo.root, recorder: 'r', kind: 'save', file: path.join(repo.root, 'a.prompt') } as const;
  const running = startProcess(repo, task);
  await expect.poll(() => existsSync(reached), { timeout: 20_000 }).toBe(true);
  running.kill();
  await running.ended;
  await expectRecovery(repo, before);
});

it('loses nothing and is completed, killed at random times', { timeout: 300_000 }, async () => {
  // How long a save takes here and now, so that the kills are spread over all of it.
  using sample = createWork();
  const task = (repo: TemporaryRepository) =>
    ({ folder: repo.root, recorder: 'r', kind: 'save', file: path.join(repo.root, 'a.prompt') }) as const;
  const began = performance.now();
  await startProcess(sample, task(sample)).ended;
  const whole = performance.now() - began;
  for (let round = 0; round < 6; round += 1) {
    using repo = createWork();
    const before = otherWork(repo);
    const running = startProcess(repo, task(repo));
    // Before that Node itself is starting.
    await sleep(whole * (0.35 + 0.1 * round));
    running.kill();
    await running.ended;
    await expectRecovery(repo, before);
  }
});
