import { isRecord } from '../../../../shared/is-record.ts';
import { addInput, expressionName, type InputDetails, type Inputs } from '../draft.ts';
import { cleanName, isReserved, pathText, rootPath } from './names.ts';

/** The template language whose rules apply. */
export type Engine = 'jinja' | 'nunjucks';

/** An open block: how it is closed, and for a loop the names that it defines. */
interface OpenBlock {
  keyword: 'for' | 'if';
  close: string;
  /** The names in the source. */
  names: readonly string[];
  /** The path of a loop's list. */
  list?: string;
}

export interface Conversion {
  inputs: Inputs;
  notes: string[];
  engine: Engine;
  open: OpenBlock[];
  /** The number of open loops. */
  loops: number;
  /** How the names of open loops are written; the innermost last. */
  locals: Map<string, string[][]>;
  /** Inputs that are tested by a condition, and those that are printed. */
  conditions: Set<string>;
  printed: Set<string>;
}

export function scopeOf(): Pick<Conversion, 'loops' | 'locals' | 'conditions' | 'printed'> {
  return { loops: 0, locals: new Map(), conditions: new Set(), printed: new Set() };
}

/** Deeper than anybody nests blocks, and far from the limit of the call stack. */
const MOST_DEPTH = 200;

export function openBlock(conversion: Conversion, block: OpenBlock): void {
  if (conversion.open.length >= MOST_DEPTH) throw new RangeError('The blocks are nested too deeply.');
  conversion.open.push(block);
  if (block.keyword === 'for') conversion.loops += 1;
}

export function closeBlock(conversion: Conversion): string | undefined {
  const block = conversion.open.pop();
  if (!block) return undefined;
  for (const name of block.names) conversion.locals.get(name)?.pop();
  if (block.keyword === 'for') conversion.loops -= 1;
  return block.close;
}

/** Defines a name of a loop, which is written as the given path. */
export function addLocal(conversion: Conversion, name: string, path: string[]): void {
  conversion.locals.set(name, [...(conversion.locals.get(name) ?? []), path]);
}

/** A name for a loop's element that is not a helper's. */
export const localName = (name: string): string => (isReserved(name) ? `${name}_item` : name);

export const isLocal = ({ locals }: Conversion, name: string): boolean => (locals.get(name)?.length ?? 0) > 0;

const PATH = /^([\p{L}_][\p{L}\p{N}_]*)((?:\.[\p{L}_][\p{L}\p{N}_]*|\[\s*(?:\d+|"[^"\\[\]]*"|'[^'\\[\]]*')\s*\])*)$/u;
const STEP = /\.([\p{L}\p{N}_]+)|\[\s*(?:(\d+)|["']([^"']*)["'])\s*\]/gu;
const MOST_PATH = 500;

/** A name and its members; undefined for any other expression. */
export function readPath(source: string): { head: string; steps: string[] } | undefined {
  const match = source.length > MOST_PATH ? null : PATH.exec(source);
  if (!match) return undefined;
  const steps = [...(match[2] ?? '').matchAll(STEP)].map((step) => step[1] ?? step[2] ?? step[3] ?? '');
  return { head: match[1] ?? '', steps };
}

const LOOP_DATA: Record<string, string> = { index0: '@index', first: '@first', last: '@last' };

/** A path in this format, and its variable among the inputs. */
export function pathOf(
  source: string,
  conversion: Conversion,
  details: InputDetails & { tested?: boolean } = {},
): string {
  const { tested = false, ...own } = details;
  const path = readPath(source);
  if (!path) return expressionInput(source, conversion, own);
  const { head, steps } = path;
  if (head === 'loop' && steps.length === 1 && conversion.loops > 0 && !isLocal(conversion, 'loop')) {
    return loopPath(steps[0] ?? '', conversion);
  }
  const local = conversion.locals.get(head)?.at(-1);
  if (local) return pathText([...local, ...steps]);
  const name = inputName(head, conversion);
  (tested ? conversion.conditions : conversion.printed).add(name);
  // A fact about a member does not apply to the whole.
  addInput(conversion.inputs, name, steps.length > 0 ? { type: 'any' } : own);
  return inScope(name, steps, conversion);
}

function inputName(head: string, { notes, inputs }: Conversion): string {
  if (inputs.has(head)) return head;
  const name = cleanName(head);
  if (name !== head) notes.push(`The variable \`${head}\` is now called \`${name}\`.`);
  return name;
}

function loopPath(member: string, { notes, open }: Conversion): string {
  if (member === 'length') {
    const list = open.findLast(({ keyword }) => keyword === 'for')?.list;
    if (list) return `${list}.length`;
  }
  const known = LOOP_DATA[member];
  if (known) return known;
  if (member === 'index') notes.push('`loop.index` counts from 1, and `{{@index}}` from 0.');
  else notes.push(`\`loop.${member}\` has no counterpart: it was replaced by \`{{@index}}\`, which counts from 0.`);
  return '@index';
}

/** An expression that no template can compute becomes a separate input. */
export function expressionInput(source: string, conversion: Conversion, details: InputDetails = {}): string {
  const shown = source.replace(/\s+/g, ' ').trim();
  const short = shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
  const words = shown.slice(0, 1_000).match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
  const description = `the value of ${short}`;
  const name = expressionName(conversion.inputs, words.slice(0, 3), { code: shown, description });
  addInput(conversion.inputs, name, { description, ...details });
  conversion.notes.push(`The expression \`${short}\` cannot run in a template: it became the input \`${name}\`.`);
  return inScope(name, [], conversion);
}

/** Inside a loop, plain names in this format belong to the element, so an input is reached from the root. */
export function inScope(name: string, steps: readonly string[], { loops }: Conversion): string {
  return loops > 0 ? rootPath([name, ...steps]) : pathText([name, ...steps]);
}

/** The type of an input by its default value. */
export function isMap({ inputs }: Conversion, name: string): boolean {
  return isRecord(inputs.get(name)?.default);
}
