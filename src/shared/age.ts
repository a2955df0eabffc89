const UNITS: readonly (readonly [seconds: number, short: string, word: string])[] = [
  [365 * 86_400, 'y', 'year'],
  [30 * 86_400, 'mo', 'month'],
  [7 * 86_400, 'wk', 'week'],
  [86_400, 'd', 'day'],
  [3600, 'h', 'hour'],
  [60, 'min', 'minute'],
];

function ageIn(at: number, now: number): { count: number; short: string; word: string } | undefined {
  const seconds = (now - at) / 1000;
  const unit = UNITS.find(([length]) => seconds >= length);
  return unit && { count: Math.floor(seconds / unit[0]), short: unit[1], word: unit[2] };
}

/** `3 d`, for a row. If the clock is behind, `now`. */
export function ageOf(at: number, now: number): string {
  const age = ageIn(at, now);
  return age ? `${age.count} ${age.short}` : 'now';
}

/** `3 days ago`, for screen readers. */
export function ageInWords(at: number, now: number): string {
  const age = ageIn(at, now);
  return age ? `${age.count} ${age.word}${age.count === 1 ? '' : 's'} ago` : 'just now';
}
