const PAUSE_MS = 700;

/**
 * Finds options by their first letters. Letters in quick succession form one text; repeating a letter moves to the next
 * match.
 */
interface TypeAhead {
  /** True while a space is part of the typed text. */
  typing(): boolean;
  /** The matching option after this key, starting from the active one. */
  find(key: string, labels: readonly string[], active: number): number | undefined;
}

export function createTypeAhead(now: () => number = Date.now): TypeAhead {
  let text = '';
  let last = Number.NEGATIVE_INFINITY;
  const typing = () => text !== '' && now() - last < PAUSE_MS;
  return {
    typing,
    find(key, labels, active) {
      text = (typing() ? text : '') + key.toLowerCase();
      last = now();
      const same = [...text].every((letter) => letter === text[0]);
      const wanted = same ? key.toLowerCase() : text;
      const from = same ? active + 1 : Math.max(0, active);
      for (let step = 0; step < labels.length; step++) {
        const index = (from + step) % labels.length;
        if (searched(labels[index]).startsWith(wanted)) return index;
      }
      return undefined;
    },
  };
}

/** Leading symbols are ignored, so that `× 3` is found by 3. */
function searched(label = ''): string {
  return label.replace(/^[^\p{Letter}\p{Number}]+/u, '').toLowerCase();
}
