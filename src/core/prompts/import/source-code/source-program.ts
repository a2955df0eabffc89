import { addInput, type Draft } from '../draft.ts';
import { type Parameter, type Scope, scopesAround } from './source-scopes.ts';
import type { Syntax } from './source-syntax.ts';
import type { SourceValue } from './source-values.ts';

/** The value of a name from here on; a program may assign another one later. */
export interface Definition {
  name: string;
  at: number;
  value: SourceValue;
  /** The enclosing function. */
  scope?: Scope | undefined;
}

export interface Program extends Syntax {
  definitions: Map<string, Definition[]>;
  scopes: readonly Scope[];
  /** Those used by a call. */
  used: Set<Definition>;
  notes: string[];
  /** The position in the source from which names are looked up. */
  at: number;
  /** The number of names that led here: references may be circular. */
  depth: number;
  /** A few lines of `a = a + a` double a text with each, so the length is limited. */
  lookUps: { left: number };
}

const MOST_STEPS = 8;

/**
 * The value of a name at the program's position: the nearest before it in the innermost function that knows the name,
 * or the first after it. A parameter hides outer names.
 */
export function lookUp(name: string, program: Program): Definition | undefined {
  const found = program.definitions.get(name);
  if (!found || program.depth > MOST_STEPS || program.lookUps.left <= 0) return undefined;
  program.lookUps.left -= 1 + Math.floor(found.length / 50);
  for (const scope of [...scopesAround(program.scopes, program.at), undefined]) {
    const own = found.filter((definition) => definition.scope === scope);
    // A function may use later definitions of the file; a value may not, and would be circular.
    const local = own.findLast(({ at }) => at < program.at) ?? (program.depth === 0 && !scope ? own[0] : undefined);
    if (local) return local;
    if (scope?.parameters.has(name)) return undefined;
  }
  return undefined;
}

/** The parameter behind a name at the program's position, if nothing has been assigned to it. */
export function parameterOf(name: string, program: Program): Parameter | undefined {
  return scopesAround(program.scopes, program.at)
    .find(({ parameters }) => parameters.has(name))
    ?.parameters.get(name);
}

const TYPES: Record<string, string> = {
  str: 'string',
  string: 'string',
  int: 'integer',
  float: 'number',
  number: 'number',
  bool: 'boolean',
  boolean: 'boolean',
};

/** A parameter's default and type become those of its input. */
export function noteParameters({ inputs }: Draft, program: Program): void {
  for (const [name, details] of inputs) {
    const parameter = parameterOf(name, program);
    if (!parameter) continue;
    const type = /^([A-Za-z]+)(?:\s*\|\s*(?:None|null|undefined))?$/.exec(parameter.type ?? '')?.[1];
    const inner = /^Optional\[(\w+)\]$/.exec(parameter.type ?? '')?.[1];
    const given = plainValue(parameter.value, program);
    if (parameter.value && given === undefined && parameter.value.kind !== 'literal') {
      program.notes.push(`The default of the parameter \`${name}\` is computed by the program and is not imported.`);
    }
    addInput(inputs, name, { default: given ?? undefined, ...(given === null ? { optional: true } : {}) });
    const known = TYPES[inner ?? type ?? ''];
    if (known && details.type === undefined) inputs.set(name, { ...inputs.get(name), type: known });
  }
}

/** The program at the position where a name got its value. */
export function placeAt(program: Program, { at }: Definition): Program {
  return { ...program, at, depth: program.depth + 1 };
}

/** The value of a name, and the position from which its own names are looked up; any other value unchanged. */
export function resolve(value: SourceValue, program: Program): { value: SourceValue; program: Program } {
  if (value.kind !== 'name') return { value, program };
  const found = lookUp(value.name, program);
  if (!found) return { value, program };
  program.used.add(found);
  return { value: found.value, program: placeAt(program, found) };
}

/** JSON of a literal value; undefined as soon as anything in it is computed. */
export function plainValue(given: SourceValue | undefined, from: Program): unknown {
  if (!given) return undefined;
  const { value, program } = resolve(given, from);
  if (value.kind === 'literal') return value.value;
  if (value.kind === 'string') return value.parts.length === 1 ? value.parts[0] : undefined;
  if (value.kind === 'list') {
    const items = value.items.map((item) => plainValue(item, program));
    return items.includes(undefined) ? undefined : items;
  }
  if (value.kind !== 'map') return undefined;
  const entries = [...value.entries].map(([key, item]): [string, unknown] => [key, plainValue(item, program)]);
  return entries.some(([, item]) => item === undefined) ? undefined : Object.fromEntries(entries);
}

/** A call's named arguments; JavaScript passes them as one object. */
export function namedArguments({ items, entries }: SourceValue & { kind: 'call' }): ReadonlyMap<string, SourceValue> {
  const [first] = items;
  return entries.size === 0 && first?.kind === 'map' ? first.entries : entries;
}
