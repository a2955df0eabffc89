import { describe, expect, it } from 'vitest';
import { budgetStopError } from '../../../src/core/runs/run-problems.ts';
import {
  describePrices,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatPercent,
  formatPrices,
  formatRate,
  formatSpread,
  formatTokenPair,
  formatTokens,
  formatTokensExactly,
  formatUsd,
  formatUsdExactly,
} from '../../../src/shared/format.ts';
import { describeModel } from '../../../src/vscode/models/describe-models.ts';

describe('figures, in panels, trees, the status bar and the terminal', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1k'],
    [1_949, '1.9k'],
    [9_960, '10k'],
    [128_000, '128k'],
    [999_600, '1M'],
    [1_048_576, '1M'],
    [1_500_000, '1.5M'],
    [12_400_000, '12M'],
  ])('%d tokens are %s', (tokens, shown) => expect(formatTokens(tokens)).toBe(shown));

  it.each([
    [0, '$0'],
    [0.000_000_42, '$0.00000042'],
    [0.000_012_34, '$0.000012'],
    [0.000_066, '$0.000066'],
    [0.0041, '$0.0041'],
    [0.004, '$0.004'],
    [0.05, '$0.05'],
    [0.0999, '$0.10'],
    [0.1, '$0.10'],
    [0.3812, '$0.38'],
    [0.996, '$1.00'],
    [0.999, '$1.00'],
    [1, '$1.00'],
    [12.4, '$12.40'],
    [1_240.4, '$1,240.40'],
    [-0.004, '-$0.004'],
  ])('%d dollars are %s', (usd, shown) => expect(formatUsd(usd)).toBe(shown));

  it.each([
    [0, '0.00 s'],
    [12.3, '0.01 s'],
    [310, '0.31 s'],
    [9_994, '9.99 s'],
    [9_996, '10.0 s'],
    [59_960, '1:00 min'],
    [72_000, '1:12 min'],
    [7_500_000, '2:05 h'],
  ])('%d ms are %s', (ms, shown) => expect(formatDuration(ms)).toBe(shown));

  it('show unknown values as a dash, never as nothing or zero', () => {
    const formats = [formatTokens, formatTokensExactly, formatUsd, formatUsdExactly, formatDuration, formatRate];
    expect(formats.map((format) => format(undefined, true))).toEqual(formats.map(() => '—'));
    expect([formatPrices({}), formatSpread(undefined, formatUsd)]).toEqual(['—', '—']);
  });

  it('mark estimates, but not an exact zero', () => {
    expect([formatTokens(205, true), formatTokensExactly(1_912, true), formatUsd(0.0019, true)]).toEqual([
      '≈205',
      '≈1,912',
      '≈$0.0019',
    ]);
    expect([formatTokens(0, true), formatUsd(0, true)]).toEqual(['0', '$0']);
  });

  it('are whole numbers on request', () => {
    expect([0.1, 3, 0.001_941_2, 0.000_000_42].map((usd) => formatUsdExactly(usd))).toEqual([
      '$0.10',
      '$3.00',
      '$0.0019412',
      '$0.00000042',
    ]);
    expect([formatRate(9.4), formatRate(117.6)]).toEqual(['9.4 tok/s', '118 tok/s']);
  });

  it('are followed by their spread if there is more than one value', () => {
    expect(formatSpread({ mean: 1920, deviation: 310 }, formatDuration)).toBe('1.92 s ± 0.31 s');
    expect(formatSpread({ mean: 1920, deviation: undefined }, formatDuration)).toBe('1.92 s');
  });

  it('pair tokens in and out', () => {
    expect(formatTokenPair({ inputTokens: 1_912 }, { estimated: true, ended: false })).toBe('≈1.9k in');
    expect(formatTokenPair({ inputTokens: 335, outputTokens: 82 }, { estimated: false, ended: true })).toBe('335→82');
  });

  it('use the plural where needed', () => {
    expect([formatCount(1, 'run'), formatCount(1_204, 'run'), formatCount(2, 'entry', 'entries')]).toEqual([
      '1 run',
      '1,204 runs',
      '2 entries',
    ]);
    expect([formatBytes(512), formatBytes(12_000), formatBytes(5_452_595)]).toEqual(['512 bytes', '12 KB', '5.2 MB']);
    expect([formatClock(42_000), formatClock(725_000)]).toEqual(['0:42', '12:05']);
  });

  it('never round a share up to 100 or down to 0', () => {
    expect([1, 0.999, 0.5, 0.001, 0].map(formatPercent)).toEqual(['100%', '99%', '50%', '1%', '0%']);
  });

  it('have at least two decimals in the message of a budget, never an exponent', () => {
    const message = (limitUsd: number) => budgetStopError({ costUsd: undefined, limitUsd, of: 'run' }).message;
    expect(message(0.1)).toContain('exceed the limit of $0.10 per run');
    expect(message(0.000_000_5)).toContain('exceed the limit of $0.0000005 per run');
  });
});

describe('a list price', () => {
  it.each([
    [0, '$0'],
    [0.0375, '$0.0375'],
    [0.075, '$0.075'],
    [0.1, '$0.10'],
    [3, '$3.00'],
    [18.75, '$18.75'],
  ])('%d is %s everywhere: not rounded, at least two decimals', (usd, shown) => {
    const prices = { inputUsd: usd, outputUsd: usd, source: 'a list' };
    expect(formatPrices(prices)).toBe(`${shown} / ${shown}`);
    expect(describePrices(prices)).toBe(`${shown} in, ${shown} out per million`);
    const listed = { contextWindow: undefined, prices };
    expect(describeModel(listed)).toBe(`${shown} in, ${shown} out per million`);
  });

  it('of a demo model is marked as not charged', () => {
    const prices = { inputUsd: 0.1, outputUsd: 0.4, source: 'demo' };
    const shown = describeModel({ simulated: true, contextWindow: 32_000, prices });
    expect(shown).toBe('32k context · $0.10 in, $0.40 out per million (simulated)');
  });
});
