/** However patient the settings, a run never waits longer than this in all for retries. */
export const MAX_TOTAL_WAIT_MS = 60_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

interface HeaderReader {
  get(name: string): string | null;
}

/** The wait that a response asks for: `retry-after-ms`, or `retry-after` in seconds or as an HTTP date. */
export function parseRetryAfter(headers: HeaderReader | undefined, now = Date.now()): number | undefined {
  const ms = parseNumber(headers?.get('retry-after-ms'));
  if (ms !== undefined) return ms;
  const raw = headers?.get('retry-after')?.trim();
  if (!raw) return undefined;
  // A header that came twice, from the server and from a gateway, is joined with a comma, which a date has as well.
  const seconds = parseNumber(raw) ?? parseNumber(/^[\d. ]+(?=,)/.exec(raw)?.[0]);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(raw);
  // Date.parse takes '-3' for a month; an HTTP date names its day.
  return Number.isNaN(date) || !/^[A-Z][a-z]{2}/.test(raw) ? undefined : Math.max(0, date - now);
}

function parseNumber(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined || !/^\d+(\.\d+)?$/.test(text.trim())) return undefined;
  return Number(text);
}

export interface RetryBudget {
  /** The wait before the next attempt, or undefined when another one would be too many or too late. */
  next(retryAfterMs: number | undefined): { attempt: number; waitMs: number } | undefined;
}

/**
 * Counts attempts and waits. What the server asks for is honoured, plus nothing; without a word from it the wait
 * doubles from half a second, with jitter so that several columns do not come back together.
 */
export function createRetryBudget(maxRetries: number, random: () => number = Math.random): RetryBudget {
  let attempt = 0;
  let waited = 0;
  return {
    next(retryAfterMs) {
      if (attempt >= maxRetries) return undefined;
      const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** attempt, LONGEST_BACKOFF_MS) * (0.75 + random() * 0.25);
      const waitMs = Math.round(retryAfterMs ?? backoff);
      if (waited + waitMs > MAX_TOTAL_WAIT_MS) return undefined;
      waited += waitMs;
      attempt += 1;
      return { attempt, waitMs };
    },
  };
}
