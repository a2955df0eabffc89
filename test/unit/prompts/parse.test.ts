import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';

/** Each diagnostic as `code: marked text: message`. */
function diagnose(source: string): string[] {
  return parsePrompt(source).diagnostics.map(
    ({ code, message, range }) => `${code}: ${source.slice(range.start, range.end)}: ${message}`,
  );
}

const parse = (source: string, path?: string) => parsePrompt(source, path === undefined ? {} : { path }).prompt;

describe('front matter', () => {
  it('is split from the template with exact ranges, with any line endings', () => {
    for (const lineBreak of ['\n', '\r\n', '\r']) {
      const source = ['---', 'model: demo/quick', '---', '', 'Hello', ''].join(lineBreak);
      const prompt = parse(source);
      expect(prompt.template.text).toBe('Hello');
      expect(source.slice(prompt.template.range.start, prompt.template.range.end)).toBe('Hello');
      expect(source.slice(prompt.frontMatter?.range.start, prompt.frontMatter?.range.end)).toBe('model: demo/quick');
      expect(source.slice(prompt.model?.range.start, prompt.model?.range.end)).toBe('demo/quick');
    }
  });

  it('may follow a byte order mark', () => {
    const prompt = parse('\ufeff---\nmodel: demo/quick\n---\nHello');
    expect([prompt.model?.text, prompt.template.text]).toEqual(['demo/quick', 'Hello']);
  });

  it('may be empty, and may end with the file', () => {
    expect(parse('---\n---\nHello').template.text).toBe('Hello');
    expect(parse('---\nmodel: demo/quick\n---')).toMatchObject({
      model: { text: 'demo/quick' },
      template: { text: '' },
    });
  });

  it('is absent if the file does not start with a fence, and the text is then not trimmed', () => {
    const prompt = parse('Hello\n---\nmodel: x\n---\n');
    expect(prompt.frontMatter).toBeUndefined();
    expect(prompt.template.text).toBe('Hello\n---\nmodel: x\n---\n');
  });

  it.each([
    ['license comments', '# Copyright 2026 Google LLC\n#\n# SPDX-License-Identifier: Apache-2.0\n\n'],
    ['a shebang', '#!/usr/bin/env -S llmops run\n'],
    ['blank lines', '\n  \n\t\n'],
    ['blank lines with CRLF', '\r\n# License\r\n\r\n'],
    ['a byte order mark and a comment', '\ufeff# License\n'],
    ['ten thousand comments', '# note\n'.repeat(10_000)],
  ])('may follow %s, which are not sent', (_what, header) => {
    const source = `${header}---\nmodel: demo/quick\nconfig:\n  temperature: 0.5\n---\nHello\n`;
    const { prompt, diagnostics } = parsePrompt(source);
    expect(diagnostics).toEqual([]);
    expect([prompt.model?.text, prompt.parameters, prompt.template.text]).toEqual([
      'demo/quick',
      { temperature: 0.5 },
      'Hello',
    ]);
    expect(source.slice(prompt.model?.range.start, prompt.model?.range.end)).toBe('demo/quick');
  });

  it('below a header may have errors, which are reported at their place', () => {
    expect(diagnose('# License\n---\nmodel: demo/quick\nconfig: [1, 2\n---\nHello')).toEqual([
      expect.stringMatching(/^yaml-syntax: \[1, 2: /),
    ]);
    expect(diagnose('# License\n---\nmodel: 3\n---\nHello')).toEqual([expect.stringMatching(/^key-type: 3: /)]);
  });

  it.each([
    ['a heading and a rule above text', '# Title\n---\ntext\n---\nmore'],
    ['a list between two rules', '# Title\n\n---\n- one\n- two\n---\n'],
    ['blank lines and a rule', '\n\n---\nYou are a judge.\n---\n'],
    ['empty rules', '# Title\n---\n---\ntext'],
  ])('is not %s: that is sent as before, with a warning at the first rule', (_what, source) => {
    const { prompt, diagnostics } = parsePrompt(source);
    expect(prompt.frontMatter).toBeUndefined();
    expect(prompt.template.text).toBe(source);
    const at = source.indexOf('---');
    expect(diagnostics).toMatchObject([
      { code: 'fence-in-text', severity: 'warning', range: { start: at, end: at + 3 } },
    ]);
    expect(prompt.errors).toBeUndefined();
  });

  it('below an unclosed header is text, with a warning only if it starts with a key of the format', () => {
    expect(diagnose('# License\n---\nmodel: demo/quick\n\nHello')).toEqual([
      'fence-in-text: ---: No second `---` line closes this one, so what follows is not front matter. All of it is sent to the model as text.',
    ]);
    expect(diagnose('# Title\n\n---\n\nYou are a judge.')).toEqual([]);
    expect(diagnose('# Title\n\n## Rules\n\nYou are a judge.\n\n---\n')).toEqual([]);
  });

  it.each([
    ['an HTML comment', '<!-- License -->\n---\nmodel: demo/quick\n---\nHello'],
    ['a comment of another language', '// License\r\n---\r\nmodel: demo/quick\r\n---\r\nHello'],
    ['an indented comment', '  # License\n---\ninput:\n  schema: string\n---\nHello'],
    ['a YAML directive', '%YAML 1.2\n---\nmodel: demo/quick\n---\nHello'],
    ['a sentence', 'My prompt.\n\n---\nllmops.models: [a/b]\n---\nHello'],
  ])('below %s is sent as text, as before, with a warning', (_what, source) => {
    const { prompt, diagnostics } = parsePrompt(source);
    expect(prompt.template.text).toBe(source);
    const at = source.indexOf('---');
    expect(diagnostics).toMatchObject([
      { code: 'fence-in-text', severity: 'warning', range: { start: at, end: at + 3 } },
    ]);
    expect(diagnostics[0]?.message).toMatch(/^This looks like front matter/);
  });

  it('is missing if its first line is not exactly `---`', () => {
    const message = expect.stringMatching(/^fence-in-text: ---: This looks like front matter/);
    expect(diagnose(' ---\nmodel: demo/quick\n---\nHello')).toEqual([message]);
    expect(diagnose('--- # mine\nmodel: demo/quick\n---\nHello')).toEqual([message]);
    expect(diagnose('Write about\n---\nNote: a rule of Markdown\n---\nnothing')).toEqual([]);
  });

  it('must be closed', () => {
    const { prompt, diagnostics } = parsePrompt('---\nmodel: demo/quick\nHello: {');
    expect(diagnostics).toMatchObject([
      { code: 'front-matter-unclosed', severity: 'error', range: { start: 0, end: 3 } },
    ]);
    expect(prompt.template.text).toBe('');
  });

  it('reports broken YAML at its place and is never part of the template', () => {
    const source = '---\nmodel: demo/quick\nconfig: [1, 2\n---\nHello';
    expect(diagnose(source)[0]).toMatch(/^yaml-syntax: /);
    expect(parse(source).template.text).toBe('Hello');
  });

  it('reports a duplicate key, and text that is not a map', () => {
    expect(diagnose('---\nmodel: a\nmodel: b\n---\n')).toEqual([
      'yaml-syntax: model: YAML: the key `model` is used twice',
    ]);
    expect(diagnose('---\njust words\n---\n')).toEqual([
      'front-matter-type: just words: Front matter must be a map of keys such as `model: openai/…`.',
    ]);
  });

  it('survives an alias bomb', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
    );
    expect(diagnose(`---\na0: &a0 x\n${levels.join('\n')}\n---\n`)[0]).toMatch(/^yaml-syntax: .*alias/s);
  });

  it('reports every key of the wrong type at its value', () => {
    const source = '---\nmodel: 3\nconfig: warm\ntools: {a: 1}\ntoolDefs: [{description: x}]\nllmops.models: 5\n---\n';
    expect(diagnose(source)).toEqual([
      'key-type: 3: `model` must be text, not 3.',
      'key-type: warm: `config` must be a map of keys, not the text "warm".',
      'key-type: {a: 1}: `tools` must be a list of names, not a map.',
      'key-type: {description: x}: A tool definition needs a `name`.',
      'key-type: 5: `llmops.models` must be a list of names, not 5.',
    ]);
  });

  it('puts dotted keys into ext, split at the last dot, even malicious ones', () => {
    const prompt = parse('---\nllmops.models: [a/b]\nllmops.rag.top: 3\n__proto__.polluted: 1\n---\n');
    expect(prompt.ext).toMatchObject({ llmops: { models: ['a/b'] }, 'llmops.rag': { top: 3 } });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('takes name and variant from the path unless the file sets them', () => {
    expect(parse('', '/w/prompts/churn.short.prompt')).toMatchObject({ name: 'churn', variant: 'short' });
    expect(parse('', 'C:\\w\\_header.prompt')).toMatchObject({ name: 'header', variant: undefined });
    expect(parse('---\nname: other\nvariant: 2\n---\n', '/w/churn.prompt')).toMatchObject({
      name: 'other',
      variant: '2',
    });
  });

  it('treats an output schema without a format as JSON, and warns about an unknown format', () => {
    expect(parse('---\noutput:\n  schema:\n    a: string\n---\n').output.format).toBe('json');
    expect(parse('---\noutput: {format: text}\n---\n').output).toEqual({ format: 'text' });
    expect(diagnose('---\noutput: {format: xml}\n---\n')).toEqual([
      'output-format: xml: Output format `xml` is unknown; the answer is treated as text. Known formats: json, text, csv, jsonl, array, enum.',
    ]);
  });

  it.each(['csv', 'jsonl', 'array', 'enum'])('knows the format %s, whose answers are text', (format) => {
    expect(diagnose(`---\noutput: {format: ${format}}\n---\n`)).toEqual([]);
    const held = `---\noutput:\n  format: ${format}\n  schema:\n    a: string\n---\n`;
    expect(parse(held).output.format).toBe('text');
    expect(diagnose(held)).toEqual([
      `output-unchecked: ${format}: An answer in the format \`${format}\` is treated as text: the schema is neither sent nor checked.`,
    ]);
  });

  it('reads Genkit’s keys, and reports which of them have no effect', () => {
    const keys = (text: string) => `---\n${text}\n---\n`;
    expect(parse(keys('toolChoice: required')).parameters).toEqual({ toolChoice: 'required' });
    expect(diagnose(keys('toolChoice: none\nreturnToolRequests: true\nmetadata:\n  owner: me'))).toEqual([]);
    expect(parse(keys('toolChoice: any')).parameters).toEqual({});
    expect(diagnose(keys('toolChoice: any'))).toEqual([
      'tool-choice: any: `toolChoice` must be auto, required or none, not the text "any": it is not sent.',
    ]);
    expect(diagnose(keys('maxTurns: 5\nreturnToolRequests: false'))).toEqual([
      'no-effect: maxTurns: `maxTurns` has no effect here: a run sends one request and shows the tool calls it returns.',
      'no-effect: returnToolRequests: `returnToolRequests` has no effect here: tools are not run, and tool calls are always shown.',
    ]);
    for (const text of ['toolChoice: any', 'maxTurns: 5']) expect(parse(keys(text)).errors).toBeUndefined();
  });

  it('allows a prompt whose schemas only a program knows, without validation', () => {
    const prompt = parse(
      '---\ninput:\n  schema: recipe\noutput:\n  schema: RecipeSchema, what is cooked\n---\n{{dish}}',
    );
    expect(prompt.errors).toBeUndefined();
    expect(prompt.input.schema).toBeUndefined();
    expect(prompt.output).toEqual({ format: 'json' });
    const field = parse('---\ninput:\n  schema:\n    who: Person, who asks\n    all(array): Item\n---\n');
    expect(field.errors).toBeUndefined();
    expect(field.input.schema).toMatchObject({
      properties: { who: { description: 'who asks' }, all: { type: 'array', items: {} } },
      required: ['who', 'all'],
    });
    expect(diagnose('---\noutput:\n  schema: RecipeSchema\n---\n')).toEqual([
      'schema-in-code: RecipeSchema: No file defines the schema `RecipeSchema`: it may be registered in code. Values are not checked here. To check them, add `schemas/RecipeSchema.yaml`.',
    ]);
  });

  it.each(['nmber', 'String', 'list', 'Date', 'person', 'a/b'])(
    'reports the type %s of a field as an error',
    (type) => {
      expect(diagnose(`---\ninput:\n  schema:\n    who: ${type}\n---\n`)[0]).toMatch(/^picoschema: /);
    },
  );

  it.each(['object', 'sting', '../x', 'list'])('takes the schema %s for a mistake', (type) => {
    expect(diagnose(`---\noutput:\n  schema: ${type}\n---\n`)[0]).toMatch(/^picoschema: /);
  });

  it('keeps tool definitions and names without definitions', () => {
    const prompt = parse(
      '---\ntools: [search, mail]\ntoolDefs:\n  - name: mail\n    description: sends\n    inputSchema:\n      to: string\n---\n',
    );
    expect(prompt.toolNames).toEqual(['search']);
    expect(prompt.tools).toEqual([
      {
        name: 'mail',
        description: 'sends',
        inputSchema: {
          type: 'object',
          properties: { to: { type: 'string' } },
          required: ['to'],
          additionalProperties: false,
        },
      },
    ]);
  });
});

describe('config', () => {
  it('becomes parameters, and unknown keys are passed through', () => {
    const source = `---
config:
  temperature: 0
  maxOutputTokens: 100
  topP: 0.5
  topK: 3
  seed: -1
  stopSequences: [END]
  reasoning: {effort: low, summary: auto}
  logitBias: {a: 1}
---
`;
    expect(parse(source).parameters).toEqual({
      temperature: 0,
      maxOutputTokens: 100,
      topP: 0.5,
      topK: 3,
      seed: -1,
      stopSequences: ['END'],
      reasoningEffort: 'low',
      extra: { reasoning: { summary: 'auto' }, logitBias: { a: 1 } },
    });
  });

  it('reports each value of the wrong type instead of ignoring it silently', () => {
    const source =
      '---\nconfig:\n  temperature: hot\n  topK: 1.5\n  stopSequences: END\n  reasoning: {effort: huge}\n  seed:\n---\n';
    expect(diagnose(source)).toEqual([
      'config-type: hot: `temperature` must be a number, not the text "hot".',
      'config-type: 1.5: `topK` must be an integer greater than 0, not 1.5.',
      'config-type: END: `stopSequences` must be a list of texts, not the text "END".',
      'config-type: huge: `reasoning.effort` must be one of none, minimal, low, medium, high, xhigh, max, not the text "huge".',
      'config-type: seed: `seed` must be an integer, not empty.',
    ]);
    expect(parse(source).parameters).toEqual({});
  });
});

describe('Picoschema', () => {
  it('reports every error at its place', () => {
    const source = `---
input:
  schema:
    age: intger, the age
    plan(enum): gold
    list: [a, b]
    deep(object):
      x(set): string
    open(array: string
    none:
---
`;
    expect(diagnose(source).map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
      'picoschema: intger, the age',
      'picoschema: gold',
      'picoschema: [a, b]',
      'picoschema: x(set)',
      'picoschema: open(array',
      'picoschema: none',
    ]);
  });

  it('resolves the names of given schemas', () => {
    const source = '---\noutput:\n  schema: Risk, of leaving\n---\n';
    const { prompt, diagnostics } = parsePrompt(source, {
      resolveSchema: (name) => (name === 'Risk' ? { type: 'string', enum: ['low', 'high'] } : undefined),
    });
    expect(diagnostics).toEqual([]);
    expect(prompt.output.schema).toEqual({ type: 'string', enum: ['low', 'high'], description: 'of leaving' });
  });
});

