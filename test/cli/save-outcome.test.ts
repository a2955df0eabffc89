import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { CHURN, churn, createRepository } from './repository.ts';

it('exits with 4 and names the version if the requested label could not be set', async () => {
  using repository = createRepository();
  const log = path.join(repository.folder, '.git/logs/refs/llmops/labels/prompts%2Fchurn/production');
  mkdirSync(path.dirname(log), { recursive: true });
  symlinkSync('/dev/full', log);
  const saving = ['versions', 'save', CHURN, '-m', 'Warm it up', '--label', 'production'];
  const { code, stdout, stderr } = await repository.llmops(...saving);
  const commit = repository.git('rev-parse', 'HEAD').slice(0, 10);
  expect(code).toBe(4);
  expect(stdout).toBe(`Saved prompts/churn as v1 (${commit}): Warm it up\n`);
  expect(stderr).toMatch(
    new RegExp(`^v1 of prompts/churn is saved \\(${commit}\\), but without the label production\\. .*No space left`),
  );
  const json = await repository.llmops(...saving, '--json');
  expect(json.code).toBe(4);
  expect(JSON.parse(json.stdout)).toMatchObject({
    version: 'v1',
    label: null,
    message: 'Warm it up',
    notices: [expect.stringContaining('without the label production')],
  });
});

it('prints the message of the commit if nothing had changed since', async () => {
  using repository = createRepository();
  const { code, stdout, stderr } = await repository.llmops('versions', 'save', CHURN, '-m', 'My message');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Saved prompts\/churn as v1 \(\w{10}\): Warm it up\n$/);
  expect(stderr).toMatch(/keeps its message "Warm it up": yours was not used\./);
});

it('says nothing about an unused message if none was given', async () => {
  using repository = createRepository();
  const { code, stdout, stderr } = await repository.llmops('versions', 'save', CHURN);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Saved prompts\/churn as v1 \(\w{10}\): Warm it up\n$/);
  expect(stderr).toBe('');
});

it('exits with 4 if the disk is full, and reports what was and was not done', async () => {
  using repository = createRepository();
  repository.write(CHURN, churn(0.9));
  const branch = path.join(repository.folder, '.git/logs/refs/heads/main');
  rmSync(branch);
  symlinkSync('/dev/full', branch);
  const full = await repository.llmops('versions', 'save', CHURN, '-m', 'Warmer');
  expect(full.code).toBe(4);
  expect(full.stderr).toMatch(
    /git commit could not write in .*: No space left on device\.\n.*Nothing was committed\.\n/,
  );
});

it('reports a lock of the notes at once when a run finds it', async () => {
  using repository = createRepository();
  const lock = path.join(repository.folder, '.git/refs/notes/llmops.lock');
  repository.write('.git/refs/notes/llmops.lock', '');
  utimesSync(lock, new Date(0), new Date(0));
  const began = performance.now();
  const { code, stderr } = await repository.llmops('run', CHURN);
  expect(code).toBe(0);
  expect(stderr).toContain(`Another git process holds ${lock}`);
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(existsSync(lock)).toBe(true);
});

it('shows a saved version on a missing object as a broken row, with the command that removes it', async () => {
  using repository = createRepository();
  await repository.llmops('versions', 'save', CHURN, '-m', 'Warm it up');
  const tag = 'prompt/prompts%2Fchurn/v2';
  repository.write(`.git/refs/tags/${tag}`, `${'1234567890'.repeat(4)}\n`);
  const { code, stdout, stderr } = await repository.llmops('versions', 'list', CHURN);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^v1 /m);
  expect(stdout).toMatch(/^v2 {2}1234567 {2}broken: the object is missing$/m);
  expect(stderr).toContain(`git tag -d ${tag}`);
  const json = await repository.llmops('versions', 'list', CHURN, '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ versions: [{}, {}], broken: [{ kind: 'tag', name: 'v2' }] });
  for (const args of [
    ['run', CHURN],
    ['check'],
    ['versions', 'diff'],
    ['versions', 'label', CHURN],
    ['run', 'churn@v1'],
  ]) {
    expect({ args, code: (await repository.llmops(...args)).code }).toEqual({ args, code: 0 });
  }
});

it('restores a version as a complete file with its permissions, and leaves no temporary file', async () => {
  using repository = createRepository();
  const prompts = path.join(repository.folder, 'prompts');
  chmodSync(path.join(repository.folder, CHURN), 0o640);
  const restored = await repository.llmops('versions', 'restore', `${CHURN}@HEAD~1`);
  expect(restored.code).toBe(0);
  expect(repository.read(CHURN)).toBe(churn(0.2));
  expect(statSync(path.join(repository.folder, CHURN)).mode & 0o777).toBe(0o640);
  expect(readdirSync(prompts)).toEqual(['churn.prompt']);
});
