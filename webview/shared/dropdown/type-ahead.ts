const PAUSE_MS = 700;

/** Finds options by their first letters; letters in quick succession are one text, the same one again goes on. */
export interface TypeAhead {
  /** True while a space belongs to what is typed. */
  typing(): boolean;
  /** The option that fits after this key, from the one that is active now. */
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

/** `× 3` is found by 3: signs in front are not typed. */
function searched(label = ''): string {
  return label.replace(/^[^\p{Letter}\p{Number}]+/u, '').toLowerCase();
}
