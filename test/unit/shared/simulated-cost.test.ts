import { describe, expect, it } from 'vitest';
import { isSimulated } from '../../../src/core/models/connection.ts';
import { formatUsd } from '../../../src/shared/format.ts';
import { formatSplitCost, type KnownCost, markSimulated, splitCost } from '../../../src/shared/simulated-cost.ts';

describe('a simulated cost', () => {
  it.each([
    ['demo', true],
    ['openai', false],
    ['openai-compatible', false],
    ['vscode', false],
  ] as const)('of the type %s: %s', (type, simulated) => {
    expect(isSimulated(type)).toBe(simulated);
    expect(markSimulated('$0.0065', isSimulated(type))).toBe(simulated ? '$0.0065 (simulated)' : '$0.0065');
  });

  it('is not marked if it is unknown', () => {
    expect(markSimulated('—', true)).toBe('—');
  });
});

describe('a sum of costs', () => {
  const show = (costs: KnownCost[]) => formatSplitCost(splitCost(costs), formatUsd);
  const paid = (usd: number | undefined, estimated = false) => ({ simulated: false, usd, estimated });
  const demo = (usd: number | undefined, estimated = false) => ({ simulated: true, usd, estimated });

  it.each([
    ['nothing known', [], '—'],
    ['an unknown cost', [paid(undefined), demo(undefined)], '—'],
    ['paid alone', [paid(0.0123), paid(0.1)], '$0.11'],
    ['simulated alone', [demo(0.006), demo(0.0005)], '$0.0065 (simulated)'],
    ['both', [paid(0.0123), demo(0.0065)], '$0.012 + $0.0065 simulated'],
    ['zero paid, and simulated', [paid(0), demo(0.0065)], '$0 + $0.0065 simulated'],
    ['an estimate in one part', [paid(0.5, true), demo(0.25)], '≈$0.50 + $0.25 simulated'],
    ['an unknown one among known', [paid(undefined), demo(0.25, true)], '≈$0.25 (simulated)'],
  ])('of %s', (_what, costs, shown) => expect(show(costs)).toBe(shown));

  it('separates means by a comma, since they do not add up', () => {
    const means = splitCost([paid(0.5), demo(0.25)]);
    expect(formatSplitCost(means, formatUsd, { join: ', ' })).toBe('$0.50, $0.25 simulated');
  });
});
