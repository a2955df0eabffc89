import { expect, it } from 'vitest';
import { compareInWorker } from '../../../src/core/evals/aggregate/compare-in-worker.ts';
import { compareScores } from '../../../src/core/evals/aggregate/compare-scores.ts';
import { createRandomStream } from '../../../src/core/evals/aggregate/random-stream.ts';

const url = new URL('../../../src/core/evals/aggregate/worker.ts', import.meta.url);
const confidence = { level: 0.95, method: 't', seed: 5 } as const;

function pairs(count: number) {
  const random = createRandomStream(count);
  const scores = () => Float64Array.from(random.words(count), (word) => word / 2 ** 32);
  const groups = Int32Array.from(random.words(count), (word) => word % 40);
  return { a: scores(), b: scores(), groups, isPassFail: false, lowerIsBetter: true };
}

it('a comparison in its worker is the same as one without', async () => {
  const metrics = [pairs(500), { ...pairs(30), groups: undefined }];
  expect(await compareInWorker({ metrics, confidence }, { url })).toEqual(await compareScores(metrics, confidence));
});

it('a comparison in its worker ends when it is cancelled', async () => {
  const metrics = [{ ...pairs(400_000), groups: undefined }];
  const control = new AbortController();
  const pending = compareInWorker({ metrics, confidence }, { url, signal: control.signal });
  setTimeout(() => control.abort(), 300);
  const began = performance.now();
  await expect(pending).rejects.toMatchObject({ code: 'cancelled' });
  expect(performance.now() - began).toBeLessThan(5000);
});
