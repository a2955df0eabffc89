import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { applyEdits, formatPrompt } from '../../../src/core/language/formatting/format-prompt.ts';
import type { Message } from '../../../src/core/models/chat-model.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';

const OPTIONS = { tabSize: 2, insertSpaces: true };
const ROOT = path.join(import.meta.dirname, '../../..');
const format = (source: string, options = OPTIONS) => applyEdits(source, formatPrompt(source, options));

interface Case {
  name: string;
  source: string;
  input: Record<string, unknown>;
  partials: Record<string, string>;
}

function readCases(): Case[] {
  const spec = path.join(ROOT, 'test/fixtures/dotprompt-spec');
  const suites = readdirSync(spec, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => parse(readFileSync(path.join(spec, file), 'utf8')));
  const cases = suites.flatMap((suite) =>
    suite.tests.map((test: { desc?: string; data?: { input?: Case['input'] } }) => ({
      name: `${suite.name} › ${test.desc ?? ''}`,
      source: suite.template,
      input: { ...suite.data?.input, ...test.data?.input },
      partials: { ...suite.partials, ...suite.resolverPartials },
    })),
  );
  const samples = readdirSync(path.join(ROOT, 'media'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.prompt'))
    .map((file) => ({
      name: file,
      source: readFileSync(path.join(ROOT, 'media', file), 'utf8'),
      input: {},
      partials: {},
    }));
  return [...cases, ...samples];
}

/** What a prompt sends, or the code of its error. */
async function outcome(
  source: string,
  { input, partials }: Pick<Case, 'input' | 'partials'>,
): Promise<Message[] | string> {
  const { prompt } = parsePrompt(source);
  const free = { ...prompt, input: { ...prompt.input, schema: undefined } };
  const env = {
    partials: async (name: string) => partials[name] ?? `<${name}>`,
    workspaceRoots: [],
    promptDir: undefined,
  };
  return renderPrompt(free, { input }, env).then(
    ({ messages }) => messages,
    (error: { code: string }) => error.code,
  );
}

describe('formatting', () => {
  it.each(readCases())('changes no rendered character of $name, and nothing the second time', async (entry) => {
    const formatted = format(entry.source);
    expect(await outcome(formatted, entry)).toEqual(await outcome(entry.source, entry));
    expect(parsePrompt(formatted).prompt.frontMatter?.data).toEqual(parsePrompt(entry.source).prompt.frontMatter?.data);
    expect(format(formatted)).toBe(formatted);
  });

  it('changes no rendered character of any template', async () => {
    const pieces = fc.constantFrom(
      ...[
        '{{#if a}}',
        '{{else}}',
        '{{/if}}',
        '{{#each xs as |x|}}',
        '{{/each}}',
        '{{ a }}',
        '{{~a~}}',
        '{{> p }}',
        '{{!-- c --}}',
      ],
      ...[
        '{{role  "user"}}',
        '\n',
        '\n',
        '\n',
        '  ',
        '\t',
        'word',
        '\\{{a}}',
        '\r\n',
        '{{#if a~}}',
        '{{^}}',
        '{{else if  b}}',
      ],
    );
    const input = { a: 'A', b: '', xs: [1, 2] };
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(pieces, { maxLength: 24 }), async (hasHead, parts) => {
        const source = `${hasHead ? '---\nmodel:   demo/swift\n---\n' : ''}${parts.join('')}`;
        const formatted = format(source);
        expect(await outcome(formatted, { input, partials: {} })).toEqual(
          await outcome(source, { input, partials: {} }),
        );
        expect(format(formatted)).toBe(formatted);
      }),
      { numRuns: 200 },
    );
  });

  it('indents tags on their own lines, and removes spaces inside braces', () => {
    const source =
      '---\nmodel: a/b\n---\n{{#if   a}}\n{{#each xs as |x|}}  \n- {{ x }}\n        {{/each}}\n{{ else }}\n{{! none }}\nnone\n {{/if}}';
    const expected =
      '---\nmodel: a/b\n---\n{{#if a}}\n  {{#each xs as |x|}}\n- {{x}}\n  {{/each}}\n{{else}}\n  {{! none }}\nnone\n{{/if}}\n';
    expect(format(source)).toBe(expected);
  });

  it('keeps comments, order, quotes and long lines of front matter', () => {
    const long = 'word '.repeat(60).trim();
    const source = `---\n# first\nmodel:    'a/b'   # why\n\ninput:\n      schema:\n            z?: "string, ${long}"\n            a(enum, x):   [ b,   c ]\nconfig: {temperature: 0.2}\n---   \n\n\n\nHi\n\n\n`;
    const expected = `---\n# first\nmodel: 'a/b' # why\n\ninput:\n  schema:\n    z?: "string, ${long}"\n    a(enum, x): [b, c]\nconfig: {temperature: 0.2}\n---\n\nHi\n`;
    expect(format(source)).toBe(expected);
  });

  it('follows the editor’s indentation settings', () => {
    const source = '---\ninput:\n  default:\n    a: 1\n---\n{{#if a}}\n{{#if b}}\nx\n{{/if}}\n{{/if}}\n';
    expect(format(source, { tabSize: 4, insertSpaces: true })).toContain('\n    default:\n        a: 1');
    expect(format(source, { tabSize: 4, insertSpaces: false })).toContain('\n\t{{#if b}}');
  });

  it('does not change text that it cannot parse', () => {
    const broken = '---\nmodel: [a\n---\n{{#if  a}}\n  {{ b }\n';
    expect(format(broken)).toContain('model: [a');
    expect(format(broken)).toContain('{{#if  a}}\n  {{ b }');
  });

  it('keeps the line endings', () => {
    expect(format('---\r\nmodel:  a\r\n---\r\n{{#if a}}\r\nx\r\n  {{/if}}\r\n')).toBe(
      '---\r\nmodel: a\r\n---\r\n{{#if a}}\r\nx\r\n{{/if}}\r\n',
    );
  });
});
