import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as core from '../../../src/core/base/simulated-cost.ts';
import { formatUsd } from '../../../src/core/base/usd.ts';
import * as panels from '../../../webview/shared/simulated-cost.ts';

const dollars = (usd: number, estimated: boolean) => `${estimated ? '≈ ' : ''}${formatUsd(usd)}`;

it('is one rule: the panels have the same file, since they must not import core', () => {
  const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
  expect(read('webview/shared/simulated-cost.ts')).toBe(read('src/core/base/simulated-cost.ts'));
  expect(panels.isSimulated('demo/swift')).toBe(true);
});

describe('a cost that nobody pays', () => {
  it.each([
    ['demo/swift', true],
    ['demo/any', true],
    ['demos/swift', false],
    ['openai/demo', false],
    ['demo', false],
  ])('of %s: %s', (model, simulated) => {
    expect(core.isSimulated(model)).toBe(simulated);
    expect(core.markSimulated('$0.0065', model)).toBe(simulated ? '$0.0065 (simulated)' : '$0.0065');
  });

  it('is not marked where it is unknown', () => {
    expect(core.markSimulated('—', 'demo/swift')).toBe('—');
  });
});

describe('a sum of costs', () => {
  const show = (costs: core.ModelCost[]) => core.formatSplitCost(core.splitCost(costs), dollars);
  const paid = (usd: number | undefined, estimated = false) => ({ model: 'openai/gpt', usd, estimated });
  const demo = (usd: number | undefined, estimated = false) => ({ model: 'demo/swift', usd, estimated });

  it.each([
    ['nothing known', [], '—'],
    ['an unknown cost', [paid(undefined), demo(undefined)], '—'],
    ['paid alone', [paid(0.0123), paid(0.1)], '$0.11'],
    ['simulated alone', [demo(0.006), demo(0.0005)], '$0.0065 (simulated)'],
    ['both', [paid(0.0123), demo(0.0065)], '$0.012 + $0.0065 simulated'],
    ['paid nothing, and simulated', [paid(0), demo(0.0065)], '$0 + $0.0065 simulated'],
    ['an estimate in one part', [paid(0.5, true), demo(0.25)], '≈ $0.50 + $0.25 simulated'],
    ['an unknown one among known', [paid(undefined), demo(0.25, true)], '≈ $0.25 (simulated)'],
  ])('of %s', (_what, costs, shown) => expect(show(costs)).toBe(shown));

  it('joins means by a comma, since they do not add up', () => {
    const means = core.splitCost([paid(0.5), demo(0.25)]);
    expect(core.formatSplitCost(means, dollars, { join: ', ' })).toBe('$0.50, $0.25 simulated');
  });
});
