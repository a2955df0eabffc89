import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPartialJson } from '../../../webview/shared/json/partial-json.ts';
import { cpuTimeMs } from '../cpu-time.ts';

const readAs = (text: string) => {
  const read = readPartialJson(text);
  return read.kind === 'value' ? read.value : read.kind;
};

describe('the beginning of a JSON answer', () => {
  it.each<[string, unknown]>([
    ['{', {}],
    ['{"ri', {}],
    ['{"risk"', {}],
    ['{"risk":', {}],
    ['{"risk": "hi', { risk: 'hi' }],
    ['{"risk": "a\\', { risk: 'a' }],
    ['{"risk": "a\\u00e', { risk: 'a' }],
    ['{"risk": "a\\"b', { risk: 'a"b' }],
    ['{"a": 1', { a: 1 }],
    ['{"a": -', {}],
    ['{"a": 1.', {}],
    ['{"a": 1, ', { a: 1 }],
    ['{"a": tr', {}],
    ['{"a": true', { a: true }],
    ['[1, {"b": [2, 3', [1, { b: [2, 3] }]],
    ['```json\n{"a": [1', { a: [1] }],
    ['```json\n{"a": [1]}\n``', { a: [1] }],
    ['"text', 'text'],
  ])('%j is read as far as possible', (text, value) => expect(readAs(text)).toEqual(value));

  it.each(['', '  ', '`', '```', '```js', '```json', '```json\n', '-'])('%j may become anything yet', (text) => {
    expect(readAs(text)).toBe('undecided');
  });

  it.each([
    'Sure, here it is: {"a": 1}',
    '{a: 1}',
    '{"a" 1}',
    '[1 2]',
    '{"a": 1} and more',
    '```python\nprint()',
    '01',
  ])('%j is not JSON', (text) => expect(readAs(text)).toBe('other'));

  it('grows to the whole, and every beginning of it can be read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        for (let end = 0; end <= text.length; end++) {
          if (readAs(text.slice(0, end)) === 'other' && value !== 'other') return false;
        }
        expect(readAs(text)).toEqual(JSON.parse(text));
        return true;
      }),
    );
  });

  it('accepts any nesting, and reads no more than a tree shows', () => {
    expect(readPartialJson('['.repeat(1_000_000)).kind).toBe('value');
    const started = cpuTimeMs();
    readPartialJson(`["${'x'.repeat(5_000_000)}`);
    expect(cpuTimeMs() - started).toBeLessThan(200);
  });
});
