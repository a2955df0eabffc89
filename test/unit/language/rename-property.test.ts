import fc from 'fast-check';
import { expect, it } from 'vitest';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { hoverAt } from '../../../src/core/language/navigation/hover.ts';
import { findDefinition } from '../../../src/core/language/navigation/references.ts';
import { renameSymbol, renameTarget } from '../../../src/core/language/navigation/rename.ts';
import { semanticTokens } from '../../../src/core/language/navigation/semantic-tokens.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';
import { makeWorkspace } from './language-workspace.ts';

type Texts = Record<string, string>;

const FRONT = `---
input:
  schema:
    a(array):
      a: string
      b(object):
        a: string
        c: string
      c(array): any
    b(object):
      a: string
      b(array):
        c: string
    c: string
    d: boolean
llmops.dataset: rows.jsonl
---
`;
const ROW = {
  a: [
    { a: 'A1', b: { a: 'A2', c: 'A3' }, c: ['x'] },
    { a: 'A4', b: { a: 'A5', c: 'A6' }, c: [] },
  ],
  b: { a: 'B1', b: [{ c: 'B2' }, { c: 'B3' }] },
  c: 'C',
  d: true,
};

const name = fc.constantFrom('a', 'b', 'c', 'd');
const path = fc.oneof(
  name,
  fc.tuple(name, name).map((names) => names.join('.')),
  name.map((one) => `../${one}`),
  name.map((one) => `this.${one}`),
  name.map((one) => `@root.${one}`),
  fc.tuple(name, name).map(([one, two]) => `${one}.0.${two}`),
  fc.constantFrom('p', 'p.a', 'p.b', 'p.b.c', '../b.a', '../../c', '@root.b.b.0.c', './b.a', '[a]', 'b.[a]'),
);
const { template } = fc.letrec<{ template: string; part: string }>((tie) => ({
  template: fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    path.map((one) => `{{${one}}} `),
    fc.constantFrom(
      'text ',
      '🙂',
      '{{! a }}',
      '\n',
      '{{> part}}',
      '{{> part b}}',
      '{{> part c=b.a}}',
      '{{{{raw}}}}{{a}}{{{{/raw}}}}',
    ),
    fc
      .tuple(fc.constantFrom('each', 'with', 'if', 'unless'), path, fc.boolean(), tie('template'), tie('template'))
      .map(([helper, one, named, body, other]) => {
        const param = named && (helper === 'each' || helper === 'with') ? ' as |p|' : '';
        return `{{#${helper} ${one}${param}}}${body}{{else}}${other}{{/${helper}}}`;
      }),
    fc.tuple(name, tie('template')).map(([one, body]) => `{{#${one}}}${body}{{/${one}}}`),
  ),
}));
const partial = fc
  .array(
    path.map((one) => `{{${one}}} `),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''));

const withoutRaw = (text: string) => text.replaceAll('{{{{raw}}}}{{a}}{{{{/raw}}}}', '');

async function render(texts: Texts): Promise<unknown> {
  const { prompt } = parsePrompt(texts['main.prompt'] ?? '');
  const free = { ...prompt, input: { ...prompt.input, schema: undefined } };
  const env = { partials: async () => texts['_part.prompt'], workspaceRoots: [], promptDir: undefined };
  return renderPrompt(free, { input: JSON.parse(texts['rows.jsonl'] ?? '{}') }, env).then(
    ({ messages }) => messages,
    (error: { code: string }) => error.code,
  );
}

function renamed(texts: Texts, place: { path: string; offset: number }): Texts | undefined {
  const { files } = makeWorkspace(texts);
  const changed = { ...texts };
  try {
    const { edits } = renameSymbol(files, place, 'renamed');
    for (const { path: file, range, text } of edits.toSorted((one, two) => two.range.start - one.range.start)) {
      const key = file.replace('/w/', '');
      const source = changed[key] ?? '';
      changed[key] = source.slice(0, range.start) + text + source.slice(range.end);
    }
    return changed;
  } catch {
    return undefined;
  }
}

it('renaming anything, with its data, does not change the request', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(template, partial, fc.nat(), async (body, part, at) => {
      const texts: Texts = {
        'main.prompt': FRONT + withoutRaw(body),
        '_part.prompt': part,
        'rows.jsonl': JSON.stringify(ROW),
      };
      const source = texts['main.prompt'] ?? '';
      const names = [...source.slice(FRONT.indexOf('a(array)')).matchAll(/\b[abcd]\b/g)];
      const offset = FRONT.indexOf('a(array)') + (names[at % names.length]?.index ?? 0);
      const prompt = analyzePrompt(source);
      if (!renameTarget(prompt, offset)) return;
      const after = renamed(texts, { path: '/w/main.prompt', offset });
      if (!after || after['main.prompt'] === source) return;
      count += 1;
      expect(await render(after), JSON.stringify({ after, texts })).toEqual(await render(texts));
    }),
    { numRuns: 150 },
  );
  expect(count).toBeGreaterThan(60);
}, 60_000);

it('every request at every position of any file has a result inside the file', async () => {
  const anything = fc.oneof(template, fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 80 }));
  const front = fc.constantFrom(
    '',
    FRONT,
    FRONT.replaceAll('\n', '\r\n'),
    `\ufeff${FRONT}`,
    '---\n---\n',
    '---\na: *x\n',
  );
  await fc.assert(
    fc.asyncProperty(front, anything, fc.nat(), async (head, body, at) => {
      const source = head + body;
      const { files } = makeWorkspace({ 'main.prompt': source, '_part.prompt': '{{a}}' });
      const prompt = analyzePrompt(source);
      const offset = at % (source.length + 1);
      const hover = await hoverAt(prompt, offset, { path: '/w/main.prompt' });
      const found = findDefinition(files, '/w/main.prompt', offset).filter(
        ({ path: file }) => file === '/w/main.prompt',
      );
      const ranges = [...found, ...semanticTokens(prompt), ...(hover ? [hover] : [])].map(({ range }) => range);
      for (const { start, end } of ranges) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(source.length);
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);
