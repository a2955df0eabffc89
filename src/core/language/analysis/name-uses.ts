import type { Range } from '../../prompts/prompt.ts';
import { isHelper } from '../../prompts/template/template-checks.ts';
import { argumentsOf, calledHelper, helperOf, isBare } from '../syntax/paths.ts';
import type {
  AnalyzedPrompt,
  BlockNode,
  Call,
  Expression,
  PartialNode,
  PathExpression,
  Statement,
} from '../syntax/tree.ts';
import type { FindSchema } from './file-variables.ts';
import { schemaNamesIn } from './schema-names.ts';
import { declaredVariables, findDeclared } from './schema-variables.ts';

/** The names that lead to a value from the root of the input; lists are skipped: `items.name`. */
export type NamePath = readonly string[];

/** A place in a template that names a variable or a field of one. */
export interface NameUse {
  /** The partial that contains it; undefined in the prompt itself. */
  file: string | undefined;
  /** The partial that gets this named argument; undefined if the name is one of the prompt's own. */
  of: string | undefined;
  range: Range;
  names: NamePath;
}

export interface NameUses {
  uses: NameUse[];
  /** The partials that were visited. */
  partials: ReadonlySet<string>;
}

/** Finds a partial as a run of the prompt does. */
type PartialLookup = (name: string) => { path: string; prompt: AnalyzedPrompt } | undefined;

/** A partial that calls itself is entered again, since its names may then refer to elements; but only a few times. */
const MOST_TIMES = 2;
const MOST_PARTIALS = 500;

interface Context {
  /** Undefined if nothing is known about the value. */
  names: NamePath | undefined;
  /** The named arguments of a partial's call, which take precedence over its context. */
  given: ReadonlyMap<string, NamePath | undefined>;
}

interface Scope {
  /** The innermost last. */
  contexts: readonly Context[];
  params: ReadonlyMap<string, NamePath | undefined>;
}

interface Walk {
  file: string | undefined;
  uses: NameUse[];
  partials: Map<string, number>;
  entered: { count: number };
  typeOf(names: NamePath | undefined): string | undefined;
  lookup: PartialLookup | undefined;
}

const NOTHING: ReadonlyMap<string, undefined> = new Map();
const ROOT: Scope = { contexts: [{ names: [], given: NOTHING }], params: NOTHING };
const known = new WeakMap<AnalyzedPrompt, NameUses>();

/** Resolves every name of a template by the enclosing blocks; with `lookup`, also in the partials that it calls. */
export function nameUses(
  prompt: AnalyzedPrompt,
  { lookup, findSchema }: { lookup?: PartialLookup; findSchema?: FindSchema } = {},
): NameUses {
  // schemas may change while the prompt does not
  const isOwn = !lookup && (!findSchema || schemaNamesIn(prompt.tree).length === 0);
  const made = isOwn ? known.get(prompt) : undefined;
  if (made) return made;
  const variables = declaredVariables(prompt.tree, findSchema);
  const walk: Walk = {
    file: undefined,
    uses: [],
    partials: new Map(),
    entered: { count: 0 },
    typeOf: (names) => names && findDeclared(variables, names)?.type,
    lookup,
  };
  walkAll(prompt.tree.template.body, ROOT, walk);
  const found = { uses: walk.uses, partials: new Set(walk.partials.keys()) };
  if (isOwn) known.set(prompt, found);
  return found;
}

function walkAll(statements: readonly Statement[], scope: Scope, walk: Walk): void {
  for (const statement of statements) {
    if (statement.kind === 'mustache') walkCall(statement.call, scope, walk);
    else if (statement.kind === 'block') walkBlock(statement, scope, walk);
    else if (statement.kind === 'partial') walkPartial(statement, scope, walk);
  }
}

function walkBlock(block: BlockNode, scope: Scope, walk: Walk): void {
  const before = walk.uses.length;
  const own = walkCall(block.call, scope, walk);
  if (own) addClosing(block, walk.uses.slice(before), walk);
  walkAll(block.body, block.inverted ? scope : innerScope(block, { scope, own, walk }), walk);
  walkAll(block.inverse?.body ?? [], scope, walk);
}

/** The closing tag of `{{#items}}…{{/items}}` has the same name as the opening one. */
function addClosing({ call, close }: BlockNode, opening: readonly NameUse[], walk: Walk): void {
  const { start, end } = call.path.range;
  const isSame = close && close.nameRange.end - close.nameRange.start === end - start;
  if (!isSame) return;
  const by = close.nameRange.start - start;
  for (const { range, names } of opening) add(walk, { range: { start: range.start + by, end: range.end + by }, names });
}

