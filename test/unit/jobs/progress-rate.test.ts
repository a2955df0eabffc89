import { expect, it } from 'vitest';
import { createProgressRate } from '../../../src/core/jobs/start-job.ts';

function openRate() {
  const clock = { now: 0 };
  const rate = createProgressRate(() => clock.now);
  const report = (at: number, done: number, total?: number) => {
    clock.now = at;
    return rate({ done, total, costUsd: undefined });
  };
  return report;
}

it('has no rate and no remaining time until something was done', () => {
  const report = openRate();
  expect(report(0, 0, 10)).toEqual({ done: 0, total: 10, costUsd: undefined, perSecond: undefined, leftMs: undefined });
  expect(report(500, 0, 10).perSecond).toBeUndefined();
});

it('counts items per second, and estimates the remaining time', () => {
  const report = openRate();
  report(0, 0, 100);
  expect(report(2000, 10, 100)).toMatchObject({ perSecond: 5, leftMs: 18_000 });
  expect(report(4000, 100, 100)).toMatchObject({ leftMs: 0 });
});

it('uses the last seconds only, since an early burst does not predict the rest', () => {
  const report = openRate();
  report(0, 0, 1000);
  report(1000, 500, 1000);
  report(20_000, 510, 1000);
  expect(report(30_000, 520, 1000).perSecond).toBe(1);
});

it('has no remaining time if the total is unknown', () => {
  const report = openRate();
  report(0, 0);
  expect(report(1000, 4)).toMatchObject({ perSecond: 4, leftMs: undefined });
});
