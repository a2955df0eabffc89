import { formatNumber } from '../../../shared/format.ts';

/** How much one rendering may produce. Loops within loops over a list of some thousand entries ask for billions. */
export interface RenderLimits {
  /** Values that the template writes: `{{name}}`, each time it is reached. */
  values: number;
  /** Turns of loops, all loops together. */
  iterations: number;
  /** UTF-16 code units of the rendered text, and of JSON that the template makes and does not write. */
  characters: number;
}

/** What a run may render: beyond any context window, and within the memory of an editor. */
export const RUN_LIMITS: RenderLimits = { values: 1_000_000, iterations: 2_000_000, characters: 32_000_000 };

/** What may be rendered without anybody having asked for it, such as for the status bar: it takes less than 50 ms. */
export const UNASKED_LIMITS: RenderLimits = { values: 20_000, iterations: 40_000, characters: 8_000_000 };

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

export interface RenderBudget {
  /** A value of so many code units is written; until the end a token of `tokenLength` is in its place. */
  value(length: number, tokenLength: number): void;
  /** A turn of a loop, or so many messages of the history in one. */
  iteration(count?: number): void;
  /** Text that is made and may never be written. */
  scratch(length: number): void;
  /** Runs a part of the template and counts the text it gives, parts within parts once. */
  enclose(part: () => string): string;
}

/** Counts while a template renders; each method throws RenderLimitError as soon as a limit is passed. */
export function createRenderBudget(limits: RenderLimits): RenderBudget {
  const used = { values: 0, iterations: 0, characters: 0 };
  let tokens = 0;
  let written = 0;
  const add = (what: keyof RenderLimits, amount: number) => {
    used[what] += amount;
    if (used[what] > limits[what]) throw new RenderLimitError(what, limits);
  };
  return {
    value(length, tokenLength) {
      tokens += tokenLength;
      add('values', 1);
      add('characters', length);
    },
    iteration: (count = 1) => add('iterations', count),
    scratch: (length) => add('characters', length),
    enclose(part) {
      const before = written;
      const text = part();
      // what inner parts counted is in this text too, unless it was dropped
      written = Math.max(written, before + text.length);
      if (written - tokens > limits.characters) throw new RenderLimitError('characters', limits);
      return text;
    },
  };
}
