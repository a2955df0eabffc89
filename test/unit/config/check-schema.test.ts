import { expect, test } from 'vitest';
import { checkSchema } from '../../../src/core/config/check-schema.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string' },
    kind: { enum: ['small', 'large'] },
    size: { type: 'number', minimum: 1, maximum: 5 },
    parts: { type: 'array', items: { $ref: '#/definitions/part' } },
  },
  definitions: {
    part: {
      type: 'object',
      properties: { on: { type: 'boolean' } },
      anyOf: [{ required: ['on'] }, { required: ['off'] }],
    },
  },
};

const messages = (value: unknown) => checkSchema(schema, value).map(({ path, message }) => [path.join('.'), message]);

test('reports one problem per place, the innermost one, in plain English', () => {
  expect(messages({ name: 5, kind: 'smal', size: 9, parts: [{ on: 'yes' }, {}], colour: 1 })).toEqual([
    ['name', '"name" must be text.'],
    ['kind', 'unknown kind "smal". Did you mean small?'],
    ['size', '"size" must be a number, 5 or less.'],
    ['parts.0.on', '"on" must be true or false.'],
    ['parts.1', '"parts" has a value that is not allowed here.'],
    ['colour', 'unknown field "colour". Known values: name, kind, size, parts.'],
  ]);
  expect(messages({ kind: 5 })).toContainEqual(['kind', '"kind" must be one of small, large.']);
  expect(messages({})).toEqual([['', 'This needs "name".']]);
  expect(messages([])).toEqual([['', 'This must be a map.']]);
});

test('rejects numbers that JSON cannot represent, and reads keys with any character', () => {
  expect(messages({ name: '', size: Number.POSITIVE_INFINITY })).toEqual([['size', '"size" must be a number.']]);
  expect(messages({ name: '', 'a/b~c#d%20 é': 1 })).toMatchObject([
    ['a/b~c#d%20 é', expect.stringContaining('unknown field')],
  ]);
  expect(messages({ name: '', '\ud800': 1 })).toEqual([['', 'This has keys that are not Unicode text.']]);
  expect(messages(JSON.parse('{"name": "", "__proto__": 1}'))).toHaveLength(1);
});
