import { lazy } from '../../../base/lazy.ts';
import type { Measured, ParameterValues, Scorer } from '../metric.ts';
import { NO_REFERENCE, referenceTexts } from '../text/references.ts';
import { createTextSearch } from './search-text.ts';

/** Why a reference is no pattern; undefined if it is one, or if no reference is used. */
export function patternProblem({ value, flags = 'u' }: ParameterValues, reference: string): string | undefined {
  const compiled = value === undefined ? compilePattern(reference, String(flags)) : undefined;
  return typeof compiled === 'string' ? compiled : undefined;
}

/** The answer matches a pattern, or else one of the references as patterns: anywhere, unless the pattern has anchors. */
export function createRegexp({ value, flags = 'u' }: ParameterValues): Scorer {
  const search = lazy(createTextSearch);
  const compile = createCompiler(String(flags));
  return {
    async score(sample): Promise<Measured> {
      const patterns = value === undefined ? referenceTexts(sample) : [String(value)];
      if (patterns.length === 0) return NO_REFERENCE;
      for (const written of patterns) {
        const pattern = compile(written);
        if (typeof pattern === 'string') return { value: null, reason: pattern };
        const isFound = await search()(pattern, sample.output);
        if (isFound === undefined) return { value: null, reason: `${named(written)} took longer than a second.` };
        if (isFound) return { value: 1 };
      }
      return { value: 0, reason: `The answer does not match ${patterns.map(named).join(' or ')}.` };
    },
  };
}

const named = (pattern: string): string => `/${pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern}/`;

/** The pattern, or why it is invalid. The last one is kept: mostly all rows have the same. */
function createCompiler(flags: string): (pattern: string) => RegExp | string {
  let last: { written: string; compiled: RegExp | string } | undefined;
  return (written) => {
    if (last?.written !== written) last = { written, compiled: compilePattern(written, flags) };
    return last.compiled;
  };
}

/** A pattern, or a sentence that says why it is invalid. `g` and `y` are removed: they would search from where the last ended. */
export function compilePattern(pattern: string, flags: string): RegExp | string {
  try {
    return new RegExp(pattern, flags.replace(/[gy]/g, ''));
  } catch (error) {
    return error instanceof Error ? `${error.message}.` : String(error);
  }
}