/** `#each`, `#with` and a block of a variable's own name look up names in another value; a condition does not. */
function innerScope(
  block: BlockNode,
  { scope, own, walk }: { scope: Scope; own: NamePath | undefined; walk: Walk },
): Scope {
  const helper = helperOf(block.call, scope);
  const [argument] = block.call.params;
  const isLoop = helper === 'each' || helper === 'with';
  if (!isLoop && isHelper(helper)) return scope;
  const target = isLoop ? resolve(argument, scope) : own;
  const type = walk.typeOf(target);
  if (helper === 'inline' || (!isLoop && type === 'boolean')) return scope;
  // the elements of a map have its values' names, which no path of names leads to
  const names = helper === 'each' && type === 'object' ? undefined : target;
  const params = new Map(scope.params);
  for (const [at, { name }] of block.blockParams.entries()) params.set(name, at === 0 && isLoop ? names : undefined);
  return { contexts: [...scope.contexts, { names, given: NOTHING }], params };
}

function walkPartial(node: PartialNode, scope: Scope, walk: Walk): void {
  walkArguments(node, scope, walk);
  walkAll(node.body ?? [], scope, walk);
  const found = node.name === undefined ? undefined : walk.lookup?.(node.name);
  if (!found) return;
  const { path, prompt } = found;
  for (const { key, keyRange } of node.hash) {
    walk.uses.push({ file: walk.file, of: path, range: keyRange, names: [key] });
  }
  const times = walk.partials.get(path) ?? 0;
  if (times >= MOST_TIMES || walk.entered.count >= MOST_PARTIALS) return;
  walk.partials.set(path, times + 1);
  walk.entered.count += 1;
  const [context] = node.params;
  const outer = scope.contexts.at(-1);
  const names = context ? resolve(context, scope) : outer?.names;
  const given = new Map<string, NamePath | undefined>(context ? [] : outer?.given);
  for (const { key, value } of node.hash) given.set(key, resolve(value, scope));
  const inside = { ...walk, file: path };
  walkAll(prompt.tree.template.body, { contexts: [{ names, given }], params: NOTHING }, inside);
  walk.partials.set(path, times);
}

/** The path of a call that is not a helper's. */
function walkCall(call: Call, scope: Scope, walk: Walk): NamePath | undefined {
  const own = calledHelper(call, scope) === undefined ? walkExpression(call.path, scope, walk) : undefined;
  walkArguments(call, scope, walk);
  return own;
}

function walkArguments(call: Parameters<typeof argumentsOf>[0], scope: Scope, walk: Walk): void {
  for (const value of argumentsOf(call)) walkExpression(value, scope, walk);
}

function walkExpression(expression: Expression, scope: Scope, walk: Walk): NamePath | undefined {
  if (expression.kind === 'path') return walkPath(expression, scope, (use) => add(walk, use));
  if (expression.kind === 'call') {
    if (helperOf(expression.call, scope) === undefined) walkExpression(expression.call.path, scope, walk);
    walkArguments(expression.call, scope, walk);
  }
  return undefined;
}

function add(walk: Walk, { range, names }: { range: Range; names: NamePath }): void {
  walk.uses.push({ file: walk.file, of: undefined, range, names });
}

function resolve(expression: Expression | undefined, scope: Scope): NamePath | undefined {
  return expression?.kind === 'path' ? walkPath(expression, scope, () => undefined) : undefined;
}

/** The value of a path, and each of the input's names on the way there. */
function walkPath(
  path: PathExpression,
  scope: Scope,
  use: (found: { range: Range; names: NamePath }) => void,
): NamePath | undefined {
  const [start, segments] = startOf(path, scope);
  let names = start;
  for (const { text, range } of segments) {
    // an element of a list has the list's own path
    if (names === undefined || /^\d+$/.test(text)) continue;
    names = [...names, text];
    use({ range, names });
  }
  return names;
}

function startOf(path: PathExpression, scope: Scope): [NamePath | undefined, PathExpression['segments']] {
  const { segments, data, depth } = path;
  const [first] = segments;
  const rest = segments.slice(1);
  if (data) return first?.text === 'root' ? [[], rest] : [undefined, []];
  if (first && isBare(path) && scope.params.has(first.text)) return [scope.params.get(first.text), rest];
  const outermost = scope.contexts[0];
  const context = scope.contexts.at(-1 - depth) ?? (outermost?.names?.length === 0 ? outermost : undefined);
  if (first && context?.given.has(first.text)) return [context.given.get(first.text), rest];
  return [context?.names, segments];
}