describe('the template', () => {
  it('reports broken syntax in plain English, at its place in the file', () => {
    const inFile = (template: string) =>
      diagnose(`---\nmodel: demo/quick\n---\n\n{{!-- note --}}\nText\n  ${template}`);
    expect(inFile('Hi {{name')).toEqual(['template-syntax: {{name: `{{` is never closed by `}}`.']);
    expect(inFile('Hi {{name\nmore {{other}}')).toEqual(['template-syntax: {{name: `{{` is never closed by `}}`.']);
    expect(inFile('{{#if a}}x')).toEqual(['template-syntax: {{#if a}}: `{{#if}}` is never closed by `{{/if}}`.']);
    expect(inFile('{{#if a}}x{{/each}}')).toEqual(['template-syntax: if: `{{#if}}` is closed by `{{/each}}`.']);
    expect(inFile('x{{/if}}')).toEqual(['template-syntax: {{/: `{{/if}}` closes a block that is not open.']);
    expect(inFile('x{{else}}y')).toEqual(['template-syntax: {{else}}: `{{else}}` is outside any block.']);
    expect(inFile('{{}}')).toEqual(['template-syntax: }}: Unexpected end of expression before `}}`.']);
    expect(inFile('{{"x}}')).toEqual(['template-syntax: ": `"` is not valid here in an expression.']);
    expect(inFile('a\0b')).toEqual(['template-syntax: \0: A template cannot contain the character U+0000.']);
  });

  it('keeps exact ranges after line separators that Handlebars miscounts', () => {
    expect(diagnose('a\u2028b {{foo bar}}')).toEqual(['template-unknown-helper: foo: Unknown helper `foo`.']);
  });

  it('reports helpers that would send nothing, or fail, when it renders', () => {
    expect(diagnose('{{#role "system"}}Be kind{{/role}}')).toEqual([
      'template-block: {{#role "system": `role` is not a block: write `{{role …}}` without a closing tag.',
    ]);
    expect(diagnose('{{media imageUrl}}')).toEqual([
      'template-arguments: {{media imageUrl}}: `media` needs a named argument: write `{{media url=…}}`.',
    ]);
    expect(diagnose('{{#json x}}{{/json}}')[0]).toMatch(/^template-block: /);
    expect(diagnose('{{if x}}')).toEqual(['template-block: {{if x}}: `if` is a block: write `{{#if …}}…{{/if}}`.']);
    expect(diagnose('{{#ifEquals a}}{{/ifEquals}}')).toEqual([
      'template-arguments: ifEquals: `ifEquals` expects 2 arguments, but got 1.',
    ]);
    expect(diagnose('{{role "boss"}}')).toEqual([
      'template-role: "boss": Unknown role `boss`. Use system, user, model or tool.',
    ]);
    expect(diagnose('{{> p x=(upper y)}}')).toEqual(['template-unknown-helper: upper: Unknown helper `upper`.']);
  });

  it('suggests what the bare name of a helper inside a loop means', () => {
    expect(diagnose('{{#each history}}{{role}}: {{content}}{{/each}}')).toEqual([
      'template-arguments: role: `role` is a helper here, not a field of the element. Did you mean `this.role`?',
    ]);
    expect(diagnose('{{#with turn}}{{#if x}}{{media}}{{/if}}{{/with}}')).toEqual([
      'template-arguments: media: `media` is a helper here, not a field of the element. Did you mean `this.media`?',
    ]);
    expect(diagnose('{{#each turns}}{{else}}{{role}}{{/each}}{{role}}')).toEqual([
      'template-arguments: role: `role` expects one argument, but got 0.',
      'template-arguments: role: `role` expects one argument, but got 0.',
    ]);
    expect(diagnose('{{#each turns}}{{this.role}} {{role "user"}}{{history}}{{/each}}')).toEqual([]);
  });

  it('lets a block parameter have the name of a helper', () => {
    expect(diagnose('{{#each roles as |role|}}{{role}}{{/each}}')).toEqual([]);
  });

  it('is rejected if it would block the editor', () => {
    const deep = '{{#if x}}'.repeat(5000) + '{{/if}}'.repeat(5000);
    for (const text of [
      deep,
      '{{x}}'.repeat(20_000),
      `{{x ${'(a '.repeat(5000)}`,
      '{{!-- a --}}'.repeat(9000).padEnd(1e6),
    ]) {
      expect(parsePrompt(text).diagnostics.map(({ code }) => code)).toEqual(['template-too-large']);
    }
  });

  it('may be a megabyte of text', () => {
    const { prompt, diagnostics } = parsePrompt(`---\nmodel: demo/quick\n---\n${'words and words\n'.repeat(65_536)}`);
    expect([prompt.template.text.length, diagnostics.length]).toEqual([1_048_575, 0]);
  });
});

