import { describe, expect, it } from 'vitest';
import { toVertexSchema } from '../../../src/core/models/vertexai/vertexai-schema.ts';

describe('a JSON schema for Gemini', () => {
  it('keeps order, descriptions, limits and required properties', () => {
    const { schema, problem } = toVertexSchema({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
      required: ['b', 'gone'],
      properties: {
        b: { type: 'string', description: 'First.', maxLength: 9 },
        a: { type: 'array', items: { type: 'integer', minimum: 1 }, maxItems: 3 },
      },
    });

    expect(problem).toBeUndefined();
    expect(schema).toEqual({
      type: 'OBJECT',
      required: ['b'],
      propertyOrdering: ['b', 'a'],
      properties: {
        b: { type: 'STRING', description: 'First.', maxLength: 9 },
        a: { type: 'ARRAY', items: { type: 'INTEGER', minimum: 1 }, maxItems: 3 },
      },
    });
  });

  it.each([
    [{ type: ['string', 'null'] }, { type: 'STRING', nullable: true }],
    [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, { type: 'NUMBER', nullable: true }],
    [{ oneOf: [{ type: 'number' }, { type: 'string' }] }, { anyOf: [{ type: 'NUMBER' }, { type: 'STRING' }] }],
    [{ type: ['number', 'string'] }, { anyOf: [{ type: 'NUMBER' }, { type: 'STRING' }] }],
    [{ enum: ['x', 'y', null] }, { type: 'STRING', format: 'enum', enum: ['x', 'y'], nullable: true }],
    [
      { type: 'integer', enum: [1, 2] },
      { type: 'INTEGER', format: 'enum', enum: ['1', '2'] },
    ],
    [{ const: 'x' }, { type: 'STRING', format: 'enum', enum: ['x'] }],
    [{ type: 'boolean' }, { type: 'BOOLEAN' }],
  ])('expresses %j without loss', (original, expected) => {
    expect(toVertexSchema(original)).toEqual({ schema: expected, problem: undefined });
  });

  it('inlines references and merges the parts of an allOf', () => {
    const { schema, problem } = toVertexSchema({
      $ref: '#/$defs/point',
      $defs: {
        point: {
          type: 'object',
          allOf: [{ $ref: '#/$defs/x' }],
          properties: { y: { type: 'number' } },
          required: ['y'],
        },
        x: { properties: { x: { type: 'number' } }, required: ['x'] },
      },
    });

    expect(problem).toBeUndefined();
    expect(schema).toMatchObject({
      required: ['x', 'y'],
      properties: { x: { type: 'NUMBER' }, y: { type: 'NUMBER' } },
    });
  });

  it.each([
    [{ type: 'object', properties: { child: { $ref: '#' } } }, 'refers to itself'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'properties that it does not declare'],
    [{ type: 'number', exclusiveMinimum: 0 }, "'exclusiveMinimum'"],
    [{ not: { type: 'string' } }, "'not'"],
    [{ const: true }, 'neither text nor a number'],
  ])('reports what it cannot express in %j', (original, problem) => {
    expect(toVertexSchema(original).problem).toContain(problem);
  });
});
