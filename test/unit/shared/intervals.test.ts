import { describe, expect, it } from 'vitest';
import {
  agrestiMinInterval,
  clusteredInterval,
  type Interval,
  studentInterval,
  wilsonInterval,
} from '../../../src/shared/intervals.ts';
import { momentsOf } from '../../../src/shared/statistics.ts';
import golden from '../../golden/statistics.json' with { type: 'json' };

function expectInterval(found: Interval | undefined, [low, high]: number[]): void {
  expect(found?.[0]).toBeCloseTo(low!, 9);
  expect(found?.[1]).toBeCloseTo(high!, 9);
}

const grouped = (...groups: number[]) => ({ of: Int32Array.from(groups), count: new Set(groups).size });

describe('intervals equal those of SciPy and statsmodels', () => {
  it('of means, with and without groups', () => {
    for (const { values, groups, confidence, t, clustered } of golden.means) {
      const scores = Float64Array.from(values);
      expectInterval(studentInterval(momentsOf(scores), confidence), t);
      expectInterval(clusteredInterval(scores, grouped(...groups), confidence), clustered);
    }
  });

  it('of shares', () => {
    for (const { confidence, wilson, ...counts } of golden.shares) {
      expectInterval(wilsonInterval(counts, confidence), wilson);
    }
  });

  it('of differences of shares', () => {
    for (const { onlyA, onlyB, n, agrestiMin } of golden.tables) {
      for (const [confidence, interval] of agrestiMin) {
        expectInterval(agrestiMinInterval({ onlyA, onlyB, n }, confidence as number), interval as number[]);
      }
    }
  });
});

describe('an interval', () => {
  it('is unknown for a single value or group', () => {
    expect(studentInterval(momentsOf(Float64Array.of(0.4)), 0.95)).toBeUndefined();
    expect(clusteredInterval(Float64Array.of(0.4, 0.6), grouped(0, 0), 0.95)).toBeUndefined();
  });

  it('is the value itself if all values are equal, despite rounding', () => {
    const equal = new Float64Array(30).fill(0.1);
    const groups = grouped(...equal.keys());
    expect(studentInterval(momentsOf(equal), 0.95)).toEqual([momentsOf(equal).mean, momentsOf(equal).mean]);
    expect(clusteredInterval(equal, groups, 0.95)).toEqual([momentsOf(equal).mean, momentsOf(equal).mean]);
  });

  it('by groups of one case each is the one without groups', () => {
    const values = Float64Array.of(0.1, 0.5, 0.9, 0.4, 0.4);
    const [low, high] = studentInterval(momentsOf(values), 0.9)!;
    expectInterval(clusteredInterval(values, grouped(0, 1, 2, 3, 4), 0.9), [low, high]);
  });
});
