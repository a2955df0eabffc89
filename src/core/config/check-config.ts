import { checkSchema, type SchemaProblem } from './check-schema.ts';
import type { ConfigProblem } from './config-problem.ts';
import type { ConfigSchema } from './schema-nodes.ts';

/** The keys are the path to the problem. */
export type Report = (
  keys: readonly string[],
  message: string,
  more?: Pick<ConfigProblem, 'severity' | 'bySchema' | 'code'> & {
    /** The key is wrong, not its value. */
    isOfKey?: boolean;
  },
) => void;

export interface ConfigRules<T> {
  schema: ConfigSchema;
  /** The start of messages about a field: `openai: ` for a field of `openai`. */
  nameEntry(key: string): string;
  severityOf?(problem: SchemaProblem): ConfigProblem['severity'];
  /** False for problems that are judged elsewhere, such as what another source may add. */
  isJudged?(problem: SchemaProblem): boolean;
  /** Builds the value from what matches the schema, and reports what a schema cannot express. */
  read(value: unknown, checks: ConfigChecks): T;
}

export interface ConfigChecks {
  report: Report;
  /** False if the schema does not allow the value at this path, whatever is below it. */
  fits(...keys: string[]): boolean;
  /** False if the schema does not allow something at this path or below it. */
  fitsWhole(...keys: string[]): boolean;
}

/**
 * Checks a value by its schema, then by code. If both find a problem at one path, the code's is reported, because it is
 * more specific; for problems that a schema cannot express, such as a secret, code sets `bySchema: false`.
 */
export function checkConfig<T>(value: unknown, rules: ConfigRules<T>, report: Report): T {
  const { schema, nameEntry, severityOf, isJudged = () => true } = rules;
  const found = value === undefined || value === null ? [] : checkSchema(schema, value).filter(isJudged);
  const pathOf = (keys: readonly string[]) => JSON.stringify(keys);
  const places = new Set(found.map(({ path }) => pathOf(path)));
  const reported = new Set<string>();
  const result = rules.read(value, {
    fits: (...keys) => !places.has(pathOf(keys)),
    fitsWhole: (...keys) => !found.some(({ path }) => keys.every((key, at) => path[at] === key)),
    report(keys, message, more) {
      reported.add(pathOf(keys));
      report(keys, message, { ...(places.has(pathOf(keys)) && { bySchema: true }), ...more });
    },
  });
  for (const problem of found) {
    const { path, message } = problem;
    if (reported.has(pathOf(path))) continue;
    const isOfKey = problem.keyword === 'false';
    const isOfField = path.filter((step) => !/^\d+$/.test(step)).length > 1 || isOfKey;
    const severity = severityOf?.(problem);
    const begin = isOfField ? nameEntry(path[0] ?? '') : '';
    report(path, begin + message, { ...(severity && { severity }), bySchema: true, isOfKey });
  }
  return result;
}

/** Where a value was written. */
export interface ConfigOrigin {
  /** The path of the file, or the name of the setting. */
  where: string;
  rangeOf?(keys: readonly string[], mark?: 'key'): ConfigProblem['range'];
}

/** The reported problems, in the order of the file. */
export function collectProblems({ where, rangeOf }: ConfigOrigin): { report: Report; problems(): ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  return {
    report(keys, message, { isOfKey, ...more } = {}) {
      const range = rangeOf?.(keys, isOfKey ? 'key' : undefined);
      problems.push({ where, message, ...(range && { range }), ...more });
    },
    problems: () => problems.toSorted((a, b) => (a.range?.start ?? 0) - (b.range?.start ?? 0)),
  };
}
