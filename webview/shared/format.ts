/** Shown for what is unknown: never 0. */
export const UNKNOWN = '—';

const approximately = (text: string, estimated: boolean | undefined) => (estimated ? `≈ ${text}` : text);

/** 87, 1.9k, 12k, 1.2M. */
export function formatTokens(tokens: number | undefined, estimated?: boolean): string {
  if (tokens === undefined) return UNKNOWN;
  return approximately(shorten(Math.round(tokens)), estimated).replace('≈ ', '≈');
}

/** An estimate to the token, where parts are to add up: ≈1,912. */
export function formatTokensExactly(tokens: number | undefined): string {
  return tokens === undefined ? UNKNOWN : `≈${tokens.toLocaleString('en-US')}`;
}

function shorten(count: number): string {
  if (count < 1_000) return String(count);
  if (count < 9_950) return `${(count / 1_000).toFixed(1)}k`;
  if (count < 999_500) return `${Math.round(count / 1_000)}k`;
  return `${(count / 1_000_000).toFixed(count < 9_950_000 ? 1 : 0)}M`;
}

/** At least two decimals, two significant digits below a dollar: $0.0041, $0.10, $12.40, $1,240.40. As core's `usd.ts`. */
export function formatUsd(usd: number | undefined, estimated?: boolean): string {
  if (usd === undefined) return UNKNOWN;
  return approximately(dollars(usd), estimated);
}

function dollars(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 0.000_001) return '< $0.000001';
  if (usd < 0.995) return `$${trimZeros(usd.toFixed(Math.max(2, 1 - Math.floor(Math.log10(usd)))))}`;
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** `0.0040` says no more than `0.004`; whole cents keep both digits. */
function trimZeros(text: string): string {
  return text.replace(/(\.\d\d\d*?)0+$/, '$1');
}

/** The whole number, for a tooltip: $0.004123. */
export function formatUsdExactly(usd: number | undefined): string {
  if (usd === undefined) return UNKNOWN;
  if (usd === 0) return '$0';
  return `$${Number(usd.toPrecision(6)).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 12 })}`;
}

/** `335→82`, `335→≈91`, `335 in` while nothing has come: tokens in and out, in a line with other figures. */
export function formatTokenPair(
  { inputTokens, outputTokens }: { inputTokens?: number; outputTokens?: number },
  { estimated, ended }: { estimated: boolean; ended: boolean },
): string | undefined {
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  if (outputTokens === undefined && !ended) return `${formatTokens(inputTokens, estimated)} in`;
  return `${formatTokens(inputTokens, estimated)}→${formatTokens(outputTokens, estimated)}`;
}

/** 0.31 s, 12.4 s, 1:12 min. */
export function formatSeconds(ms: number | undefined): string {
  if (ms === undefined) return UNKNOWN;
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}

export function formatRate(tokensPerSecond: number | undefined): string {
  if (tokensPerSecond === undefined) return UNKNOWN;
  return `${tokensPerSecond < 9.95 ? tokensPerSecond.toFixed(1) : Math.round(tokensPerSecond)} tok/s`;
}

/** `2 cases`, `1 case`. */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? singular : plural}`;
}

/** Prices for a million tokens, input and output, not rounded: `$3.00 / $0.075`. */
export function formatPrices(prices: { inputUsd?: number; outputUsd?: number } | undefined): string {
  if (prices === undefined || (prices.inputUsd === undefined && prices.outputUsd === undefined)) return UNKNOWN;
  return `${formatUsdExactly(prices.inputUsd)} / ${formatUsdExactly(prices.outputUsd)}`;
}

/** 2026-11-23 14:02, in the reader's own time zone. */
export function formatDate(epochMs: number): string {
  const date = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `0:42`, `12:05`. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** `age, tenure and plan`. */
export function listWords(words: readonly string[]): string {
  return LIST.format(words);
}
