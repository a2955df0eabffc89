import { describe, expect, it } from 'vitest';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { promptModels, resolveModel } from '../../../src/core/prompts/resolve-model.ts';
import { checkOutput } from '../../../src/core/prompts/schema/check-output.ts';
import { inputFields } from '../../../src/core/prompts/schema/input-fields.ts';
import { validateInput } from '../../../src/core/prompts/schema/validate-input.ts';
import { sourceHash } from '../../../src/core/prompts/source-hash.ts';

const fieldsOf = (source: string) => inputFields(parsePrompt(source).prompt);

describe('inputFields', () => {
  it('follow the schema in its order, with types, options, descriptions and defaults', () => {
    const fields = fieldsOf(`---
input:
  schema:
    name: string, who it is
    age?: integer
    score: number
    active: boolean
    plan(enum, what they pay): [Gold, Silver]
    tags(array): string
    photo: string
    free: any
  default: {score: 0.5}
llmops.media: [photo]
---
`);
    expect(fields.map(({ schema: _, ...field }) => field)).toEqual([
      { name: 'name', type: 'string', required: true, description: 'who it is' },
      { name: 'age', type: 'integer', required: false },
      { name: 'score', type: 'number', required: false, default: 0.5 },
      { name: 'active', type: 'boolean', required: true },
      { name: 'plan', type: 'enum', required: true, description: 'what they pay', options: ['Gold', 'Silver'] },
      { name: 'tags', type: 'json', required: true },
      { name: 'photo', type: 'media', required: true },
      { name: 'free', type: 'json', required: true },
    ]);
  });

  it('are the defaults and variables of a template without a schema', () => {
    const source = `---
input: {default: {tone: kind, limit: 3}}
---
{{a.b}}{{#each list as |x|}}{{x}}{{own}}{{../up}}{{@root.top}}{{/each}}{{json j}}{{#if c}}{{d}}{{/if}}{{> p e=f}}{{@ctx}}{{this}}`;
    expect(fieldsOf(source).map(({ name, type }) => `${name} ${type}`)).toEqual([
      ...[
        'tone string',
        'limit json',
        'a string',
        'list string',
        'up string',
        'top string',
        'j string',
        'c string',
        'd string',
        'f string',
      ],
    ]);
  });
});

describe('validateInput', () => {
  const schema =
    parsePrompt('---\ninput:\n  schema:\n    a-b: string\n    list?(array):\n      n: number\n---\n').prompt.input
      .schema ?? {};

  it('reports problems by path in plain English', async () => {
    expect(await validateInput(schema, { list: [{ n: 1 }, { n: 'x' }], 'odd key': 1 })).toEqual([
      { path: '$.a-b', message: 'is missing' },
      { path: '$["odd key"]', message: 'is not in the schema' },
      { path: '$.list[1].n', message: 'must be a number, not the text "x"' },
    ]);
    expect(await validateInput(schema, { 'a-b': 'x', list: null })).toEqual([]);
  });

  it('reports nothing if the schema is not an object, and survives an invalid one', async () => {
    expect(await validateInput({ type: 'string' }, {})).toEqual([]);
    expect(await validateInput({ type: 'object', properties: { a: { type: 'nonsense' } } }, { a: 1 })).toMatchObject([
      { path: '$', message: expect.stringContaining('not valid JSON Schema') },
    ]);
  });

  it('accepts schemas of any draft and unknown formats', async () => {
    const modern = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'x',
      properties: { a: { type: 'string', format: 'odd' } },
    };
    expect(await validateInput(modern, { a: 'x' })).toEqual([]);
    expect(await validateInput({ ...modern }, { a: 1 })).toHaveLength(1);
  });
});

describe('checkOutput', () => {
  const schema = { type: 'object', properties: { risk: { enum: ['low', 'high'] } }, required: ['risk'] };

  it('accepts JSON as the whole answer or in a code fence, and reports which', async () => {
    expect(await checkOutput(schema, ' {"risk":"low"}\n')).toEqual({ valid: true, value: { risk: 'low' } });
    for (const fence of ['```json\n{"risk":"low"}\n```', 'Here it is:\r\n```\r\n{"risk":"low"}\r\n```\r\nDone.']) {
      expect(await checkOutput(schema, fence)).toEqual({
        valid: true,
        value: { risk: 'low' },
        note: 'The JSON was in a code fence.',
      });
    }
  });

  it('reports what does not match, and text that is not JSON', async () => {
    expect(await checkOutput(schema, '{"risk":"mid"}')).toEqual({
      valid: false,
      problems: ['$.risk must be one of low, high, not the text "mid"'],
    });
    expect(await checkOutput(schema, 'I cannot.')).toMatchObject({
      valid: false,
      problems: [expect.stringMatching(/^The answer is not JSON: /)],
    });
    expect(await checkOutput(schema, '')).toEqual({
      valid: false,
      problems: ['The answer is empty, but JSON was requested.'],
    });
  });
});

describe('the model of a prompt', () => {
  it('is the file’s, otherwise the setting’s, otherwise the built-in one', () => {
    expect(resolveModel({ file: 'a/b', settingDefault: 'c/d', fallback: 'e/f' })).toEqual({ ref: 'a/b', from: 'file' });
    expect(resolveModel({ file: undefined, settingDefault: 'c/d', fallback: 'e/f' })).toEqual({
      ref: 'c/d',
      from: 'setting',
    });
    expect(resolveModel({ file: undefined, settingDefault: ' ', fallback: 'e/f' })).toEqual({
      ref: 'e/f',
      from: 'default',
    });
  });

  it('may be several for comparing, each once', () => {
    expect(promptModels(parsePrompt('---\nllmops.models: [a/b, c/d, a/b]\n---\n').prompt)).toEqual(['a/b', 'c/d']);
    expect(promptModels(parsePrompt('---\nllmops.models: a/b\n---\n').prompt)).toEqual(['a/b']);
    expect(promptModels(parsePrompt('Hi').prompt)).toEqual([]);
  });
});

describe('sourceHash', () => {
  it('is SHA-256 in hex', () => {
    expect(sourceHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
