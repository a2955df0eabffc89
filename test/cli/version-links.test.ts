import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { CHURN, churn, createRepository } from './repository.ts';

it('runs a link from the work tree, and rejects its versions, saving and restoring with its target', async () => {
  using repository = createRepository();
  const link = path.join(repository.folder, 'prompts/link.prompt');
  symlinkSync('churn.prompt', link);
  repository.git('add', '--all');
  repository.git('commit', '-q', '-m', 'Link');
  expect((await repository.llmops('run', 'prompts/link.prompt')).code).toBe(0);
  expect((await repository.llmops('check', 'prompts/link.prompt')).code).toBe(0);
  for (const args of [
    ['run', 'prompts/link.prompt@HEAD'],
    ['check', 'prompts/link.prompt@HEAD'],
    ['versions', 'show', 'prompts/link.prompt@HEAD'],
    ['versions', 'restore', 'prompts/link.prompt@HEAD', '--force'],
    ['versions', 'save', 'prompts/link.prompt', '-m', 'x'],
  ]) {
    const { code, stdout, stderr } = await repository.llmops(...args);
    expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
    expect(stderr).toContain('prompts/link.prompt is a symbolic link to churn.prompt');
  }
  expect(repository.read(CHURN)).toBe(churn(0.7));
  // a regular file then, a link now: restoring would write through it
  rmSync(path.join(repository.folder, CHURN));
  mkdirSync(path.join(repository.folder, 'other'));
  repository.write('other/target.prompt', 'target\n');
  symlinkSync('../other/target.prompt', path.join(repository.folder, CHURN));
  const restored = await repository.llmops('versions', 'restore', `${CHURN}@HEAD~2`, '--force');
  expect(restored.code).toBe(2);
  expect(restored.stderr).toContain(`${CHURN} is a symbolic link to ../other/target.prompt`);
  expect(repository.read('other/target.prompt')).toBe('target\n');
});

it('shows a prompt with a line break in its name in versions diff', async () => {
  using repository = createRepository();
  const name = 'prompts/line\nbreak.prompt';
  repository.commit('Add', { [name]: churn(0.1) });
  repository.commit('Change', { [name]: churn(0.3) });
  const json = await repository.llmops('versions', 'diff', 'HEAD~1..HEAD', '--json');
  expect(JSON.parse(json.stdout).prompts).toMatchObject([{ path: name, kind: 'changed' }]);
  const text = await repository.llmops('versions', 'diff', 'HEAD~1..HEAD');
  expect(text.stdout).toContain('\n+++ "prompts/line\\nbreak.prompt"\n');
  for (const args of [[], ['--markdown']]) {
    const { code, stdout } = await repository.llmops('versions', 'diff', 'HEAD~1..HEAD', ...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/line(?:\\n| )break/);
    expect(stdout).toContain('temperature');
  }
});
