import type { Measured, ParameterValues, Sample, Scorer } from '../metric.ts';
import { isEqualJson, readAnswerJson } from '../structure/answer-json.ts';
import { expectedAt, valueAtPath } from '../structure/value-at-path.ts';
import { splitWords } from './python-text.ts';
import { NO_REFERENCE, referenceTexts, toText } from './references.ts';

/** `value` of the metric's parameters, or else the references of the case. */
function expectedOf({ value }: ParameterValues, { references = [] }: Sample): readonly unknown[] {
  if (value !== undefined) return Array.isArray(value) ? value : [value];
  return references.filter((reference) => reference !== undefined && reference !== null);
}

const foldCase = (text: string, ignoreCase: unknown): string => (ignoreCase ? text.toLowerCase() : text);

const passed = (isPassed: boolean, reason: string): Measured => (isPassed ? { value: 1 } : { value: 0, reason });

const shown = (value: unknown): string => {
  const text = toText(value);
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
};

/** The answer equals an expected value: as text, as JSON if that value is not text, or the value at `path` of both. */
export function createEquals(parameters: ParameterValues): Scorer {
  const { path, ignoreCase, trim } = parameters;
  const normal = (text: string) => foldCase(trim ? text.trim() : text, ignoreCase);
  const equals = (value: unknown, expected: unknown) =>
    typeof value === 'string' && typeof expected === 'string'
      ? normal(value) === normal(expected)
      : isEqualJson(value, expected);
  const reasonFor = (found: unknown, expected: readonly unknown[]) =>
    `${shown(found)} is not ${expected.map(shown).join(' or ')}.`;
  return {
    async score(sample) {
      const expected = expectedOf(parameters, sample);
      if (expected.length === 0) return NO_REFERENCE;
      if (typeof path === 'string') return equalsAt(path, expected, { output: sample.output, equals });
      const isText = expected.some((one) => typeof one === 'string' && equals(sample.output, one));
      if (isText) return { value: 1 };
      const structured = expected.filter((one) => typeof one !== 'string');
      const json = structured.length > 0 ? await readAnswerJson(sample.output) : { problem: '' };
      const isEqual = 'value' in json && structured.some((one) => equals(json.value, one));
      return passed(isEqual, reasonFor(sample.output, expected));
    },
  };
}

interface Answer {
  output: string;
  equals(value: unknown, expected: unknown): boolean;
}

async function equalsAt(path: string, expected: readonly unknown[], { output, equals }: Answer): Promise<Measured> {
  const json = await readAnswerJson(output);
  if ('problem' in json) return { value: 0, reason: json.problem };
  const value = valueAtPath(json.value, path);
  if (value === undefined) return { value: 0, reason: `The answer has no ${path}.` };
  const wanted = expected.map((one) => expectedAt(path, one));
  return passed(
    wanted.some((one) => equals(value, one)),
    `${path} is ${shown(value)}, not ${wanted.map(shown).join(' or ')}.`,
  );
}

/** The answer contains the expected texts: one of them, or with `match: all` each. */
export function createContains(parameters: ParameterValues): Scorer {
  const { match = 'any', ignoreCase } = parameters;
  return {
    score(sample) {
      const expected = expectedOf(parameters, sample).map(toText);
      if (expected.length === 0) return NO_REFERENCE;
      const output = foldCase(sample.output, ignoreCase);
      const missing = expected.filter((one) => !output.includes(foldCase(one, ignoreCase)));
      const isPassed = match === 'all' ? missing.length === 0 : missing.length < expected.length;
      return passed(
        isPassed,
        `The answer does not contain ${missing.map(shown).join(match === 'all' ? ', ' : ' or ')}.`,
      );
    },
  };
}

/** The answer starts with one of the expected texts. */
export function createStartsWith(parameters: ParameterValues): Scorer {
  const { ignoreCase } = parameters;
  return {
    score(sample) {
      const expected = expectedOf(parameters, sample).map(toText);
      if (expected.length === 0) return NO_REFERENCE;
      const output = foldCase(sample.output, ignoreCase);
      const isPassed = expected.some((one) => output.startsWith(foldCase(one, ignoreCase)));
      return passed(isPassed, `The answer does not start with ${expected.map(shown).join(' or ')}.`);
    },
  };
}

/** The number of words, separated by white space. */
export function createWordCount(): Scorer {
  return { score: ({ output }) => ({ value: splitWords(output).length }) };
}

/** Comparing two texts of this many characters takes some seconds. */
const MOST_CELLS = 1e11;

/** The distance to the closest reference in insertions, deletions and substitutions of code points (Levenshtein 1966). */
export async function createLevenshtein({ ignoreCase }: ParameterValues): Promise<Scorer> {
  const { distance } = await import('fastest-levenshtein');
  return {
    score(sample) {
      const references = referenceTexts(sample).map((reference) => foldCase(reference, ignoreCase));
      if (references.length === 0) return NO_REFERENCE;
      const output = foldCase(sample.output, ignoreCase);
      const longest = Math.max(...references.map(({ length }) => length));
      if (output.length * longest > MOST_CELLS) {
        return { value: null, reason: 'The answer and the reference are too long to be compared.' };
      }
      return { value: Math.min(...references.map((reference) => distance(...inOneUnit(output, reference)))) };
    },
  };
}

const ASTRAL = /[\ud800-\udbff][\udc00-\udfff]/g;
/** Private use and the halves of pairs, which well-formed text does not have. */
const FREE = { start: 0xd800, end: 0xf900 };

/** The library counts units of UTF-16: code points of two units become one, the same in both texts. */
function inOneUnit(one: string, other: string): [string, string] {
  const astral = new Set([...(one.match(ASTRAL) ?? []), ...(other.match(ASTRAL) ?? [])]);
  if (astral.size === 0) return [one, other];
  const used = new Set(`${one}${other}`.replace(ASTRAL, ''));
  const units = new Map<string, string>();
  let code = FREE.start;
  for (const point of astral) {
    while (used.has(String.fromCharCode(code))) code += 1;
    units.set(point, String.fromCharCode(code >= FREE.end ? FREE.start : code));
    code += 1;
  }
  const replace = (text: string) => text.replace(ASTRAL, (point) => units.get(point) ?? point);
  return [replace(one), replace(other)];
}
