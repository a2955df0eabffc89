/** Names close to a wrong one, best first; none where nothing is close enough to be what was meant. */
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

/** "Did you mean a, b or c?", or undefined where there is nothing to offer. */
export function didYouMean(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const last = names.at(-1) ?? '';
  return names.length === 1 ? `Did you mean ${last}?` : `Did you mean ${names.slice(0, -1).join(', ')} or ${last}?`;
}

/** Lower is nearer. A name that holds the other whole (a date or a size left out) counts as near. */
function closeness(target: string, name: string): number | undefined {
  if (target === name) return 0;
  const allowed = Math.max(1, Math.floor(Math.max(target.length, name.length) / 3));
  const contained = target.length >= 3 && (name.includes(target) || target.includes(name));
  const distance = editDistance(target, name, allowed);
  if (distance <= allowed) return distance;
  return contained ? allowed + Math.abs(name.length - target.length) / 100 : undefined;
}

/**
 * Damerau–Levenshtein distance in its optimal-string-alignment form: insert, delete, replace, swap of neighbours.
 * Gives up with a number over `limit` as soon as the distance is known to be more than that.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
      smallest = Math.min(smallest, cost);
    }
    if (smallest > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
