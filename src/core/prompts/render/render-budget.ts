import { formatNumber } from '../../../shared/format.ts';

/** How much one rendering may produce: nested loops over a list of thousands of entries would produce billions. */
export interface RenderLimits {
  /** Values that the template prints: `{{name}}`, each time it is reached. */
  values: number;
  /** Iterations of all loops together. */
  iterations: number;
  /** UTF-16 code units of the rendered text, and of JSON that the template produces without printing it. */
  characters: number;
}

/** The limits of a run: above any context window, and within the memory of an editor. */
export const RUN_LIMITS: RenderLimits = { values: 1_000_000, iterations: 2_000_000, characters: 32_000_000 };

/** The limits for automatic rendering, such as for the status bar: it takes less than 50 ms. */
export const BACKGROUND_LIMITS: RenderLimits = { values: 20_000, iterations: 40_000, characters: 8_000_000 };

const UNITS: Record<keyof RenderLimits, string> = {
  values: 'values',
  iterations: 'loop iterations',
  characters: 'characters of text',
};

export class RenderLimitError extends Error {
  override name = 'RenderLimitError';

  constructor(exceeded: keyof RenderLimits, limits: RenderLimits) {
    super(describeLimit(exceeded, limits));
  }
}

export function describeLimit(exceeded: keyof RenderLimits, limits: RenderLimits): string {
  return `more than ${formatNumber(limits[exceeded])} ${UNITS[exceeded]}`;
}

export type RenderBudget = ReturnType<typeof createRenderBudget>;

/** Counts while a template renders; each method throws RenderLimitError as soon as a limit is exceeded. */
export function createRenderBudget(first: RenderLimits) {
  const used = { values: 0, iterations: 0, characters: 0 };
  let limits = first;
  let tokens = 0;
  let written = 0;
  const add = (what: keyof RenderLimits, amount: number) => {
    used[what] += amount;
    if (used[what] > limits[what]) throw new RenderLimitError(what, limits);
  };
  return {
    /** For another rendering. */
    restart(next: RenderLimits): void {
      limits = next;
      Object.assign(used, { values: 0, iterations: 0, characters: 0 });
      tokens = 0;
      written = 0;
    },
    /** A value of this many code units is printed; until the end a token of `tokenLength` is in its place. */
    value(length: number, tokenLength: number): void {
      tokens += tokenLength;
      add('values', 1);
      add('characters', length);
    },
    /** An iteration of a loop, or that many messages of the history at once. */
    iteration: (count = 1) => add('iterations', count),
    /** Text that is produced and may never be printed. */
    scratch: (length: number): void => add('characters', length),
    /** Renders a part of the template and counts its text, nested parts once. */
    enclose(part: () => string): string {
      const before = written;
      const text = part();
      // text of inner parts is in this text too, unless it was dropped
      written = Math.max(written, before + text.length);
      if (written - tokens > limits.characters) throw new RenderLimitError('characters', limits);
      return text;
    },
  };
}
