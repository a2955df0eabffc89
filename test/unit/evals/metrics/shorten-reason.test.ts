import { expect, it } from 'vitest';
import { shortenReason } from '../../../../src/core/evals/metrics/shorten-reason.ts';

it('says how long a reason was that it cut, and splits no character', () => {
  const begin = 'a'.repeat(1999);
  expect(shortenReason(`${begin}b`)).toBe(`${begin}b`);
  expect(shortenReason(`${begin}bc`)).toBe(`${begin}b… (cut: 2,001 characters)`);
  expect(shortenReason(`${begin}😀`)).toBe(`${begin}… (cut: 2,001 characters)`);
});
