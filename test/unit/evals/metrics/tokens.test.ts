import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NgramMatches } from '../../../../src/core/evals/metrics/text/sequences/ngram-matches.ts';
import { Vocabulary } from '../../../../src/core/evals/metrics/text/vocabulary.ts';

/** The definition: each n-gram at most as often as the reference that has it the most. */
function countMatches(answer: readonly number[], references: readonly (readonly number[])[], order: number): number {
  const count = (symbols: readonly number[]) => {
    const counts = new Map<string, number>();
    for (let at = 0; at + order <= symbols.length; at += 1) {
      const key = symbols.slice(at, at + order).join(' ');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };
  const inReferences = references.map(count);
  return [...count(answer)].reduce((sum, [key, times]) => {
    return sum + Math.min(times, Math.max(0, ...inReferences.map((counts) => counts.get(key) ?? 0)));
  }, 0);
}

it.each([10, 33, 120, 700])('matches of n-grams are counted as defined, up to %i symbols', (maxLength) => {
  const matches = new NgramMatches(4);
  const symbols = fc.array(fc.constantFrom(0, 1, 2, 3, 70_000), { maxLength, size: 'max' });
  const property = fc.property(symbols, fc.array(symbols, { minLength: 1, maxLength: 2 }), (answer, references) => {
    const expected = [1, 2, 3, 4].map((order) => countMatches(answer, references, order));
    expect(matches.count(answer, references)).toEqual(expected);
  });
  fc.assert(property, { numRuns: 60 });
});

it('a reference with too many symbols for a table is counted as defined', () => {
  const matches = new NgramMatches(4);
  const reference = Array.from({ length: 1200 }, (_, at) => (at % 3 === 0 ? 7 : at));
  const answer = [...reference.slice(600, 1000), ...reference.slice(0, 300)];
  const expected = [1, 2, 3, 4].map((order) => countMatches(answer, [reference], order));
  expect(matches.count(answer, [reference])).toEqual(expected);
});

it('what earlier pairs left in the tables does not count', () => {
  const matches = new NgramMatches(4);
  const once = Array<number>(900).fill(0);
  // one symbol is counted 900 times; where these counts were, the next reference has the places of its nodes
  expect(matches.count([0], [once])).toEqual([1, 0, 0, 0]);
  const reference = Array.from({ length: 300 }, (_, at) => (at * at) % 41);
  const answer = [...reference].reverse();
  const expected = [1, 2, 3, 4].map((order) => countMatches(answer, [reference], order));
  expect(matches.count(answer, [reference])).toEqual(expected);
});

it('a word is the same before every separator', () => {
  const vocabulary = new Vocabulary({});
  const [id] = vocabulary.idsOf('word');
  expect(vocabulary.idsOf('word\u3000word\u00a0word\tword')).toEqual([id, id, id, id]);
});

it('equal tokens have equal numbers, and only these', () => {
  const vocabulary = new Vocabulary({ tokens: (piece) => (piece.length % 5 === 0 ? [...piece] : [piece]) });
  const known = new Map<number, string>();
  // short and long pieces with common ends, and characters that are equal in their last byte
  const piece = fc.array(fc.constantFrom('a', 'b', 'š', 'a'.repeat(7), '漢', '\ud83d'), { minLength: 1, maxLength: 5 });
  const property = fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
    const words = pieces.map((parts) => parts.join(''));
    const tokens = words.flatMap((word) => (word.length % 5 === 0 ? [...word] : [word]));
    const ids = vocabulary.idsOf(words.join(' '));
    expect(ids).toHaveLength(tokens.length);
    for (const [index, id] of ids.entries()) expect(known.get(id) ?? tokens[index]).toBe(tokens[index]);
    for (const [index, id] of ids.entries()) known.set(id, tokens[index] ?? '');
    expect(new Set(known.values()).size).toBe(known.size);
  });
  fc.assert(property, { numRuns: 300 });
});
