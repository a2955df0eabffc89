import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import Handlebars from 'handlebars/dist/cjs/handlebars.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { checkPrompt } from '../../../src/core/language/diagnostics/check-prompt.ts';
import { parseTree } from '../../../src/core/language/syntax/parse-tree.ts';
import type { Call, Expression, HashPair, Statement } from '../../../src/core/language/syntax/tree.ts';
import { printTree } from './print-tree.ts';

const root = path.join(import.meta.dirname, '../../..');
const specFolder = path.join(root, 'test/fixtures/dotprompt-spec');
const specTemplates = readdirSync(specFolder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => parse(readFileSync(path.join(specFolder, file), 'utf8')) as Record<string, unknown>[])
  .flatMap(({ template, partials, resolverPartials }) => [
    String(template),
    ...Object.values({ ...(partials ?? {}), ...(resolverPartials ?? {}) }).map(String),
  ]);
const samples = path.join(root, 'media/sample-workspace/prompts');
const sources = [
  ...specTemplates,
  ...readdirSync(samples).map((file) => readFileSync(path.join(samples, file), 'utf8')),
];

/** Templates that Handlebars accepts. */
const name = fc.constantFrom('a', 'user', 'first_name', 'x-y', 'if2', 'asx', 'elsewhere');
const pathText = fc.oneof(
  { weight: 4, arbitrary: name },
  fc.tuple(fc.constantFrom('', '../', '../../', 'this.', './', '@root.', '@'), name).map((parts) => parts.join('')),
  fc.tuple(name, name).map(([first, second]) => `${first}.[${second} z].${second}`),
  fc.constantFrom('this', '.', '..', '@index', '[odd name]', '../this'),
);
const value: fc.Arbitrary<string> = fc.oneof(
  pathText,
  fc.constantFrom('1', '-2.5', 'true', 'null', 'undefined', '"text"', "'it'", '"say \\"hi\\""', '"{{"', '"}}"'),
);
const nested = fc.tuple(name, value, value).map(([helper, first, second]) => `(${helper} ${first} k=${second})`);
const args = fc
  .tuple(
    fc.array(fc.oneof(value, nested), { maxLength: 3 }),
    fc.array(fc.tuple(name, fc.oneof(value, nested)), { maxLength: 2 }),
  )
  .map(([params, pairs]) => [...params, ...pairs.map(([key, given]) => `${key}=${given}`)].join(' '));
const text = fc.constantFrom('Hello ', '\n', 'a { b } c', '\\{{raw}} ', ' - x\r\n', '"quoted"', 'é漢字', '<b>', ' ');
const tilde = fc.constantFrom('', '', '~');
const leaf = fc.oneof(
  text,
  fc.tuple(tilde, pathText, tilde).map(([left, given, right]) => `{{${left}${given}${right}}}`),
  fc.tuple(name, args).map(([helper, given]) => `{{${helper} ${given}}}`),
  pathText.map((given) => `{{{ ${given} }}}`),
  fc.tuple(name, args).map(([partial, given]) => `{{> ${partial} ${given}}}`),
  fc.constantFrom(
    '{{! note }}',
    '{{!-- a }} b --}}',
    '{{!--}}',
    '{{&a}}',
    '{{> "quoted/name" }}',
    '{{> (lookup . "x")}}',
  ),
);
const template = fc.letrec<{ body: string }>((tie) => {
  const body = tie('body');
  const block = fc.oneof(
    fc.tuple(args, body).map(([given, inner]) => `{{#if ${given}}}${inner}{{/if}}`),
    fc.tuple(pathText, body, body).map(([given, one, two]) => `{{#if ${given}}}${one}{{else}}${two}{{/if}}`),
    fc
      .tuple(pathText, body, body, body)
      .map(([given, one, two, three]) => `{{#if ${given}}}${one}{{else if b}}${two}{{^}}${three}{{/if}}`),
    fc.tuple(pathText, body).map(([given, inner]) => `{{#each ${given} as |item i|}}${inner}{{/each}}`),
    fc.tuple(name, body, body).map(([given, one, two]) => `{{^${given}}}${one}{{else}}${two}{{/${given}}}`),
    fc.tuple(name, body).map(([given, inner]) => `{{#> ${given}}}${inner}{{/${given}}}`),
  );
  const parts = fc.array(fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, block), { maxLength: 5 });
  return { body: parts.map((list) => list.join('')) };
}).body;

