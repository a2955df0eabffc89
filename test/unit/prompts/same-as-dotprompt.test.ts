import { Dotprompt } from 'dotprompt';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';

const PARTIAL = 'line one\n  {{s}}\nline two\n';

/**
 * Templates with balanced blocks, and the white space that matters to Handlebars' rules. Numbers and
 * booleans follow a text: adjacent ones are added up by the package (1 and 2 become 3), but written here.
 */
const { template } = fc.letrec<{ template: string; statement: string }>((tie) => ({
  template: fc.array(tie('statement'), { maxLength: 6 }).map((statements) => statements.join('')),
  statement: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(
      ' ',
      '\n',
      '\r\n',
      '  \n',
      'text',
      '\n  ',
      '{ ',
      '\\{{s}}',
      '{{! note }}',
      '{{!-- note --}}',
      '<b>&amp;',
    ),
    fc.constantFrom(
      '{{s}}',
      '{{{s}}}',
      '{{&s}}',
      '{{~s~}}',
      '{{n}}',
      '{{none}}',
      '{{blank}}',
      '{{o}}',
      '{{list}}',
      '-{{yes}}',
      '-{{no}}',
    ),
    fc.constantFrom(
      '{{json o}}',
      '{{json o indent=2}}',
      '{{lookup list 1}}',
      '{{o.k}}',
      '{{this.s}}',
      '{{./s}}',
      '{{@root.s}}',
      '{{"s"}}',
    ),
    fc.constantFrom(
      '{{role "system"}}',
      '{{role "user"}}',
      '{{role "model"}}',
      '{{history}}',
      '{{section "a"}}',
      '{{> p}}',
      '{{> p s=n}}',
    ),
    fc.constantFrom(
      '{{#> p}}x{{/p}}',
      '{{#*inline "own"}}in{{s}}{{/inline}}{{> own}}',
      '{{media url="https://a.example/b"}}',
    ),
    fc
      .tuple(
        fc.constantFrom(
          'if yes',
          'if no',
          'unless no',
          'each list',
          'each o',
          'with o',
          'ifEquals n "1"',
          'unlessEquals n "1"',
          'o',
          'no',
        ),
        tie('template'),
        fc.option(tie('template')),
      )
      .map(
        ([open, body, other]) =>
          `{{#${open}}}${body}${other === null ? '' : `{{else}}${other}`}{{/${open.split(' ')[0]}}}`,
      ),
    tie('template').map((body) => `{{#each list as |s i|}}${body}-{{i}}-{{@last}}{{../n}}{{/each}}`),
  ),
}));

const INPUT = { s: 'some text', n: '1', blank: ' ', o: { k: 'v', s: 'inner' }, list: ['a', 'b'], yes: true, no: false };
const HISTORY = [{ role: 'user' as const, content: [{ text: 'earlier' }] }];

it('renders every template like the dotprompt package, if no value contains a marker', async () => {
  await fc.assert(
    fc.asyncProperty(template, async (text) => {
      const dotprompt = new Dotprompt({ partials: { p: PARTIAL } });
      const theirs = await dotprompt.render(text, { input: INPUT, messages: HISTORY }).catch(() => undefined);
      const expected = theirs?.messages.flatMap(({ role, content }) => {
        const parts = content.flatMap((part): unknown[] =>
          'text' in part
            ? [{ type: 'text', text: part.text }]
            : 'media' in part
              ? [{ type: 'media', ...part.media }]
              : [],
        );
        return parts.length > 0 ? [{ role: role === 'model' ? 'assistant' : role, parts }] : [];
      });
      const history = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'earlier' }] }];
      const env = { partials: async () => PARTIAL, workspaceRoots: [], promptDir: undefined };
      const ours = renderPrompt(parsePrompt(text).prompt, { input: INPUT, history }, env);
      // Handlebars fails on inline partials inside block parameters: this is reported as the prompt's error.
      if (expected) expect((await ours).messages).toEqual(expected);
      else await expect(ours).rejects.toMatchObject({ code: 'invalid-prompt' });
    }),
    { numRuns: 150 },
  );
});
