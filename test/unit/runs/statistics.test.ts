import { describe, expect, it } from 'vitest';
import type { RunFigures, RunState } from '../../../src/core/runs/events.ts';
import { type MeasuredRun, summarizeRepeats, totalsOf } from '../../../src/core/runs/statistics.ts';
import { spreadOf } from '../../../src/shared/statistics.ts';

function run(elapsedMs: number, totalUsd: number | undefined, state: RunState = 'done'): MeasuredRun {
  const figures: RunFigures = {
    usage: { inputTokens: 10, outputTokens: 20 },
    usageEstimated: false,
    cost: { totalUsd },
    ttftMs: elapsedMs / 10,
    elapsedMs,
    tokensPerSecond: undefined,
  };
  return { state, figures };
}

describe('the spread of repeats', () => {
  it('has mean, sample deviation and bounds', () => {
    const spread = spreadOf([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(spread).toMatchObject({ count: 8, mean: 5, min: 2, max: 9 });
    expect(spread?.deviation).toBeCloseTo(2.138, 3);
  });

  it('has no deviation for one value, and is unknown for none', () => {
    expect(spreadOf([3])).toEqual({ count: 1, mean: 3, deviation: undefined, min: 3, max: 3 });
    expect(spreadOf([undefined])).toBeUndefined();
  });

  it('has a deviation of zero for equal values, despite rounding of their mean', () => {
    expect(spreadOf([0.0000439, 0.0000439, 0.0000439])?.deviation).toBe(0);
  });

  it('leaves out unknown values instead of counting them as 0', () => {
    expect(spreadOf([undefined, 4, undefined, 6])).toMatchObject({ count: 2, mean: 5, min: 4 });
  });

  it('counts only repeats that succeeded', () => {
    const statistics = summarizeRepeats([run(100, 1), run(300, 3), run(5, 0, 'failed'), run(5, 0, 'stopped')]);
    expect(statistics).toMatchObject({ done: 2, latencyMs: { mean: 200 }, costUsd: { mean: 2 }, ttftMs: { mean: 20 } });
    expect(statistics.tokensPerSecond).toBeUndefined();
  });
});

describe('the total row', () => {
  it('names the fastest and the cheapest, and sums everything that was paid', () => {
    const totals = totalsOf([[run(100, 3)], [run(200, 1)], [run(1, 0.5, 'failed')]]);
    expect(totals).toMatchObject({ fastest: 0, cheapest: 1, totalUsd: 4.5, incomplete: false });
  });

  it('names no winner without competition', () => {
    expect(totalsOf([[run(100, 3)], [run(1, 1, 'failed')]])).toMatchObject({ fastest: undefined, cheapest: undefined });
  });

  it('names no winner on a tie, in any order of summation', () => {
    const totals = totalsOf([
      [run(100, 0.1), run(100, 0.2), run(100, 0.3)],
      [run(100, 0.3), run(100, 0.2), run(100, 0.1)],
    ]);
    expect(totals).toMatchObject({ fastest: undefined, cheapest: undefined });
    expect(totalsOf([[run(100, 0)], [run(90, 0)], [run(95, 0)]])).toMatchObject({ fastest: 1, cheapest: undefined });
  });

  it('is a lower bound if a cost is unknown, and unknown if all are', () => {
    expect(totalsOf([[run(1, 2)], [run(1, undefined)]])).toMatchObject({ totalUsd: 2, incomplete: true });
    expect(totalsOf([[run(1, undefined)]]).totalUsd).toBeUndefined();
  });
});
