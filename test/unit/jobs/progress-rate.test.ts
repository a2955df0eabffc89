import { expect, it } from 'vitest';
import { createProgressRate } from '../../../src/core/jobs/progress-rate.ts';

function openRate() {
  const clock = { now: 0 };
  const rate = createProgressRate(() => clock.now);
  const report = (at: number, done: number, total?: number) => {
    clock.now = at;
    return rate({ done, total, costUsd: undefined });
  };
  return report;
}

it('knows no rate and no time left until something was done', () => {
  const report = openRate();
  expect(report(0, 0, 10)).toEqual({ done: 0, total: 10, costUsd: undefined, perSecond: undefined, leftMs: undefined });
  expect(report(500, 0, 10).perSecond).toBeUndefined();
});

it('counts what was done a second, and how long the rest takes at that', () => {
  const report = openRate();
  report(0, 0, 100);
  expect(report(2000, 10, 100)).toMatchObject({ perSecond: 5, leftMs: 18_000 });
  expect(report(4000, 100, 100)).toMatchObject({ leftMs: 0 });
});

it('is of the last seconds: what was fast long ago says nothing of the rest', () => {
  const report = openRate();
  report(0, 0, 1000);
  report(1000, 500, 1000);
  report(20_000, 510, 1000);
  expect(report(30_000, 520, 1000).perSecond).toBe(1);
});

it('leaves the time open where the total is not known', () => {
  const report = openRate();
  report(0, 0);
  expect(report(1000, 4)).toMatchObject({ perSecond: 4, leftMs: undefined });
});
