import { describe, expect, it } from 'vitest';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { promptActions } from '../../../src/core/language/code-actions/code-actions.ts';
import { checkPrompt } from '../../../src/core/language/diagnostics/check-prompt.ts';
import { findStrayBraces } from '../../../src/core/language/diagnostics/stray-braces.ts';
import { applyEdits } from '../../../src/core/language/formatting/format-prompt.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';
import { cpuTimeMs } from '../cpu-time.ts';

/** The reported text, between bars. */
function marked(source: string): string {
  const found = findStrayBraces(analyzePrompt(source).tree);
  return found.reduceRight(
    (text, { start, end }) => `${text.slice(0, start)}‹${text.slice(start, end)}›${text.slice(end)}`,
    source,
  );
}

/** The text after the preferred fix of each problem, until there are none. */
function fixed(source: string): string {
  const [diagnostic] = checkPrompt(source).filter(({ code }) => code === 'stray-braces' || code === 'template-syntax');
  if (!diagnostic) return source;
  const analyzed = analyzePrompt(source);
  const actions = promptActions({ analyzed, selection: diagnostic.range, diagnostics: [diagnostic] });
  const action = actions.find(({ preferred }) => preferred);
  return action ? fixed(applyEdits(source, action.edits)) : source;
}

describe('stray closing braces', () => {
  it.each([
    'Hello {{name}} ‹}}›',
    'Hello {{name}}\n‹}}› there',
    '{{!-- a\nb --}}‹}}›',
    '{{! note }}‹}›',
    '{{name~}}‹}›',
    '{{#if a}}x{{else}}‹}› y{{/if}}',
    '{{#if a}}{ {{else}}{ {{/if}} }‹}}›',
    '{"a": {{b}} }‹}}›',
    '‹}}}›',
    'f(x) = { a }‹}}› and { b }',
    '{{role "system"}}Open {\n{{role "user"}}\n‹}}›',
    '```{{name}}``` ‹}}›',
    '- ```\n  }}\n  ```\n- ‹}}›',
  ])('are marked: %s', (expected) => {
    expect(marked(expected.replace(/[‹›]/g, ''))).toBe(expected);
  });

  it.each([
    '{"a":{"b":1}}',
    '{"a":{"b":"{{name}}"}}',
    '{"a": [{"b": {{name}} }]}',
    '{\n  "a": {\n\n    "b": 1\n}}',
    '{{#if a}}{"b":{"c":1{{else}}{"b":{"c":2{{/if}} }}',
    '{"a":{ {{#if b}}1 }}{{else}}2 }}{{/if}}',
    '$\\frac{a}{\\sqrt{b^{2}}}$ and $x^{2^{n}}$ and \\{ a \\}',
    '```js\n  }\n}}\n```\nText',
    '~~~\n}}\n~~~',
    '- ```js\n  }}\n  ```\n1. ~~~\n   }}\n   ~~~',
    '> ```\n> }}\n> ```',
    '1. One\n    - Two\n      ```\n      }}\n      ```',
    'Close a tag with `}}`, or with ``}}` ``.',
    '\\{{name}} is how a variable is written',
    '{{{{raw}}}} }} {{name}} }} {{{{/raw}}}}',
    'A smile :} and a } alone',
    '{{#each list}}{"a":{"b":"{{this}}"}},{{/each}}',
    '---\ndescription: "}}"\n---\nText',
    '.a { color: red; } .b { .c { color: blue; }}',
  ])('are not marked: %s', (source) => {
    expect(marked(source)).toBe(source);
  });

  it('are a warning, and are sent unchanged', async () => {
    const source = 'Hello {{name}} }}';
    const found = checkPrompt(source).filter(({ code }) => code === 'stray-braces');
    expect(found).toEqual([
      {
        code: 'stray-braces',
        severity: 'warning',
        message: '`}}` closes nothing and is sent as text.',
        range: { start: 15, end: 17 },
      },
    ]);
    const { prompt, diagnostics } = parsePrompt(source);
    expect(diagnostics).toEqual([]);
    const env = { partials: async () => undefined, workspaceRoots: [], promptDir: undefined };
    const { messages } = await renderPrompt(prompt, { input: { name: 'Ana' } }, env);
    expect(JSON.stringify(messages)).toContain('Hello Ana }}');
  });

  it('have a severity that can be chosen', () => {
    const settings = { severity: { 'stray-braces': 'off' as const } };
    expect(checkPrompt('a }}', { settings })).toEqual([]);
  });

  it('are not reported in a tag that cannot be parsed, which is an error of its own', () => {
    expect(checkPrompt('{{name}}}} and }}').map(({ code }) => code)).toEqual(['template-syntax']);
  });

  it('are found in one pass, however many there are', () => {
    const source = '`{` {{a}} {} }} ```\n'.repeat(20_000);
    const started = cpuTimeMs();
    findStrayBraces(analyzePrompt(source).tree);
    expect(cpuTimeMs() - started).toBeLessThan(5000);
  });
});

describe('the fix for closing braces', () => {
  it.each([
    ['Hello {{name}} }}', 'Hello {{name}} '],
    ['{{! note }}}', '{{! note }}'],
    ['Hello {{name}}}', 'Hello {{name}}'],
    ['Hello {{name}}}}', 'Hello {{name}}'],
    ['{{role "user"}}}\nHello', '{{role "user"}}\nHello'],
    ['{{#if a}}}b{{/if}}}}', '{{#if a}}b{{/if}}'],
    ['{{> tone}}}', '{{> tone}}'],
    ['{{{name}}}}', '{{{name}}}'],
    ['{{{name}}', '{{{name}}}'],
    ['{{~name}}}', '{{~name}}'],
    // the braces may belong to the text around the tag
    ['{"a":{{name}}}', '{"a":{{name}} }'],
    ['{"a":{"b":{{name}}}}', '{"a":{"b":{{name}} }}'],
    ['{"a":{{name}}}}', '{"a":{{name}}'],
  ])('corrects %s', (source, expected) => {
    expect(fixed(source)).toBe(expected);
  });

  it('reports how many extra braces a tag has', () => {
    const [error] = checkPrompt('Hello {{name}}}}');
    expect(error?.message).toBe(
      '`{{` is closed by `}}`: remove the extra `}}`, or put a space before it if it is text.',
    );
    expect(checkPrompt('{{{name}}')[0]?.message).toBe('The braces do not match: `{{{` is closed by `}}}`.');
  });
});
