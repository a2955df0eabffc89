import { memoizeRecent } from '../../base/memoize-recent.ts';
import type { Range } from '../../prompts/prompt.ts';
import { isHelper } from '../../prompts/template/template-checks.ts';
import { findRoles } from '../syntax/find-roles.ts';
import { parseTree } from '../syntax/parse-tree.ts';
import { argumentsOf, calledHelper, helperOf, isBare } from '../syntax/paths.ts';
import type {
  AnalyzedPrompt,
  BlockNode,
  Call,
  Expression,
  PathExpression,
  Reference,
  Statement,
} from '../syntax/tree.ts';
import { inputDeclarations } from './declarations.ts';

/** The contexts in which a name is looked up: each block that changes the context is one frame. */
interface Scope {
  /** The number of blocks that have changed the context; at 0 a plain name is an input. */
  depth: number;
  params: ReadonlyMap<string, Range>;
}

interface Walk {
  references: Reference[];
  inputs: ReadonlyMap<string, { range: Range }>;
}

const LOOP_DATA: ReadonlySet<string> = new Set(['index', 'key', 'first', 'last', 'root']);

/** The files of a few open editors, and those that a rename or a search of references processes with them. */
const KEPT = 8;

/** Reads a file and resolves every name in its template. Never throws. The tree is shared and must not be changed. */
export const analyzePrompt: (source: string) => AnalyzedPrompt = memoizeRecent(KEPT, analyze);

/** Enough for the partials of one prompt, and of the next. */
const KEPT_PARTIALS = 200;

/** The same for a partial: each check of a prompt needs those of its partials, which seldom change. */
export const analyzePartial: (source: string) => AnalyzedPrompt = memoizeRecent(KEPT_PARTIALS, analyze);

function analyze(source: string): AnalyzedPrompt {
  const tree = parseTree(source);
  const walk: Walk = { references: [], inputs: inputDeclarations(tree) };
  walkAll(tree.template.body, { depth: 0, params: new Map() }, walk);
  return { tree, references: walk.references, roles: findRoles(tree) };
}

function walkAll(statements: readonly Statement[], scope: Scope, walk: Walk): void {
  for (const statement of statements) walkStatement(statement, scope, walk);
}

function walkStatement(statement: Statement, scope: Scope, walk: Walk): void {
  if (statement.kind === 'mustache') walkCall(statement.call, scope, walk);
  else if (statement.kind === 'block') walkBlock(statement, scope, walk);
  else if (statement.kind === 'partial') {
    walkArguments(statement, scope, walk);
    walkAll(statement.body ?? [], scope, walk);
  }
}

/** `#each`, `#with` and a block of a variable's own name look up names in another object; `{{else}}` does not. */
function walkBlock(block: BlockNode, scope: Scope, walk: Walk): void {
  walkCall(block.call, scope, walk);
  const helper = helperOf(block.call, scope);
  const changes = !block.inverted && (!isHelper(helper) || helper === 'each' || helper === 'with');
  const params = withParams(block, scope.params);
  walkAll(block.body, { depth: scope.depth + (changes && helper !== 'inline' ? 1 : 0), params }, walk);
  walkAll(block.inverse?.body ?? [], scope, walk);
}

function withParams({ blockParams }: BlockNode, outer: Scope['params']): Scope['params'] {
  if (blockParams.length === 0) return outer;
  return new Map([...outer, ...blockParams.map(({ name, range }) => [name, range] as const)]);
}

function walkCall(call: Call, scope: Scope, walk: Walk): void {
  walkCallee(call, { helper: calledHelper(call, scope), scope }, walk);
}

function walkCallee(call: Call, { helper, scope }: { helper: string | undefined; scope: Scope }, walk: Walk): void {
  const { range } = call.path;
  if (helper === undefined) walkExpression(call.path, scope, walk);
  else {
    walk.references.push({ name: helper, range, pathRange: range, rest: [], kind: 'helper', declaration: undefined });
  }
  walkArguments(call, scope, walk);
}

function walkArguments(call: Parameters<typeof argumentsOf>[0], scope: Scope, walk: Walk): void {
  for (const value of argumentsOf(call)) walkExpression(value, scope, walk);
}

function walkExpression(expression: Expression, scope: Scope, walk: Walk): void {
  if (expression.kind === 'path') walkPath(expression, scope, walk);
  // A call in parentheses is a helper whatever its arguments.
  if (expression.kind === 'call') {
    walkCallee(expression.call, { helper: helperOf(expression.call, scope), scope }, walk);
  }
}

function walkPath(path: PathExpression, scope: Scope, walk: Walk): void {
  const [first, ...rest] = path.segments;
  if (!first) return;
  const add = (segment: typeof first, kind: Reference['kind'], declaration: Range | undefined) => {
    const after = path.segments.slice(path.segments.indexOf(segment) + 1).map(({ text }) => text);
    const { text: name, range } = segment;
    walk.references.push({ name, range, pathRange: path.range, rest: after, kind, declaration });
  };
  if (path.data) {
    const [property] = rest;
    if (first.text === 'root' && property) add(property, 'input', walk.inputs.get(property.text)?.range);
    else add(first, LOOP_DATA.has(first.text) ? 'loop-data' : 'context', undefined);
    return;
  }
  const param = isBare(path) ? scope.params.get(first.text) : undefined;
  if (param) add(first, 'block-param', param);
  else if (path.depth >= scope.depth) add(first, 'input', walk.inputs.get(first.text)?.range);
  else add(first, 'element', undefined);
}
