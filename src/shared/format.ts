// One format for each quantity in panels, trees, the status bar and the terminal.

/** Shown for unknown values, never 0. */
export const UNKNOWN = '—';

/** The mark of an estimate. An exact zero needs none. */
const ESTIMATED = '≈';

/**
 * 87, 1.9k, 12k, 1.2M: tokens next to other figures, and the size of a context window. Two significant digits are
 * enough to compare; `formatTokensExactly` has the rest.
 */
export function formatTokens(tokens: number | undefined, estimated = false): string {
  if (tokens === undefined) return UNKNOWN;
  return mark(shorten(Math.round(tokens)), estimated && tokens !== 0);
}

/** 1,912: the exact number, for tooltips and sums. */
export function formatTokensExactly(tokens: number | undefined, estimated = false): string {
  if (tokens === undefined) return UNKNOWN;
  return mark(formatNumber(Math.round(tokens)), estimated && tokens !== 0);
}

/** `335→82`, `335→≈91`, or `335 in` before any output: input and output tokens, in a line with other figures. */
export function formatTokenPair(
  { inputTokens, outputTokens }: { inputTokens?: number; outputTokens?: number },
  { estimated, ended }: { estimated: boolean; ended: boolean },
): string | undefined {
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  if (outputTokens === undefined && !ended) return `${formatTokens(inputTokens, estimated)} in`;
  return `${formatTokens(inputTokens, estimated)}→${formatTokens(outputTokens, estimated)}`;
}

function shorten(count: number): string {
  if (count < 1_000) return String(count);
  if (count < 999_500) return `${shortNumber(count / 1_000)}k`;
  return `${shortNumber(count / 1_000_000)}M`;
}

/** One decimal below ten, otherwise none: `1.9`, `12`. `1.0` becomes `1`. */
function shortNumber(value: number): string {
  return value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));
}

/**
 * At least two decimals, and two significant digits below a dollar: $0.00000042, $0.0041, $0.10, $12.40, $1,240.40.
 * Never rounded to zero and never with an exponent, because a request may cost a thousandth of a cent.
 */
export function formatUsd(usd: number | undefined, estimated = false): string {
  if (usd === undefined) return UNKNOWN;
  const size = Math.abs(usd);
  const digits = size === 0 || size >= 0.995 ? 2 : Math.min(20, Math.max(2, 1 - Math.floor(Math.log10(size))));
  return mark(dollars(Number(usd.toFixed(digits)), digits), estimated && usd !== 0);
}

/** An amount with up to six significant digits, for a tooltip: $0.001923. */
export function formatUsdExactly(usd: number | undefined, estimated = false): string {
  if (usd === undefined) return UNKNOWN;
  return mark(dollars(Number(usd.toPrecision(6)), 20), estimated && usd !== 0);
}

export interface PricesPerMillion {
  inputUsd?: number | undefined;
  outputUsd?: number | undefined;
}

/** Exact input and output prices per million tokens: `$3.00 / $0.075`. */
export function formatPrices(prices: PricesPerMillion | undefined): string {
  if (prices?.inputUsd === undefined && prices?.outputUsd === undefined) return UNKNOWN;
  return `${formatUsdExactly(prices.inputUsd)} / ${formatUsdExactly(prices.outputUsd)}`;
}

/** The same with labels: `$3.00 in, $0.075 out per million`; undefined if neither is known. */
export function describePrices(prices: PricesPerMillion | undefined): string | undefined {
  if (prices?.inputUsd === undefined && prices?.outputUsd === undefined) return undefined;
  return `${formatUsdExactly(prices.inputUsd)} in, ${formatUsdExactly(prices.outputUsd)} out per million`;
}

function dollars(usd: number, maximumFractionDigits: number): string {
  if (usd === 0) return '$0';
  const size = Math.abs(usd).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits });
  return `${usd < 0 ? '-' : ''}$${size}`;
}

/** 0.31 s, 12.4 s, 1:12 min, 2:05 h. */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined) return UNKNOWN;
  // a difference may be negative: the unit follows its size, and what is written as zero has no sign
  if (ms < 0) return ms > -5 ? formatDuration(0) : `-${formatDuration(-ms)}`;
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${inSixties(whole)} min`;
  return `${inSixties(Math.round(seconds / 60))} h`;
}

/** A clock that counts up: `0:42`, `12:05`. */
export function formatClock(ms: number): string {
  return inSixties(Math.floor(ms / 1000));
}

function inSixties(count: number): string {
  return `${Math.floor(count / 60)}:${twoDigits(count % 60)}`;
}

/** 9.4 tok/s, 118 tok/s. */
export function formatRate(tokensPerSecond: number | undefined): string {
  if (tokensPerSecond === undefined) return UNKNOWN;
  return `${tokensPerSecond < 9.95 ? tokensPerSecond.toFixed(1) : Math.round(tokensPerSecond)} tok/s`;
}

/** `1.92 s ± 0.31 s`: a mean and its standard deviation, or only the mean for a single value. */
export function formatSpread(
  spread: { mean: number; deviation: number | undefined } | undefined,
  format: (value: number) => string,
): string {
  if (!spread) return UNKNOWN;
  return spread.deviation === undefined ? format(spread.mean) : `${format(spread.mean)} ± ${format(spread.deviation)}`;
}

/** A share from 0 to 1 as a whole percentage. Only exact values are shown as 100% and 0%. */
export function formatPercent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 100 && share < 1) return '99%';
  if (rounded === 0 && share > 0) return '1%';
  return `${rounded}%`;
}

/** 0.812, 48.5, 1,240: a score, or a difference of scores. */
export function formatScore(score: number | undefined): string {
  if (score === undefined) return UNKNOWN;
  return score.toLocaleString(
    'en-US',
    Math.abs(score) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  );
}

/** `p 0.04`, `p < 0.001`: the result of a test. */
export function formatP(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p ${Number(p.toPrecision(2))}`;
}

/** 1,234: a count. */
export function formatNumber(count: number): string {
  return count.toLocaleString('en-US');
}

/** `2 cases`, `1 case`, `1,234 runs`. */
export function formatCount(amount: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(amount)} ${amount === 1 ? singular : plural}`;
}

/** 512 bytes, 12 KB, 5.2 MB, in units of 1,024 as in VS Code. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return formatCount(bytes, 'byte');
  if (bytes < 1024 * 1024) return `${formatNumber(Math.ceil(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(/\.0$/, '')} MB`;
}

/** 2026-11-23 14:02, in the local time zone. */
export function formatDate(epochMs: number): string {
  const date = new Date(epochMs);
  const day = `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
  return `${day} ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

/** `age, tenure and plan`. */
export function formatList(items: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(items);
}

function mark(text: string, estimated: boolean): string {
  return estimated ? `${ESTIMATED}${text}` : text;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