describe('parsePrompt', () => {
  it('never throws, and every range is inside the file', () => {
    const piece = fc.constantFrom(
      ...[
        '---\n',
        '---',
        '\n',
        '\r\n',
        '\ufeff',
        'model: ',
        'config:\n',
        '  temperature: ',
        '[',
        '{',
        '}',
        '"',
        ': ',
        '- ',
        '&a ',
        '*a',
      ],
      ...[
        '{{',
        '}}',
        '{{{',
        '{{#',
        '{{/',
        '{{>',
        '{{!--',
        '--}}',
        '(',
        ')',
        'if ',
        'role ',
        '"system"',
        'as |x|',
        'else',
        '=',
        '@',
        '../',
        '\\',
        '~',
      ],
      ...['input:\n  schema:\n    ', 'a(enum', '): ', '<<<dotprompt:role:system>>>', '\0', '\u2028', 'é', '💥', ' '],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 40 }), (pieces) => {
        const source = pieces.join('');
        for (const { range, message } of parsePrompt(source).diagnostics) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeGreaterThanOrEqual(range.start);
          expect(range.end).toBeLessThanOrEqual(source.length);
          expect(message).not.toContain('---^');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps only the errors with the prompt', () => {
    expect(parse('{{#if}}').errors).toMatchObject([{ severity: 'error' }]);
    expect(parse('---\noutput: {format: jsonl}\n---\nHi').errors).toBeUndefined();
  });
});

describe('the sample prompts', () => {
  it('have no diagnostics', () => {
    const folder = join(import.meta.dirname, '../../../media/sample-workspace/prompts');
    const files = readdirSync(folder).filter((file) => file.endsWith('.prompt'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const path = join(folder, file);
      expect(parsePrompt(readFileSync(path, 'utf8'), { path }).diagnostics, file).toEqual([]);
    }
  });
});
