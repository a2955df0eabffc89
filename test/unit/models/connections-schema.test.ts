import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CONNECTION_TYPES } from '../../../src/core/models/chat-model.ts';
import { checkDeclarations, FIELD_NAMES } from '../../../src/core/models/connections/connection-checks.ts';

const text = readFileSync(new URL('../../../media/schemas/connections.schema.json', import.meta.url), 'utf8');
const schema = JSON.parse(text);
const { properties } = schema.definitions.connection;
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

/** True if the extension itself reports nothing. */
function isSound(value: unknown): boolean {
  let sound = true;
  checkDeclarations(value, () => {
    sound = false;
  });
  return sound;
}

describe('the schema of connections.yaml', () => {
  test('has the fields and types that the parser knows', () => {
    expect(Object.keys(properties).sort()).toEqual([...FIELD_NAMES].sort());
    const declarable = CONNECTION_TYPES.filter((type) => type !== 'demo' && type !== 'vscode');
    expect([...properties.type.enum].sort()).toEqual([...declarable].sort());
    expect(properties.type.enumDescriptions).toHaveLength(declarable.length);
  });

  test.each([
    ['', true],
    ['openai:\n  timeoutMs: 5000\n', true],
    ['openai:\n  contentTimeoutMs: 5000\n  streamOptions: false\n', true],
    ['openai:\n  contentTimeoutMs: 0\n', false],
    ['openai:\n  streamOptions: sometimes\n', false],
    [
      'x:\n  type: openai-compatible\n  baseUrl: http://127.0.0.1:8000/v1\n  headers: { X-A: b }\n  models: [m]\n',
      true,
    ],
    ['x:\n  type: vertexai\n  project: 12345\n  location: global\n', true],
    ['x:\n  type: nope\n', false],
    ['x:\n  type: openai\n  baseUrl: https://me:you@a.example\n', false],
    ['x:\n  type: openai\n  apiKey: k\n', false],
    ['demo:\n  type: openai\n', false],
    ['a/b:\n  type: openai\n', false],
    ['- a\n', false],
    ['x: openai\n', false],
    ['x:\n  type: openai\n  models: m\n', false],
  ])('agrees with the parser: %j', (yaml, sound) => {
    const value: unknown = parse(yaml);
    expect(validate(value)).toBe(sound);
    expect(isSound(value)).toBe(sound);
  });

  test('requires the base URL if the type needs one', () => {
    expect(validate({ x: { type: 'azure-openai' } })).toBe(false);
    expect(validate({ x: { type: 'anthropic' } })).toBe(true);
  });
});
