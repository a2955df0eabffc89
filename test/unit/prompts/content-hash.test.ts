import { expect, it } from 'vitest';
import { contentHash } from '../../../src/core/prompts/content-hash.ts';
import { sourceHash } from '../../../src/core/prompts/source-hash.ts';

const hash = (source: string, partials: Record<string, string> = {}) =>
  contentHash(source, new Map(Object.entries(partials)));

it('is the hash of the text if there are no partials', () => {
  expect(hash('Hello {{name}}\n')).toBe(sourceHash('Hello {{name}}\n'));
});

it('is the same for all line endings of the work tree', () => {
  expect(hash('a\r\nb\r\n', { tone: 'x\r\n' })).toBe(hash('a\nb\n', { tone: 'x\n' }));
});

it('does not depend on the order of partials', () => {
  expect(hash('s', { b: '2', a: '1' })).toBe(hash('s', { a: '1', b: '2' }));
});

it('changes with the text, with a partial and with its name, and a text cannot imitate a partial', () => {
  const all = [
    hash('s'),
    hash('t'),
    hash('s', { a: '1' }),
    hash('s', { a: '2' }),
    hash('s', { b: '1' }),
    hash('s', { a: '1', b: '' }),
    hash('["s",["a","1"]]'),
  ];
  expect(new Set(all).size).toBe(all.length);
});
