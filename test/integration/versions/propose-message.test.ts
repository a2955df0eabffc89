import path from 'node:path';
import { expect, it } from 'vitest';
import { openVersions } from './open-versions.ts';
import { createRepository } from './temporary-repository.ts';

it('proposes a line from the changes, short enough for most tools', async () => {
  using repo = createRepository();
  const versions = openVersions(repo);
  const file = repo.write('prompts/churn.prompt', '---\nconfig:\n  temperature: 0.2\n---\nHello {{name}}\n');
  expect(await versions.saves.proposeMessage(file)).toBe('Add churn');
  repo.commit('start');
  expect(await versions.saves.proposeMessage(file)).toBe('Save churn');
  repo.write('prompts/churn.prompt', '---\nconfig:\n  temperature: 0.7\n---\nHello {{name}}\n');
  expect(await versions.saves.proposeMessage(file)).toBe('churn: temperature 0.2 → 0.7');
  const many = Array.from({ length: 20 }, (_, index) => `  setting${index}: ${index}\n`).join('');
  repo.write('prompts/churn.prompt', `---\nconfig:\n  temperature: 0.7\n${many}---\nHello {{name}}\n`);
  const line = await versions.saves.proposeMessage(file);
  expect(line).toMatch(/^churn: temperature 0\.2 → 0\.7, .* and \d+ more$/);
  expect(line.length).toBeLessThanOrEqual(72);
});

it('proposes a rename if the file was renamed', async () => {
  using repo = createRepository();
  const text = 'A line that stays.\n'.repeat(8);
  repo.commit('start', { 'old.prompt': text });
  repo.git('mv', 'old.prompt', 'new.prompt');
  expect(await openVersions(repo).saves.proposeMessage(path.join(repo.root, 'new.prompt'))).toBe('Rename old to new');
});
