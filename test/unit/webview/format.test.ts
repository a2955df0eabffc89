import { describe, expect, it } from 'vitest';
import {
  formatPrices,
  formatRate,
  formatSeconds,
  formatTokens,
  formatUsd,
  formatUsdExactly,
} from '../../../webview/shared/format.ts';
import { showControls } from '../../../webview/shared/text/plain-text.ts';

describe('numbers as the panels show them', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1.0k'],
    [1_949, '1.9k'],
    [9_960, '10k'],
    [128_000, '128k'],
    [999_600, '1.0M'],
    [12_400_000, '12M'],
  ])('%d tokens as %s', (tokens, shown) => expect(formatTokens(tokens)).toBe(shown));

  it.each([
    [0, '$0'],
    [0.000_000_2, '< $0.000001'],
    [0.000_012_34, '$0.000012'],
    [0.0041, '$0.0041'],
    [0.004, '$0.004'],
    [0.05, '$0.05'],
    [0.0999, '$0.10'],
    [0.38, '$0.38'],
    [0.999, '$1.00'],
    [12.4, '$12.40'],
    [0.1, '$0.10'],
    [1, '$1.00'],
    [1_240.4, '$1,240.40'],
  ])('%d dollars as %s', (usd, shown) => expect(formatUsd(usd)).toBe(shown));

  it.each([
    [0, '0.00 s'],
    [310, '0.31 s'],
    [9_994, '9.99 s'],
    [9_996, '10.0 s'],
    [59_960, '1:00 min'],
    [72_000, '1:12 min'],
  ])('%d ms as %s', (ms, shown) => expect(formatSeconds(ms)).toBe(shown));

  it('shows what is unknown as a dash, never as nothing or zero', () => {
    const shown = [
      formatTokens(undefined, true),
      formatUsd(undefined, true),
      formatSeconds(undefined),
      formatRate(undefined),
    ];
    expect(shown).toEqual(['—', '—', '—', '—']);
    expect(formatPrices({})).toBe('—');
  });

  it('marks estimates', () => {
    expect([formatTokens(205, true), formatUsd(0.0019, true)]).toEqual(['≈205', '≈ $0.0019']);
  });

  it('gives the whole figure where it is asked for', () => {
    expect(formatUsdExactly(0.001_941_2)).toBe('$0.0019412');
    expect(formatPrices({ inputUsd: 3, outputUsd: 15 })).toBe('$3.00 / $15.00');
    expect([formatRate(9.4), formatRate(117.6)]).toEqual(['9.4 tok/s', '118 tok/s']);
  });
});

describe('text from a model', () => {
  it('shows control characters as pictures and keeps tabs and line ends', () => {
    expect(showControls('a\u0000b\u001b[31mc\u007f\td\r\ne\rf\u009b')).toBe('a␀b␛[31mc␡\td\ne\nf\ufffd');
  });
});
