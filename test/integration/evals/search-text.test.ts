import { expect, it } from 'vitest';
import { createScorer } from '../../../src/core/evals/metrics/create-scorer.ts';
import { readMetric } from '../../../src/core/evals/metrics/read-metric.ts';

it('ends a pattern that takes longer than a second, and goes on with the next answers', async () => {
  const scorer = await createScorer(await readMetric('regex:value=^(a+)+$'));
  const output = `${'a'.repeat(40)}!`;
  const began = performance.now();
  const [first, second, third] = await Promise.all([
    scorer.score({ output: 'aaa' }),
    scorer.score({ output }),
    scorer.score({ output: 'aab' }),
  ]);
  expect(first).toMatchObject({ value: 1, passed: true });
  expect(second).toMatchObject({ value: null, reason: '/^(a+)+$/ took longer than a second.' });
  expect(third).toMatchObject({ value: 0, passed: false });
  expect(performance.now() - began).toBeLessThan(10_000);
});
