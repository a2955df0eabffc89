import { expect, it } from 'vitest';
import { describeProgress } from '../../../src/core/jobs/describe-progress.ts';

const unknown = { perSecond: undefined, leftMs: undefined };

it('shows what is known about a job', () => {
  expect(describeProgress({ done: 3, total: 12, message: 'weather.prompt', ...unknown })).toBe(
    '3 of 12 · weather.prompt',
  );
  expect(describeProgress({ done: 12_000, ...unknown })).toBe('12,000');
  expect(describeProgress({ done: 1_200, total: 100_000, costUsd: 0.0213, perSecond: 850.4, leftMs: 116_000 })).toBe(
    '1,200 of 100,000 · $0.021 · 850/s · 1:56 left',
  );
  expect(describeProgress({ done: 7, perSecond: 2.35, leftMs: undefined })).toBe('7 · 2.4/s');
});

it('leaves out the rate near the end', () => {
  expect(describeProgress({ done: 11, total: 12, perSecond: 2, leftMs: 500 })).toBe('11 of 12');
});
