import { describeLimit, type RenderLimits, RUN_LIMITS } from '../../prompts/render/render-budget.ts';
import { MARKER_HELPERS } from '../../prompts/template/template-checks.ts';
import { analyzePartial } from '../analysis/analyze.ts';
import type { BlockNode, Expression, MustacheNode, PartialNode, PathExpression, Statement } from '../syntax/tree.ts';
import { bodiesOf, callName, statementsOf } from '../syntax/walk-tree.ts';
import { type CheckContext, report } from './check-context.ts';

/** Only this many entries of a long list are examined, and the sum is scaled to all of them. */
const SAMPLE = 100;
/** The number of statements after which the check gives up: it runs while the user types. */
const MAX_STEPS = 50_000;
const MAX_PARTIALS = 20;

interface Scope {
  value: unknown;
  parent: Scope | undefined;
  params: ReadonlyMap<string, unknown>;
  /** Enclosing partials. */
  depth: number;
}

interface Walk {
  context: CheckContext;
  root: unknown;
  steps: number;
}

/** Reports a template that renders more than a run may with its own default values: nested loops over long lists. */
export function checkRenderSize(context: CheckContext): void {
  const { prompt, analyzed } = context;
  const root = prompt.input.defaults;
  const scope = { value: root, parent: undefined, params: new Map<string, unknown>(), depth: 0 };
  const walk: Walk = { context, root, steps: 0 };
  for (const statement of analyzed.tree.template.body) {
    // each of several loops that are too large is reported: a few steps are enough to know
    const size = sizeOf([statement], scope, walk);
    const exceeded = LIMITS.find((limit) => size[limit] > RUN_LIMITS[limit]);
    if (!exceeded) continue;
    const range = statement.kind === 'block' ? statement.openRange : statement.range;
    const limit = describeLimit(exceeded, RUN_LIMITS);
    report(
      context,
      'render-limit',
      `With the defaults of this file, this renders ${limit}: a run would be refused.`,
      range,
    );
  }
}

const LIMITS = ['values', 'iterations', 'characters'] as const;
const NOTHING: RenderLimits = { values: 0, iterations: 0, characters: 0 };

function add(a: RenderLimits, b: RenderLimits): RenderLimits {
  return {
    values: a.values + b.values,
    iterations: a.iterations + b.iterations,
    characters: a.characters + b.characters,
  };
}

function times({ values, iterations, characters }: RenderLimits, factor: number): RenderLimits {
  return { values: values * factor, iterations: iterations * factor, characters: characters * factor };
}

function sizeOf(statements: readonly Statement[], scope: Scope, walk: Walk): RenderLimits {
  let sum = NOTHING;
  for (const statement of statements) {
    walk.steps += 1;
    if (walk.steps > MAX_STEPS) return sum;
    if (statement.kind === 'text') {
      sum = add(sum, { ...NOTHING, characters: statement.range.end - statement.range.start });
    } else if (statement.kind === 'mustache') sum = add(sum, mustacheSize(statement, scope, walk));
    else if (statement.kind === 'block') sum = add(sum, blockSize(statement, scope, walk));
    else if (statement.kind === 'partial') sum = add(sum, partialSize(statement, scope, walk));
  }
  return sum;
}

function mustacheSize({ call }: MustacheNode, scope: Scope, walk: Walk): RenderLimits {
  const name = callName(call);
  if (name !== undefined && MARKER_HELPERS.includes(name)) return NOTHING;
  const value = readValue(name === 'json' ? call.params[0] : call.path, scope, walk);
  return { values: 1, iterations: 0, characters: textLength(value) };
}

/** An object's JSON is not written to measure it: its size is checked when it is rendered. */
function textLength(value: unknown): number {
  return value === null || value === undefined || typeof value === 'object' ? 0 : String(value).length;
}

function blockSize(block: BlockNode, scope: Scope, walk: Walk): RenderLimits {
  const name = callName(block.call);
  const inverse = block.inverse?.body ?? [];
  if (name === 'ifEquals' || name === 'unlessEquals' || name === 'inline') {
    return larger(sizeOf(block.body, scope, walk), sizeOf(inverse, scope, walk));
  }
  const isHelper = name === 'if' || name === 'unless' || name === 'each' || name === 'with';
  const value = readValue(isHelper ? block.call.params[0] : block.call.path, scope, walk);
  const isTrue = isTruthy(value) !== (block.inverted || name === 'unless');
  if (name === 'if' || name === 'unless' || block.inverted || !isTrue) {
    return sizeOf(isTrue ? block.body : inverse, scope, walk);
  }
  const isList = name === 'each' || (name !== 'with' && Array.isArray(value));
  return isList
    ? loopSize(block, value, scope, walk)
    : sizeOf(block.body, enter(block, [undefined, value], scope), walk);
}

