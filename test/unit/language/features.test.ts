import { describe, expect, it } from 'vitest';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { blockNamesAt } from '../../../src/core/language/analysis/find-symbol.ts';
import { documentLinks } from '../../../src/core/language/navigation/document-links.ts';
import { hoverAt } from '../../../src/core/language/navigation/hover.ts';
import { inlayHints, unbrokenNumbers } from '../../../src/core/language/navigation/inlay-hints.ts';
import { semanticTokens } from '../../../src/core/language/navigation/semantic-tokens.ts';
import { foldingsOf, type OutlineItem, outlineOf, selectionsAt } from '../../../src/core/language/syntax/structure.ts';
import { makeWorkspace } from './language-workspace.ts';

const SOURCE = `---
model: demo/swift
input:
  schema:
    name: string, who wrote
    facts?(array, what is known): string
  default:
    name: Ana
llmops.dataset: data/rows.jsonl
output:
  format: json
---
{{role "system"}}
You answer {{name}} briefly. {{> tone}}

{{role "user"}}
{{#if facts}}
{{#each facts as |fact|}}
- {{fact}} {{@index}} {{missing}} {{@root.missing}}
{{/each}}
{{else}}
Nothing. {{media url="photo.png"}} {{media url="https://example.org/a.png"}}
{{/if}}
{{section "end"}}
{{!-- one
two --}}
`;

const { index } = makeWorkspace({ '_tone.prompt': 'Be kind, {{name}}.', 'a.prompt': SOURCE });
const context = { workspace: index, path: '/w/a.prompt' };
const prompt = analyzePrompt(SOURCE);
const textOf = ({ start, end }: { start: number; end: number }) => SOURCE.slice(start, end);
const names = (items: readonly OutlineItem[]) => items.map(({ name }) => name);

async function hover(text: string, plus = 1): Promise<string> {
  const found = await hoverAt(prompt, SOURCE.indexOf(text) + plus, context);
  return found?.parts.map((part) => part.text).join('\n') ?? '';
}

describe('hover', () => {
  it('on a variable shows type, description, default and uses', async () => {
    const shown = await hover('{{name}}', 3);
    expect(shown).toContain('name: string\nwho wrote\nDefault: Ana');
    expect(shown).toContain('Used once, on line 14.');
    expect(await hover('    name: string', 5)).toBe(shown);
  });

  it('on an undeclared name says that it is undeclared', async () => {
    expect(await hover('@root.missing', 7)).toContain('Not declared in this file.');
  });

  it('on a partial shows its text, on a helper its purpose with an example', async () => {
    expect(await hover('> tone', 3)).toContain('Be kind, {{name}}.');
    expect(await hover('#each', 2)).toContain('Renders its body once for each element.');
    expect(await hover('#each', 2)).toContain('{{#each facts as |fact|}}');
    expect(await hover('@index', 2)).toContain('The index of the element');
  });

  it('on a model shows context window, prices with source and date, and its retirement date', async () => {
    const shown = await hover('demo/swift', 3);
    expect(shown).toContain('Context window: 128k tokens');
    expect(shown).toContain('Prices: $0.25 in, $2.00 out per million, by genai-prices 0.2.3 (2026-11-29)');
    expect(shown).toContain('(2026-11-29) (simulated)\n');
    expect(shown).toContain('Retires on 2027-01-14');
  });

  it('on a schema shows the JSON Schema that it compiles to', async () => {
    const shown = await hover('schema:', 2);
    expect(JSON.parse(shown.slice(shown.indexOf('{')))).toMatchObject({ type: 'object', required: ['name'] });
  });

  it('on a role shows tokens and the cost of a thousand runs', async () => {
    const shown = await hover('{{role "system"', 3);
    expect(shown).toMatch(/system message: ≈\d+ tokens/);
    expect(shown).toMatch(/≈\$[\d.]+ for 1,000 runs on demo\/swift, as input \(simulated\)\./);
  });

  it('on a key shows its purpose', async () => {
    expect(await hover('format:', 2)).toContain('One of json, text, csv, jsonl, array, enum.');
  });
});

