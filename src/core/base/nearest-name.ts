import damerauLevenshtein from 'damerau-levenshtein';

/** Names close to a misspelled one, best first; empty if none is close enough. */
export function nearestNames(wrong: string, names: Iterable<string>, limit = 3): string[] {
  const target = wrong.toLowerCase();
  const ranked: { name: string; score: number }[] = [];
  for (const name of new Set(names)) {
    const score = closeness(target, name.toLowerCase());
    if (score !== undefined) ranked.push({ name, score });
  }
  ranked.sort((a, b) => a.score - b.score || a.name.localeCompare(b.name));
  return ranked.slice(0, limit).map(({ name }) => name);
}

/** "Did you mean a, b or c?", or undefined if there are no names. */
export function didYouMean(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const last = names.at(-1) ?? '';
  return names.length === 1 ? `Did you mean ${last}?` : `Did you mean ${names.slice(0, -1).join(', ')} or ${last}?`;
}

/** Lower is nearer. A name that contains the other one (a date or a size is missing) counts as near. */
function closeness(target: string, name: string): number | undefined {
  if (target === name) return 0;
  const allowed = Math.max(1, Math.floor(Math.max(target.length, name.length) / 3));
  const contained = target.length >= 3 && (name.includes(target) || target.includes(name));
  const distance = editDistance(target, name, allowed);
  if (distance <= allowed) return distance;
  return contained ? allowed + Math.abs(name.length - target.length) / 100 : undefined;
}

/** Longer names are hardly misspelled, and the cost grows with the product of both lengths. */
const LONGEST = 200;

/** Damerau–Levenshtein distance (optimal string alignment); above `limit` it is `limit + 1`. */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > limit || Math.max(a.length, b.length) > LONGEST) return limit + 1;
  return Math.min(damerauLevenshtein(a, b).steps, limit + 1);
}
