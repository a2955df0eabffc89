import { afterEach, describe, expect, it } from 'vitest';
import { readFirstRows } from '../../../src/core/datasets/read-rows.ts';
import {
  mergeConnections,
  parseConnections,
  readSettingsConnections,
} from '../../../src/core/models/connections/connections.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';
import { readTypedInput } from '../../../src/core/prompts/schema/typed-input.ts';

// A name such as `__proto__` in a file is a name like any other: it gives no object anything that it does not have.

const own = Object.getOwnPropertyNames(Object.prototype);
afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(own);
  expect('polluted' in {}).toBe(false);
});

const PROMPT = `---
__proto__: { polluted: 1 }
__proto__.x: 1
constructor.prototype: { polluted: 1 }
config:
  __proto__: { polluted: 1 }
  constructor: { prototype: { polluted: 1 } }
input:
  schema:
    name: string
  default:
    __proto__: { polluted: 1 }
---
{{name}}|{{name.constructor.constructor}}|{{lookup name "constructor"}}|{{constructor}}|{{__defineGetter__}}|{{toString}}
`;

describe('names of the language', () => {
  it('mean nothing in front matter, and templates do not reach inherited properties', async () => {
    const { prompt } = parsePrompt(PROMPT.replace(/ {2}default:\n.*\n/, ''), { path: '/x/a.prompt' });
    const env = { partials: async () => undefined, workspaceRoots: ['/x'], promptDir: '/x' };
    const { messages } = await renderPrompt(prompt, { input: { name: 'Ada' } }, env);
    expect(messages).toEqual([{ role: 'user', parts: [{ type: 'text', text: 'Ada|||||' }] }]);
    const withDefault = parsePrompt(PROMPT, { path: '/x/a.prompt' }).prompt;
    await expect(renderPrompt(withDefault, { input: { name: 'Ada' } }, env)).rejects.toThrow(
      '__proto__ is not in the schema',
    );
  });

  it('declare no connection, field or header', async () => {
    const yaml = `__proto__:
  type: openai
x:
  type: openai-compatible
  baseUrl: http://127.0.0.1/v1
  headers: { __proto__: a, constructor: b }
  __proto__: { baseUrl: "http://evil.example", polluted: 1 }
`;
    const file = { declared: await parseConnections(yaml, '/c'), path: '/c' };
    const settings = readSettingsConnections(
      JSON.parse('{"__proto__":{"type":"openai"},"y":{"__proto__":{"type":"openai"}}}'),
    );
    const { connections, invalid } = mergeConnections({ env: {}, hasHostModels: false, file, settings });
    expect(connections.get('x')).toMatchObject({ baseUrl: 'http://127.0.0.1/v1', headers: { constructor: 'b' } });
    expect([...connections.keys()]).not.toContain('__proto__');
    expect([...invalid.keys()]).toEqual(['y']);
  });

  it('are inputs and columns of a dataset like any other', async () => {
    const typed = JSON.parse('{"__proto__":{"plan":"Gold"}}');
    const { values } = readTypedInput([], typed);
    expect(Object.keys(values)).toEqual(['__proto__']);
    expect(values.plan).toBeUndefined();
    const [row] = await readFirstRows('a.csv', [Buffer.from('__proto__,b\nx,y\n')], { limit: 1 });
    expect(Object.entries(row ?? {})).toEqual([
      ['__proto__', 'x'],
      ['b', 'y'],
    ]);
    const [json] = await readFirstRows('a.jsonl', [Buffer.from('{"__proto__":{"polluted":1}}\n')], { limit: 1 });
    expect(json?.polluted).toBeUndefined();
  });
});