/** Fragments that are combined in any order. */
const fragments = fc
  .array(
    fc.oneof(
      leaf,
      fc.constantFrom(
        '{{',
        '}}',
        '{{{',
        '}}}',
        '{{#if a}}',
        '{{/if}}',
        '{{/each}}',
        '{{else}}',
        '{{^}}',
        '"',
        "'",
        '[',
        ']',
      ),
      fc.constantFrom(
        '(',
        ')',
        '|',
        ' as |',
        '=',
        '@',
        '..',
        '{{!--',
        '--}}',
        '{{{{raw}}}}',
        '{{{{/raw}}}}',
        '\\',
        '\0',
      ),
      fc.constantFrom(
        '---\n',
        '---',
        'model: x\n',
        'input:\n  schema:\n    a?: string\n',
        '\r',
        '\t',
        '&a *a',
        '!!',
        '{{>',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

type Shape = (string | number | boolean | null | undefined | Shape)[];

function shapeOf(call: { params: Expression[]; hash: HashPair[] }): Shape {
  return [call.params.map(expressionShape), call.hash.map(({ key, value: given }) => [key, expressionShape(given)])];
}
function expressionShape(expression: Expression): Shape {
  if (expression.kind === 'literal') return ['literal', expression.value];
  if (expression.kind === 'call') return ['call', ...callShape(expression.call)];
  const { data, depth, segments } = expression;
  return ['path', data, depth, segments.map((segment) => segment.text)];
}
const callShape = (call: Call): Shape => [expressionShape(call.path), ...shapeOf(call)];

function shapesOf(statements: readonly Statement[]): Shape {
  return statements.flatMap((statement): Shape => {
    if (statement.kind === 'error') return [['error', statement.message]];
    if (statement.kind === 'mustache') return [['mustache', ...callShape(statement.call)]];
    if (statement.kind === 'partial') {
      const inner = statement.body ? [shapesOf(statement.body)] : [];
      return [['partial', statement.name, ...shapeOf(statement), ...inner]];
    }
    if (statement.kind !== 'block') return [];
    const { call, blockParams, inverted, body, inverse } = statement;
    const own = shapesOf(body);
    const other = shapesOf(inverse?.body ?? []);
    const bodies = inverted ? [other, own] : [own, other];
    return [['block', ...callShape(call), blockParams.map((param) => param.name), ...bodies]];
  });
}

interface Loose {
  type: string;
  [key: string]: unknown;
}
const list = (given: unknown): Loose[] => (Array.isArray(given) ? (given as Loose[]) : []);

function theirArguments(node: Loose): Shape {
  const pairs = list((node.hash as Loose | undefined)?.pairs);
  return [
    list(node.params).map(theirExpression),
    pairs.map((pair) => [String(pair.key), theirExpression(pair.value as Loose)]),
  ];
}
function theirExpression(node: Loose): Shape {
  if (node.type === 'PathExpression')
    return ['path', node.data === true, Number(node.depth), (node.parts as string[]).map(String)];
  if (node.type === 'SubExpression') return ['call', theirExpression(node.path as Loose), ...theirArguments(node)];
  const literal = { NullLiteral: null, UndefinedLiteral: undefined }[node.type];
  return ['literal', node.type in { NullLiteral: 1, UndefinedLiteral: 1 } ? literal : (node.value as string)];
}
function theirShapes(program: unknown): Shape {
  return list((program as Loose | undefined)?.body).flatMap((node): Shape => {
    const call = (): Shape => [theirExpression(node.path as Loose), ...theirArguments(node)];
    if (node.type === 'MustacheStatement') return [['mustache', ...call()]];
    if (node.type === 'PartialStatement' || node.type === 'PartialBlockStatement') {
      const given = node.name as Loose;
      const called = given.type === 'SubExpression' || given.data === true ? undefined : String(given.original);
      const inner = node.type === 'PartialBlockStatement' ? [theirShapes(node.program)] : [];
      return [['partial', called, ...theirArguments(node), ...inner]];
    }
    if (node.type !== 'BlockStatement') return [];
    const own = (node.program ?? node.inverse) as Loose | undefined;
    const params = (own?.blockParams as string[] | undefined) ?? [];
    return [['block', ...call(), params, theirShapes(node.program), theirShapes(node.inverse)]];
  });
}

function covers(statements: readonly Statement[], start: number, end: number): void {
  let at = start;
  for (const { range } of statements) {
    expect(range.start).toBe(at);
    expect(range.end).toBeGreaterThan(range.start);
    at = range.end;
  }
  expect(at).toBe(end);
}

function checkWhole(source: string): void {
  const { template: whole } = parseTree(source);
  covers(whole.body, whole.range.start, whole.range.end);
}

describe('the tree of a prompt', { timeout: 30_000 }, () => {
  it('prints every spec template and sample unchanged', () => {
    expect(sources.length).toBeGreaterThan(40);
    for (const source of sources) expect(printTree(parseTree(source))).toBe(source);
  });

  it('parses printed text into the same tree', () => {
    fc.assert(
      fc.property(fc.oneof(template, fragments), (source) => {
        const tree = parseTree(source);
        const printed = printTree(tree);
        expect(printed).toBe(source);
        expect(parseTree(printed)).toEqual(tree);
        checkWhole(source);
      }),
      { numRuns: 400 },
    );
  });

  it('has the calls and paths of Handlebars’ own tree, for templates that Handlebars accepts', () => {
    for (const source of sources) {
      const { template: whole } = parseTree(source);
      const own = source.slice(whole.range.start, whole.range.end);
      expect(shapesOf(whole.body)).toEqual(theirShapes(Handlebars.parse(own)));
    }
    let valid = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: template }, fragments), (source) => {
        let ast: unknown;
        try {
          ast = Handlebars.parse(source);
        } catch {
          return;
        }
        if (source.startsWith('---')) return;
        valid += 1;
        expect(shapesOf(parseTree(source).template.body)).toEqual(theirShapes(ast));
      }),
      { numRuns: 400 },
    );
    expect(valid).toBeGreaterThan(150);
  });

  it('exists for any text, with its references and problems', () => {
    fc.assert(
      fc.property(fragments, (source) => {
        const analyzed = analyzePrompt(source);
        for (const { range } of analyzed.references) expect(source.slice(range.start, range.end)).not.toBe('');
        for (const { range } of checkPrompt(source)) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeLessThanOrEqual(source.length);
          expect(range.end).toBeGreaterThanOrEqual(range.start);
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['unclosed names in brackets', '{{['],
    ['unclosed quotes', '{{"'],
    ['braces inside texts', '{{"{{" '],
    ['unclosed comments', '{{!--'],
    ['unclosed raw blocks', '{{{{a}}}}'],
    ['unclosed blocks', '{{#if a}}'],
    ['parentheses', '{{((((('],
    ['repeated else', '{{#if a}}{{else if b}}'],
    ['two kinds of quotes', `{{"'`],
  ])('can contain thousands of %s', (_what, fragment) => {
    const source = fragment.repeat(10_000);
    const tree = parseTree(source);
    expect(printTree(tree)).toBe(source);
    expect(analyzePrompt(`${source};}}`).tree.template.body.length).toBeGreaterThan(0);
  });

  it('continues after a tag that is still being typed', () => {
    const { references, tree } = analyzePrompt('{{#if a}}{{user.\n{{name}} {{role "system}}\nText {{last}}{{/if}}');
    expect(references.filter(({ kind }) => kind === 'input').map(({ name: found }) => found)).toEqual([
      'a',
      'name',
      'last',
    ]);
    expect(tree.template.body).toMatchObject([{ kind: 'block', close: { name: 'if' } }]);
  });

  it('keeps a block open around an unmatched closing tag', () => {
    const [block, rest] = parseTree('{{#each a}}x{{/with}}y{{/each}}z').template.body;
    expect(block).toMatchObject({ kind: 'block', close: { name: 'each' } });
    expect(rest).toMatchObject({ kind: 'text' });
  });
});
