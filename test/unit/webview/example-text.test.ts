import { expect, it } from 'vitest';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { inputFields } from '../../../src/core/prompts/schema/input-fields.ts';
import { validateValue } from '../../../src/core/prompts/schema/validate-input.ts';
import { exampleText } from '../../../webview/shared/inputs/example-text.ts';

const PICO = `---
input:
  schema:
    turns(array):
      role(enum): [user, assistant]
      text: string
    customer:
      name: string, how to address them
      age?: integer
      tags?(array): string
      address(object):
        street: string
        geo?:
          lat: number
          lon: number
    scores(array): number
    anything: any
    map(object):
      (*): integer
---
`;

it('writes the shape of lists and maps as a prompt declares them', () => {
  const written = Object.fromEntries(
    inputFields(parsePrompt(PICO).prompt).map(({ name, schema }) => [name, exampleText(schema)]),
  );
  expect(written).toMatchObject({
    turns: '[{"role": "user", "text": "…"}]',
    customer: '{"name": "…", "age": 1, "tags": ["…"], "address": {"street": "…", "geo": {"lat": 1, "lon": 1}}}',
    scores: '[1]',
    map: '{"name": 1}',
  });
});

const string = { type: 'string' };
const SCHEMAS: [string, Record<string, unknown>][] = [
  ['a list without items', { type: 'array' }],
  ['a map without properties', { type: 'object' }],
  ['a list of three', { type: 'array', items: { type: 'integer', minimum: 5 }, minItems: 3 }],
  ['a list that is empty', { type: 'array', items: string, maxItems: 0 }],
  ['a tuple', { type: 'array', items: [string, { type: 'number', exclusiveMinimum: 3 }], minItems: 2 }],
  ['bounds', { type: 'object', properties: { n: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0.5 } } }],
  ['steps', { type: 'object', properties: { n: { type: 'integer', multipleOf: 7, minimum: 20 } }, required: ['n'] }],
  ['lengths', { type: 'array', items: { type: 'string', minLength: 3, maxLength: 4 } }],
  [
    'constants',
    { type: 'object', properties: { kind: { const: 'a' }, of: { enum: [null, 'x'] } }, required: ['kind'] },
  ],
  ['a choice', { type: 'array', items: { oneOf: [{ type: 'string', pattern: '^x' }, { type: 'boolean' }] } }],
  [
    'a choice of maps',
    { anyOf: [{ required: ['a'] }, { required: ['b'] }], type: 'object', properties: { a: string } },
  ],
  [
    'all of',
    {
      allOf: [
        { properties: { a: string }, required: ['a'] },
        { properties: { b: string }, required: ['b'] },
      ],
    },
  ],
  ['a nullable value', { type: ['array', 'null'], items: { type: ['null', 'integer'] } }],
  ['no other names', { type: 'object', properties: { a: string }, additionalProperties: false }],
  ['an undeclared name', { type: 'object', required: ['a"b'], properties: {} }],
  ['an optional reference', { type: 'object', properties: { a: { $ref: '#/x' }, b: string }, required: ['b'] }],
];

it.each(SCHEMAS)('an example matches its schema: %s', async (_, schema) => {
  const text = exampleText(schema);
  expect(text).toBeDefined();
  const { $ref: _ref, ...plain } = JSON.parse(JSON.stringify(schema).replace('{"$ref":"#/x"}', 'true'));
  expect(await validateValue(plain, JSON.parse(text ?? ''))).toEqual([]);
});

it('shows only required parts if the whole is long', () => {
  const names = Array.from({ length: 30 }, (_, index) => `property_${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, string]));
  expect(exampleText({ type: 'object', properties, required: ['property_7'] })).toBe('{"property_7": "…"}');
});

it('shows nothing rather than invalid text', () => {
  expect(exampleText({ type: 'array', items: { $ref: '#/x' }, minItems: 1 })).toBeUndefined();
  expect(exampleText({ type: 'array', items: { type: 'string', pattern: '^A-\\d+$' } })).toBe('[]');
  const endless: Record<string, unknown> = { type: 'object', required: ['next'], properties: {} };
  endless.properties = { next: endless };
  expect(exampleText(endless)).toBeUndefined();
});
