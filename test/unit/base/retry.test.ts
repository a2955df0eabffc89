import { describe, expect, it } from 'vitest';
import { createRetryBudget, MAX_TOTAL_WAIT_MS, parseRetryAfter } from '../../../src/core/base/retry.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');

describe('parseRetryAfter', () => {
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after': '7, 7' }, 7_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-3' }, undefined],
    [{}, undefined],
  ])('reads %j as %s', (headers, expected) => {
    expect(parseRetryAfter(new Headers(headers as Record<string, string>), NOW)).toBe(expected);
  });
});

describe('the retry budget', () => {
  it('doubles the wait if the server names none', () => {
    const budget = createRetryBudget(4, () => 1);

    expect([1, 2, 3, 4].map(() => budget.next(undefined)?.waitMs)).toEqual([500, 1_000, 2_000, 4_000]);
    expect(budget.next(undefined)).toBeUndefined();
  });

  it('follows the wait that the server asks for, and numbers the attempts', () => {
    const budget = createRetryBudget(2);

    expect(budget.next(3_000)).toEqual({ attempt: 1, waitMs: 3_000 });
    expect(budget.next(0)).toEqual({ attempt: 2, waitMs: 0 });
  });

  it('gives up if the total wait would exceed a minute', () => {
    const budget = createRetryBudget(10);

    expect(budget.next(MAX_TOTAL_WAIT_MS - 1)).toBeDefined();
    expect(budget.next(2)).toBeUndefined();
    expect(createRetryBudget(10).next(MAX_TOTAL_WAIT_MS + 1)).toBeUndefined();
  });

  it('does nothing if retries are off', () => {
    expect(createRetryBudget(0).next(1)).toBeUndefined();
  });
});
