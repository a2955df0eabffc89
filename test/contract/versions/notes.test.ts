import { expect, it } from 'vitest';
import { createRepository } from '../../integration/versions/temporary-repository.ts';
import { startProcess } from './start-process.ts';

it('loses no record if two processes note many at once, on shared and on different prompts', async () => {
  using repo = createRepository();
  const blobs = Array.from({ length: 12 }, (_, index) => {
    repo.write(`${index}.prompt`, `prompt ${index}\n`);
    return `${index}.prompt`;
  });
  repo.commit('start');
  const contents = blobs.map((file, index) => ({
    blob: repo.git('rev-parse', `HEAD:${file}`),
    contentHash: index.toString(16).padStart(64, 'a'),
  }));
  const recorders = ['first', 'second'];
  const runs = recorders.map((recorder, turn) => {
    const order = turn === 0 ? contents : [...contents].reverse();
    return startProcess(repo, { kind: 'note', folder: repo.root, recorder, contents: order }).ended;
  });
  for (const { code, output } of await Promise.all(runs)) expect([code, output]).toEqual([0, '']);
  for (const { blob } of contents) {
    const lines = repo.git('notes', '--ref=llmops', 'show', blob).split('\n');
    expect(lines.map((line) => JSON.parse(line).recorder).sort()).toEqual(recorders);
  }
  expect(repo.git('for-each-ref', '--format=%(refname)')).not.toContain('draft');
});
