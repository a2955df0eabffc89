import fc from 'fast-check';
import { expect, it } from 'vitest';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { promptActions } from '../../../src/core/language/code-actions/code-actions.ts';
import { applyEdits, formatPrompt } from '../../../src/core/language/formatting/format-prompt.ts';
import { WorkspaceIndex } from '../../../src/core/language/workspace/workspace-index.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';

const ROW = {
  a: [
    { a: 'A1', c: 'A2' },
    { a: 'A3', c: 'A4' },
  ],
  b: { a: 'B1', c: 'B2' },
  c: 'C',
  d: true,
};
const HEAD = '---\nmodel: a/b\n---\n';

const path = fc.constantFrom(
  'a',
  'b',
  'c',
  'd',
  'b.a',
  'b.c',
  'this.a',
  './c',
  '../c',
  '@root.c',
  'p',
  'p.a',
  'a.0.c',
  '@index',
);
const { template } = fc.letrec<{ template: string; part: string }>((tie) => ({
  template: fc.array(tie('part'), { maxLength: 5 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    path.map((one) => `{{${one}}}`),
    fc.constantFrom(
      'text',
      ' ',
      '\n',
      '\r\n',
      '  ',
      '🙂',
      '{{! a }}',
      '{{!-- b }} --}}\n',
      '\\{{no}}',
      '{{~ c ~}}',
      '{{{  c }}}',
    ),
    fc.constantFrom(
      '{{> part}}',
      '\n  {{> part}}\n',
      '{{> part c=b.a}}',
      '{{> part c="x"}}',
      '{{> part b}}',
      '{{role "system"}}',
      '{{{{raw}}}}{{a}}{{{{/raw}}}}',
    ),
    fc
      .tuple(fc.constantFrom('each', 'with', 'if', 'unless'), path, fc.boolean(), fc.boolean(), tie('template'))
      .map(([helper, one, named, alone, body]) => {
        const param = named && (helper === 'each' || helper === 'with') ? ' as |p|' : '';
        return `${alone ? '\n ' : ''}{{#${helper}  ${one}${param}}}${alone ? '\n' : ''}${body}{{else}}${alone ? '\n' : ''}x{{/${helper}}}`;
      }),
  ),
}));

async function render(source: string, partials: Record<string, string>): Promise<unknown> {
  const { prompt } = parsePrompt(source);
  const env = { partials: async (name: string) => partials[name], workspaceRoots: [], promptDir: undefined };
  return renderPrompt(prompt, { input: ROW }, env).then(
    // line endings are the editor's: a file has only one kind
    ({ messages }) => JSON.stringify(messages).replaceAll('\\r\\n', '\\n'),
    () => undefined,
  );
}

it('formatting, extracting and inlining do not change the request', async () => {
  const done: Record<string, number> = { format: 0, 'refactor.extract': 0, 'refactor.inline': 0 };
  await fc.assert(
    fc.asyncProperty(template, template, fc.nat(), fc.nat(), async (body, rest, from, length) => {
      const partial = `${rest.replaceAll('{{> part', '{{> no')}`;
      const source = HEAD + body.replaceAll('{{{{raw}}}}{{a}}{{{{/raw}}}}', '');
      const before = await render(source, { part: partial });
      if (before === undefined) return;
      const formatted = applyEdits(source, formatPrompt(source, { tabSize: 2, insertSpaces: true }));
      if (formatted !== source) done.format = (done.format ?? 0) + 1;
      expect(await render(formatted, { part: partial }), JSON.stringify({ source, formatted })).toEqual(before);
      const workspace = new WorkspaceIndex(() => ['/w']);
      workspace.setPrompt('/w/_part.prompt', partial);
      const call = source.indexOf('{{> part');
      const start = HEAD.length + (from % (source.length - HEAD.length + 1));
      const places = [
        { start, end: Math.min(source.length, start + (length % 60)) },
        { start: call, end: call },
      ];
      for (const selection of places.filter((place) => place.start >= 0)) {
        const analyzed = analyzePrompt(source);
        const actions = promptActions({ analyzed, selection, diagnostics: [], path: '/w/a.prompt', workspace });
        for (const action of actions.filter(({ kind }) => kind in done)) {
          done[action.kind] = (done[action.kind] ?? 0) + 1;
          const after = applyEdits(source, action.edits);
          const partials = { part: partial, ...(action.create ? { extracted: action.create.text } : {}) };
          const context = JSON.stringify({ source, after, partials, kind: action.kind });
          expect(await render(after, partials), context).toEqual(before);
        }
      }
    }),
    { numRuns: 200 },
  );
  for (const count of Object.values(done)) expect(count).toBeGreaterThan(5);
}, 60_000);