function larger(a: RenderLimits, b: RenderLimits): RenderLimits {
  return a.values > b.values || a.characters > b.characters ? a : b;
}

function loopSize(block: BlockNode, list: unknown, scope: Scope, walk: Walk): RenderLimits {
  const isFlat = ![...statementsOf(block.body)].some(
    (inner) =>
      inner.kind === 'partial' || (inner.kind === 'block' && bodiesOf(inner).length > 0 && !isCondition(inner)),
  );
  const { count, first } = sampleOf(list, isFlat ? 1 : SAMPLE);
  let sum = NOTHING;
  let looked = 0;
  for (const entry of first) {
    sum = add(sum, sizeOf(block.body, enter(block, entry, scope), walk));
    looked += 1;
    if (walk.steps > MAX_STEPS || LIMITS.some((limit) => sum[limit] > RUN_LIMITS[limit])) break;
  }
  const scaled = times(sum, count / Math.max(1, looked));
  return add(scaled, { ...NOTHING, iterations: count });
}

function isCondition({ call }: BlockNode): boolean {
  const name = callName(call);
  return name === 'if' || name === 'unless' || name === 'ifEquals' || name === 'unlessEquals';
}

function enter({ blockParams }: BlockNode, [key, value]: readonly [unknown, unknown], scope: Scope): Scope {
  const [first, second] = blockParams;
  const params = first ? new Map(scope.params).set(first.name, value) : scope.params;
  return { ...scope, value, parent: scope, params: second ? new Map(params).set(second.name, key) : params };
}

/** The number of entries, and the first of them, cached: an inner loop needs those of a long list again and again. */
function sampleOf(value: unknown, most: number): { count: number; first: [unknown, unknown][] } {
  if (Array.isArray(value)) return { count: value.length, first: [...value.slice(0, most).entries()] };
  if (typeof value !== 'object' || value === null) return { count: 0, first: [] };
  const keys = Object.keys(value);
  return { count: keys.length, first: keys.slice(0, most).map((key) => [key, lookUp(value, [key])]) };
}

/** As in Handlebars: an empty list is false. */
function isTruthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function partialSize({ name, params, hash, body }: PartialNode, scope: Scope, walk: Walk): RenderLimits {
  const { workspace, path } = walk.context;
  const partial = name === undefined ? undefined : workspace?.partial(name, path);
  if (!partial || scope.depth >= MAX_PARTIALS) return sizeOf(body ?? [], scope, walk);
  const base = params[0] ? readValue(params[0], scope, walk) : scope.value;
  const given = Object.fromEntries(hash.map(({ key, value }) => [key, readValue(value, scope, walk)]));
  const value = hash.length > 0 ? { ...(typeof base === 'object' ? base : {}), ...given } : base;
  const inner: Scope = { value, parent: undefined, params: new Map(), depth: scope.depth + 1 };
  return sizeOf(analyzePartial(partial.source).tree.template.body, inner, walk);
}

/** The value of an expression with the default values; undefined if unknown, such as for `@index`. */
function readValue(expression: Expression | undefined, scope: Scope, walk: Walk): unknown {
  if (expression === undefined || expression.kind === 'call') return undefined;
  if (expression.kind === 'literal') return expression.value;
  const names = expression.segments.map(({ text }) => text).filter((text) => text !== 'this' && text !== '.');
  if (expression.data) return names[0] === 'root' ? lookUp(walk.root, names.slice(1)) : undefined;
  const [first = '', ...rest] = names;
  if (isParam(expression, first, scope)) return lookUp(scope.params.get(first), rest);
  let at: Scope | undefined = scope;
  for (let up = 0; up < expression.depth; up += 1) at = at?.parent;
  return lookUp(at?.value, names);
}

function isParam({ depth, segments }: PathExpression, name: string, { params }: Scope): boolean {
  return depth === 0 && segments[0]?.text === name && params.has(name);
}

function lookUp(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (from, name) =>
      typeof from === 'object' && from !== null && Object.hasOwn(from, name)
        ? (from as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}
