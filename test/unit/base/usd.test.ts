import { describe, expect, it } from 'vitest';
import { formatCost } from '../../../src/cli/output/format.ts';
import { formatPrice, formatUsd } from '../../../src/core/base/usd.ts';
import { dollars } from '../../../src/core/language/analysis/model-facts.ts';
import { budgetStopError } from '../../../src/core/runs/run-problems.ts';
import { describePrices, formatUsd as formatInTrees } from '../../../src/vscode/models/describe-models.ts';
import { formatUsd as formatInPanels, formatPrices, formatUsdExactly } from '../../../webview/shared/format.ts';

const SUMS: [number, string][] = [
  [0, '$0'],
  [0.000_066, '$0.000066'],
  [0.004, '$0.004'],
  [0.05, '$0.05'],
  [0.1, '$0.10'],
  [0.5, '$0.50'],
  [0.996, '$1.00'],
  [2, '$2.00'],
  [12.4, '$12.40'],
];

describe('a sum of money', () => {
  it.each(SUMS)('%d is %s in core, in the trees, in the panels and on the command line', (usd, shown) => {
    expect([formatUsd(usd), formatInTrees(usd), formatInPanels(usd), formatCost(usd)]).toEqual(
      Array.from({ length: 4 }, () => shown),
    );
  });

  it('has at least two decimals in the message of a budget, never an exponent', () => {
    const message = (limitUsd: number) => budgetStopError({ costUsd: undefined, limitUsd, of: 'run' }).message;
    expect(message(0.1)).toContain('pass the $0.10 that');
    expect(message(0.000_000_5)).toContain('pass the $0.0000005 that');
  });

  it('has at least two decimals where the whole figure is asked for', () => {
    expect([formatUsdExactly(0.1), formatUsdExactly(3), formatUsdExactly(0.001_941_2)]).toEqual([
      '$0.10',
      '$3.00',
      '$0.0019412',
    ]);
  });
});

const PRICES: [number, string][] = [
  [0, '$0'],
  [0.0375, '$0.0375'],
  [0.075, '$0.075'],
  [0.1, '$0.10'],
  [3, '$3.00'],
  [18.75, '$18.75'],
];

describe('a list price', () => {
  it.each(PRICES)('%d is %s everywhere: not rounded, at least two decimals', (usd, shown) => {
    const prices = { inputUsd: usd, outputUsd: usd, source: 'a list' };
    expect([formatPrice(usd), dollars(usd)]).toEqual([shown, shown]);
    expect(formatPrices(prices)).toBe(`${shown} / ${shown}`);
    const listed = { simulated: false, contextWindow: undefined, prices };
    expect(describePrices(listed)).toBe(`${shown} in, ${shown} out per million`);
  });

  it('of a demo model is marked: nobody pays it', () => {
    const prices = { inputUsd: 0.1, outputUsd: 0.4, source: 'demo' };
    const shown = describePrices({ simulated: true, contextWindow: 32_000, prices });
    expect(shown).toBe('32k context · $0.10 in, $0.40 out per million (simulated)');
  });
});
