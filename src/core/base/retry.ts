/** Whatever the settings, a run never waits longer than this in total for retries. */
export const MAX_TOTAL_WAIT_MS = 60_000;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

interface HeaderReader {
  get(name: string): string | null;
}

/** The wait requested by a response: `retry-after-ms`, or `retry-after` in seconds or as an HTTP date. */
export function parseRetryAfter(headers: HeaderReader | undefined, now = Date.now()): number | undefined {
  const ms = parseNumber(headers?.get('retry-after-ms'));
  if (ms !== undefined) return ms;
  const raw = headers?.get('retry-after')?.trim();
  if (!raw) return undefined;
  // A header sent twice, by the server and by a gateway, is joined with a comma, which a date also contains.
  const seconds = parseNumber(raw) ?? parseNumber(/^[\d. ]+(?=,)/.exec(raw)?.[0]);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(raw);
  // Date.parse accepts '-3' as a month; an HTTP date starts with its day.
  return Number.isNaN(date) || !/^[A-Z][a-z]{2}/.test(raw) ? undefined : Math.max(0, date - now);
}

function parseNumber(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined || !/^\d+(\.\d+)?$/.test(text.trim())) return undefined;
  return Number(text);
}

export type RetryBudget = ReturnType<typeof createRetryBudget>;

/**
 * Counts attempts and waits. A wait requested by the server is used exactly; otherwise the wait doubles from half a
 * second, with jitter so that several columns do not retry at the same moment.
 */
export function createRetryBudget(maxRetries: number, random: () => number = Math.random) {
  let attempt = 0;
  let waited = 0;
  return {
    /** The wait before the next attempt, or undefined if there must not be another one. */
    next(retryAfterMs: number | undefined): { attempt: number; waitMs: number } | undefined {
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
