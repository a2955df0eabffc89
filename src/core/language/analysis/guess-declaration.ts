import { picoschemaFromExample } from '../../prompts/schema/schema-from-example.ts';
import type { AnalyzedPrompt, Expression } from '../syntax/tree.ts';
import { callName, statementsOf } from '../syntax/walk-tree.ts';
import { isSamePath } from './find-symbol.ts';
import { type NamePath, nameUses } from './name-uses.ts';

interface GuessedDeclaration {
  /** Picoschema, without indentation. */
  lines: string[];
  /** For display: `string`, `list`, `object`. */
  shown: string;
}

/** Deeper uses are not written out. */
const DEEPEST = 6;

/** A declaration for a variable: by a dataset's rows, otherwise by its uses in the template. */
export function guessDeclaration(
  name: string,
  analyzed: AnalyzedPrompt,
  rows: readonly Record<string, unknown>[] = [],
): GuessedDeclaration {
  const lines = linesOfValues(name, rows) ?? linesOfUse([name], analyzed, DEEPEST);
  const [first = ''] = lines;
  const kind = /\((\w+)\)/.exec(first)?.[1] ?? first.slice(first.indexOf(':') + 1).trim();
  return { lines, shown: kind === 'array' ? 'list' : kind };
}

/** Undefined if no row has a meaningful value. */
function linesOfValues(name: string, rows: readonly Record<string, unknown>[]): string[] | undefined {
  const having = rows.filter((row) => Object.hasOwn(row, name) && row[name] !== null && row[name] !== '');
  if (having.length === 0) return undefined;
  const [, ...lines] = picoschemaFromExample(having.map((row) => ({ [name]: row[name] }))) ?? [];
  const [first = ''] = lines;
  return first.trim().startsWith(name) ? lines.map((line) => line.slice(2)) : undefined;
}

/** A value that is looped over is a list, one with fields is a map; a value that is only tested is a boolean. */
function linesOfUse(names: NamePath, analyzed: AnalyzedPrompt, depth: number): string[] {
  const name = names.at(-1) ?? '';
  const { uses } = nameUses(analyzed);
  const ways = waysOf(names, analyzed);
  const isList = ways.includes('each');
  const below = uses.filter(
    (use) => use.names.length === names.length + 1 && isSamePath(use.names.slice(0, -1), names),
  );
  const fields = [...new Set(below.map((use) => use.names.at(-1) ?? ''))].filter(
    (field) => field !== 'length' && /^[A-Za-z_][\w-]*$/.test(field),
  );
  if (fields.length > 0 && depth > 0) {
    const inner = fields.flatMap((field) => linesOfUse([...names, field], analyzed, depth - 1));
    return [`${name}(${isList ? 'array' : 'object'}):`, ...inner.map((line) => `  ${line}`)];
  }
  if (isList) return [`${name}(array): any`];
  if (fields.length > 0 || ways.includes('json')) return [`${name}: any`];
  if (ways.length > 0 && ways.every((way) => way === 'test' || way === 'boolean')) return [`${name}: boolean`];
  return [`${name}: ${ways.includes('number') ? 'number' : 'string'}`];
}

type Way = 'each' | 'test' | 'json' | 'number' | 'boolean' | 'other';

/** How each use of a name treats its value. */
function waysOf(names: NamePath, analyzed: AnalyzedPrompt): Way[] {
  const starts = new Set(
    nameUses(analyzed)
      .uses.filter((use) => isSamePath(use.names, names))
      .map(({ range }) => range.end),
  );
  const isUse = (expression: Expression | undefined) => expression?.kind === 'path' && starts.has(expression.range.end);
  const ways: Way[] = [];
  for (const statement of statementsOf(analyzed.tree.template.body)) {
    if (statement.kind !== 'block' && statement.kind !== 'mustache') continue;
    const { call } = statement;
    const helper = callName(call);
    if (statement.kind === 'mustache' && isUse(call.path)) ways.push('other');
    for (const param of call.params)
      if (isUse(param))
        ways.push(
          wayOf(
            helper,
            call.params.find((one) => one !== param),
          ),
        );
  }
  return ways;
}

function wayOf(helper: string | undefined, other: Expression | undefined): Way {
  if (helper === 'each' || helper === 'json') return helper;
  if (helper === 'if' || helper === 'unless') return 'test';
  const compared = helper === 'ifEquals' || helper === 'unlessEquals';
  const type = compared && other?.kind === 'literal' ? typeof other.value : undefined;
  return type === 'number' || type === 'boolean' ? type : 'other';
}
