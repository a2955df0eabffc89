import type { SourceValue } from './source-values.ts';

/** What a name stands for from here on; a program may give it another value later. */
export interface Definition {
  name: string;
  at: number;
  value: SourceValue;
}

export interface Program {
  source: string;
  python: boolean;
  definitions: Map<string, Definition[]>;
  /** Those that a call has taken. */
  used: Set<Definition>;
  notes: string[];
  /** Where in the source names are looked up from. */
  at: number;
  /** How many names led here: they may lead in a circle. */
  depth: number;
  /** A few lines of `a = a + a` double a text with each: there is an end to it. */
  lookUps: { left: number };
}

const MOST_STEPS = 8;

/** The value that a name has at the program's place: the nearest before it, or the first after it. */
export function lookUp(name: string, program: Program): Definition | undefined {
  const found = program.definitions.get(name);
  if (!found || program.depth > MOST_STEPS || program.lookUps.left <= 0) return undefined;
  program.lookUps.left -= 1;
  const before = found.findLast(({ at }) => at < program.at);
  // A function may use what the file defines below it; a value may not, and would lead in a circle.
  return before ?? (program.depth === 0 ? found[0] : undefined);
}

/** The program as it is where a name got its value. */
export function placeAt(program: Program, { at }: Definition): Program {
  return { ...program, at, depth: program.depth + 1 };
}

export interface Resolved {
  value: SourceValue;
  program: Program;
}

/** What a name stands for, and the place from which its own names are read; any other value as it is. */
export function resolve(value: SourceValue, program: Program): Resolved {
  if (value.kind !== 'name') return { value, program };
  const found = lookUp(value.name, program);
  if (!found) return { value, program };
  program.used.add(found);
  return { value: found.value, program: placeAt(program, found) };
}

/** JSON of a value that is written down whole; undefined as soon as anything in it is computed. */
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

/** A call's named arguments; JavaScript writes them as the one object that it passes. */
export function namedArguments({ items, entries }: SourceValue & { kind: 'call' }): ReadonlyMap<string, SourceValue> {
  const [first] = items;
  return entries.size === 0 && first?.kind === 'map' ? first.entries : entries;
}
