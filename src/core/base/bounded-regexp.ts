import { type Context, createContext, Script } from 'node:vm';
import { UserError } from './errors.ts';

/** Longer than any reasonable pattern needs on a megabyte of text, and short enough for an editor to wait. */
const LONGEST_MS = 200;

/**
 * A regular expression that someone else wrote, such as a schema's `pattern`. Throws SyntaxError for an invalid one.
 * One such as `(a+)+$` can run practically forever, and nothing in JavaScript interrupts it: not a timer, not Ctrl-C.
 * V8 does interrupt code that runs in a context with a time limit, regular expressions included.
 */
export function createBoundedRegExp(pattern: string, flags: string) {
  const compiled = new RegExp(pattern, flags);
  const longestQuick = longestQuickText(pattern);
  return {
    /** Throws UserError `invalid-prompt` if the pattern takes too long on this text. */
    test: (text: string): boolean => (text.length <= longestQuick ? compiled.test(text) : runBounded(compiled, text)),
    /** Of many texts, those that match. Undefined if they take longer than this together. */
    testEach: (texts: readonly string[], longestMs: number): boolean[] | undefined =>
      runEach(compiled, texts, longestMs),
    /** As `RegExp` prints itself, so that caches keyed by the expression's text work. */
    toString: (): string => String(compiled),
  };
}

const MOST_STEPS = 5_000_000;

/**
 * A time limit costs a thread, 0.3 ms, so short texts go without one: up to a length at which the worst case of the
 * pattern's repetitions is a few million steps. A repeated group may contain repetitions, so nothing is assumed of it.
 */
export function longestQuickText(pattern: string): number {
  if (/\)(?:[*+]|\{\d)/.test(pattern)) return 0;
  const repeats = pattern.match(/[*+]|\{\d+,/g)?.length ?? 0;
  return MOST_STEPS ** (1 / (repeats + (pattern.startsWith('^') ? 0 : 1)));
}

const testOne = new Script('pattern.test(text)');
const testEach = new Script('texts.map((text) => pattern.test(text))');
let context: Context | undefined;

function runBounded(pattern: RegExp, text: string): boolean {
  const result = runScript(testOne, { pattern, text }, LONGEST_MS);
  if (result !== undefined) return result === true;
  throw new UserError(`The pattern \`${pattern.source.slice(0, 100)}\` took longer than ${LONGEST_MS} ms on a value.`, {
    code: 'invalid-prompt',
    hint: 'Rewrite it without nested repetition such as `(a+)+`.',
  });
}

function runEach(pattern: RegExp, texts: readonly string[], longestMs: number): boolean[] | undefined {
  return runScript(testEach, { pattern, texts }, longestMs) as boolean[] | undefined;
}

/** Undefined if it takes too long. */
function runScript(script: Script, values: object, timeout: number): unknown {
  context ??= createContext({});
  Object.assign(context, values);
  try {
    return script.runInContext(context, { timeout });
  } catch (error) {
    // the error belongs to the other context and is not an instance of this one's Error
    if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return undefined;
  } finally {
    Object.assign(context, { pattern: undefined, text: undefined, texts: undefined });
  }
}
