import { type Context, createContext, Script } from 'node:vm';
import { UserError } from './errors.ts';

/** Longer than any honest pattern takes on a megabyte of text, and short enough for an editor to wait. */
const LONGEST_MS = 200;

export interface BoundedRegExp {
  /** Throws UserError `invalid-prompt` where the pattern takes too long on this text. */
  test(text: string): boolean;
  /** As `RegExp` writes itself: whoever keeps expressions by their text may keep these. */
  toString(): string;
}

/**
 * A regular expression that somebody else wrote, such as a schema's `pattern`. Throws SyntaxError for one that is wrong.
 * One such as `(a+)+$` can take longer than the universe exists, and nothing in JavaScript ends it: not a timer, not
 * Ctrl-C. V8 does end what runs in a context with a time limit, regular expressions included.
 */
export function createBoundedRegExp(pattern: string, flags: string): BoundedRegExp {
  const compiled = new RegExp(pattern, flags);
  const longestQuick = longestQuickText(pattern);
  return {
    test: (text) => (text.length <= longestQuick ? compiled.test(text) : runBounded(compiled, text)),
    toString: () => String(compiled),
  };
}

const MOST_STEPS = 5_000_000;

/**
 * A time limit costs a thread, 0.3 ms, so short texts go without: up to a length whose power by the number of repetitions,
 * and one more where the pattern may begin anywhere, is a few million steps. A repeated group may hold repetitions, and
 * then nothing is known.
 */
function longestQuickText(pattern: string): number {
  if (/\)(?:[*+]|\{\d)/.test(pattern)) return 0;
  const repeats = pattern.match(/[*+]|\{\d+,/g)?.length ?? 0;
  return MOST_STEPS ** (1 / (repeats + (pattern.startsWith('^') ? 0 : 1)));
}

const script = new Script('pattern.test(text)');
let context: Context | undefined;

function runBounded(pattern: RegExp, text: string): boolean {
  context ??= createContext({});
  Object.assign(context, { pattern, text });
  try {
    return script.runInContext(context, { timeout: LONGEST_MS }) === true;
  } catch (error) {
    // the error belongs to the context, and is no instance of this one's Error
    if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new UserError(
      `The pattern \`${pattern.source.slice(0, 100)}\` took longer than ${LONGEST_MS} ms on a value.`,
      {
        code: 'invalid-prompt',
        hint: 'Rewrite it without nested repetition such as `(a+)+`.',
      },
    );
  } finally {
    Object.assign(context, { pattern: undefined, text: undefined });
  }
}
