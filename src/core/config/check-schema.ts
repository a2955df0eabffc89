import { type OutputUnit, Validator } from '@cfworker/json-schema';
import { isRecord } from '../../shared/is-record.ts';
import { didYouMean, nearestNames } from '../base/nearest-name.ts';
import { type ConfigSchema, readPointer, schemaAt } from './schema-nodes.ts';

/** A violation of the schema. */
export interface SchemaProblem {
  path: readonly string[];
  /** `false` for a key that is not allowed. */
  keyword: string;
  /** `"timeoutMs" must be a number.`: about the last key of the path. */
  message: string;
}

/** They report that something within is wrong, which has its own error. */
const OUTER = /^(?:\$ref|allOf|properties|additionalProperties|patternProperties|propertyNames|items)$/;
/** They judge a map as a whole, which is not helpful while one of its values is wrong. */
const OF_WHOLE = /^(?:anyOf|oneOf|if|required|dependencies|minProperties)$/;

const validators = new WeakMap<ConfigSchema, Validator>();

/**
 * Checks a value against a JSON Schema (draft 7): one problem for each place. The schema's `errorMessage` and
 * `patternErrorMessage`, which YAML editors show as well, are the rest of a sentence that begins with the key.
 */
export function checkSchema(schema: ConfigSchema, value: unknown): SchemaProblem[] {
  const errors = validate(schema, value);
  if (errors === undefined) return [{ path: [], keyword: 'type', message: 'This has keys that are not Unicode text.' }];
  const found: SchemaProblem[] = [];
  const summedUp: string[] = [];
  for (const [index, error] of errors.entries()) {
    const { keyword, keywordLocation, instanceLocation } = error;
    if (summedUp.some((pointer) => keywordLocation.startsWith(pointer))) continue;
    // the error of a key that is not allowed has no position in the schema; the one before it has
    const holder = holderOf(schema, keyword === 'false' ? errors[index - 1] : error);
    const sum = summary(error, holder);
    if (sum !== undefined) summedUp.push(sum);
    else if (keyword === 'if' || OUTER.test(keyword)) continue;
    const path = readPointer(instanceLocation);
    found.push({ path, keyword, message: describe(keyword, { holder, path, value }) });
  }
  return onePerPlace(found);
}

/** Undefined if a key contains half a character: such a path has no pointer. */
function validate(schema: ConfigSchema, value: unknown): OutputUnit[] | undefined {
  const validator = validators.get(schema) ?? new Validator(structuredClone(schema), '7', false);
  validators.set(schema, validator);
  try {
    return validator.validate(withFiniteNumbers(value)).errors;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** A number that JSON cannot represent is not a number for a schema. */
function withFiniteNumbers(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(withFiniteNumbers);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withFiniteNumbers(item)]));
}

/** The schema that has the keyword of an error. */
function holderOf(root: ConfigSchema, error: OutputUnit | undefined): ConfigSchema {
  return (error && schemaAt(root, withoutLast(error.keywordLocation))) ?? {};
}

function withoutLast(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'));
}

/** The place in the schema whose errors share one message: alternatives, and a condition that has a message. */
function summary({ keyword, keywordLocation }: OutputUnit, { then }: ConfigSchema): string | undefined {
  if (keyword === 'anyOf' || keyword === 'oneOf') return `${keywordLocation}/`;
  const hasMessage = keyword === 'if' && isRecord(then) && then.errorMessage !== undefined;
  return hasMessage ? `${withoutLast(keywordLocation)}/then/` : undefined;
}

function onePerPlace(problems: readonly SchemaProblem[]): SchemaProblem[] {
  const placeOf = ({ path }: SchemaProblem) => path.map((step) => `${step}\n`).join('');
  const parts = problems.filter(({ keyword }) => !OF_WHOLE.test(keyword)).map(placeOf);
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const place = placeOf(problem);
    const isHidden = OF_WHOLE.test(problem.keyword) && parts.some((part) => part.startsWith(place));
    if (isHidden || seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}

interface Found {
  holder: ConfigSchema;
  path: readonly string[];
  /** The whole value that was checked. */
  value: unknown;
}

function describe(keyword: string, { holder, path, value }: Found): string {
  const name = path.findLast((step) => !/^\d+$/.test(step));
  const item = path.reduce((at, step) => (isRecord(at) || Array.isArray(at) ? Reflect.get(at, step) : at), value);
  if (keyword === 'false' && isRecord(holder.properties)) {
    return `unknown field "${name}". ${suggest(name ?? '', Object.keys(holder.properties))}`;
  }
  if (keyword === 'enum' && typeof item === 'string' && item !== '') {
    return `unknown ${name} "${item}". ${suggest(item, textsOf(holder.enum))}`;
  }
  const subject = name === undefined ? 'This' : `"${name}"`;
  return `${subject} ${messageOf(keyword, holder) ?? expectation(keyword, holder, item)}`;
}

function suggest(wrong: string, known: readonly string[]): string {
  return didYouMean(nearestNames(wrong, known, 1)) ?? `Known values: ${known.join(', ')}.`;
}

function messageOf(keyword: string, holder: ConfigSchema): string | undefined {
  const speaker = keyword === 'if' ? holder.then : holder;
  if (!isRecord(speaker)) return undefined;
  const text = (keyword === 'pattern' ? speaker.patternErrorMessage : undefined) ?? speaker.errorMessage;
  return typeof text === 'string' ? text : undefined;
}

const TYPES: Record<string, string> = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  null: 'empty',
};

function expectation(keyword: string, holder: ConfigSchema, item: unknown): string {
  switch (keyword) {
    case 'type':
      return `must be ${textsOf(holder.type)
        .map((type) => TYPES[type] ?? type)
        .join(' or ')}.`;
    case 'enum':
      return `must be one of ${textsOf(holder.enum).join(', ')}.`;
    case 'minimum':
      return `must be a number, ${holder.minimum} or more.`;
    case 'maximum':
      return `must be a number, ${holder.maximum} or less.`;
    case 'exclusiveMinimum':
      return `must be more than ${holder.exclusiveMinimum}.`;
    case 'required':
      return `needs ${textsOf(holder.required)
        .filter((name) => !isRecord(item) || !Object.hasOwn(item, name))
        .map((name) => `"${name}"`)
        .join(' and ')}.`;
    default:
      return 'has a value that is not allowed here.';
  }
}

function textsOf(list: unknown): string[] {
  const items: unknown[] = Array.isArray(list) ? list : [list];
  return items.filter((item) => typeof item === 'string');
}