describe('the outline', () => {
  it('has the front matter with its keys, and the messages with their contents', () => {
    const outline = outlineOf(prompt);
    expect(names(outline)).toEqual(['Front matter', 'system', 'user']);
    expect(names(outline[0]?.children ?? [])).toEqual(['model', 'input', 'llmops.dataset', 'output']);
    expect(names(outline[1]?.children ?? [])).toEqual(['> tone']);
    expect(names(outline[2]?.children ?? [])).toEqual(['#if facts', 'end']);
    expect(names(outline[2]?.children[0]?.children ?? [])[0]).toMatch(/^#each facts/);
  });

  it('has selections inside their ranges, and children inside their parents, in any broken file', () => {
    const check = (items: readonly OutlineItem[], outer: { start: number; end: number }) => {
      for (const { range, selection, children } of items) {
        expect(range.start).toBeGreaterThanOrEqual(outer.start);
        expect(range.end).toBeLessThanOrEqual(outer.end);
        expect(selection.start).toBeGreaterThanOrEqual(range.start);
        expect(selection.end).toBeLessThanOrEqual(range.end);
        check(children, range);
      }
    };
    for (let end = 0; end <= SOURCE.length; end++) {
      const source = SOURCE.slice(0, end);
      check(outlineOf(analyzePrompt(source)), { start: 0, end: source.length });
    }
    const across = '{{#if a}}{{role "user"}}x{{/if}}{{role "system"}}y{{#if b}}{{role "user"}}{{/if}}';
    check(outlineOf(analyzePrompt(across)), { start: 0, end: across.length });
  });
});

describe('folding and selection', () => {
  it('folds front matter, maps, messages, both halves of a block, and comments', () => {
    const folded = foldingsOf(prompt).map(({ range }) => textOf(range).trim().split('\n')[0]);
    expect(folded).toEqual(expect.arrayContaining(['---', 'input:', '{{role "system"}}', '{{#if facts}}', '{{else}}']));
    expect(foldingsOf(prompt).filter(({ kind }) => kind === 'comment')).toHaveLength(1);
  });

  it('expands from the word to the file, each step containing the one before', () => {
    const chain = selectionsAt(prompt, SOURCE.indexOf('{{fact}}') + 4).map(textOf);
    expect(chain[0]).toBe('fact');
    expect(chain).toContain('{{fact}}');
    expect(chain.at(-1)).toBe(SOURCE);
    for (const [at, text] of chain.entries()) if (at > 0) expect(text).toContain(chain[at - 1]);
  });

  it('links the two names of a block, and nothing else', () => {
    expect(blockNamesAt(prompt.tree, SOURCE.indexOf('#each') + 2).map(textOf)).toEqual(['each', 'each']);
    expect(blockNamesAt(prompt.tree, SOURCE.indexOf('{{name}}') + 3)).toEqual([]);
  });
});

describe('semantic tokens', () => {
  const tokens = semanticTokens(prompt).map(({ range, type, modifiers }) =>
    [textOf(range), type, ...modifiers].join(' '),
  );

  it('distinguish inputs, block parameters, helpers and roles', () => {
    expect(tokens).toContain('name variable');
    expect(tokens).toContain('fact parameter declaration');
    expect(tokens).toContain('fact parameter');
    expect(tokens).toContain('section function defaultLibrary');
    expect(tokens).toContain('"system" enumMember');
  });

  it('leave the names of blocks to the grammar, which colors both ends alike', () => {
    expect(tokens.filter((token) => /^(?:if|each) /.test(token))).toEqual([]);
  });

  it('mark names that a file with a schema does not declare, and nothing in a partial', () => {
    expect(tokens).toContain('missing variable undeclared');
    expect(tokens.filter((token) => token.endsWith('undeclared'))).toHaveLength(1);
    expect(semanticTokens(analyzePrompt('Hello {{name}}')).flatMap(({ modifiers }) => modifiers)).toEqual([]);
  });

  it('mark a field that its map does not have, but no name that the schema leaves open', () => {
    const marked = (source: string) =>
      semanticTokens(analyzePrompt(source))
        .filter(({ modifiers }) => modifiers.includes('undeclared'))
        .map(({ range }) => source.slice(range.start, range.end));
    const head = (more: string) => `---\ninput:\n  schema:\n    who(object):\n      name: string\n${more}---\n`;
    expect(marked(`${head('')}{{who.nmae}}{{#with who}}{{nam}}{{name}}{{/with}}{{other}}`)).toEqual([
      'nmae',
      'nam',
      'other',
    ]);
    expect(marked(`${head('    (*): any\n')}{{other}}`)).toEqual([]);
  });

  it('never overlap', () => {
    let end = 0;
    for (const { range } of semanticTokens(prompt)) {
      expect(range.start).toBeGreaterThanOrEqual(end);
      end = range.end;
    }
  });
});

describe('document links', () => {
  it('lead to datasets, partials, files and addresses', () => {
    const targets = documentLinks(prompt).map(({ range, target }) => [textOf(range), target.kind]);
    expect(targets).toEqual([
      ['data/rows.jsonl', 'file'],
      ['tone', 'partial'],
      ['photo.png', 'file'],
      ['https://example.org/a.png', 'url'],
    ]);
  });
});

describe('inlay hints', () => {
  const estimate = async () => ({ inputTokens: 87, inputUsd: 0.000344, filledWith: 'names' as const });

  it('show the tokens of each role and the cost of the whole input', async () => {
    const hints = await inlayHints(prompt, { ...context, tokens: true, cost: true, estimate });
    expect(hints.map(({ label }) => label.replace(/\d+ tokens/g, 'n tokens'))).toEqual([
      '≈n tokens',
      '≈n tokens',
      '(≈$0\u202434 input / 1\u201a000 runs, simulated)',
    ]);
    expect(hints[0]?.tooltip).toMatch(/^≈\d+ tokens\. Estimated for this message/);
    expect(hints[2]?.tooltip).toBe(
      '≈$0.34 input / 1,000 runs (simulated). Covers the entire input of a run (87 tokens: messages, tools and the output schema), with placeholders for inputs without a default, whose values are not counted. Estimated at the prices of demo/swift; output tokens are not included.',
    );
  });

  it('contain no full stop or comma between digits, after which the editor would wrap a number', () => {
    expect(unbrokenNumbers('≈$0.34 of $1,234.50, or so.')).toBe('≈$0\u202434 of $1\u201a234\u202450, or so.');
  });

  it('can be switched off individually, and show no cost for a model without a price', async () => {
    expect(await inlayHints(prompt, { ...context, tokens: false, cost: false, estimate })).toEqual([]);
    expect(await inlayHints(prompt, { ...context, tokens: false, cost: true, estimate })).toHaveLength(1);
    const unpriced = async () => ({ inputTokens: 87, inputUsd: undefined, filledWith: 'defaults' as const });
    expect(await inlayHints(prompt, { tokens: false, cost: true, estimate: unpriced })).toEqual([]);
  });
});
