import { describe, expect, it } from 'vitest';
import { inputsHash, NameCounts, seededFraction } from '../../../src/core/datasets/row-identity.ts';
import { sampleRows } from '../../../src/core/datasets/sample-rows.ts';
import { splitRows } from '../../../src/core/datasets/split-rows.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `case ${index}`);

describe('the hash of inputs', () => {
  it('depends on names and values, not on their order or on empty ones', () => {
    const hash = inputsHash({ a: 'x', b: 'y' });
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(inputsHash({ b: 'y', c: '', d: null, a: 'x' })).toBe(hash);
    expect(inputsHash({ a: 'y', b: 'x' })).not.toBe(hash);
    expect(inputsHash({ a: 'x', b: { p: 1, q: [2] } })).toBe(inputsHash({ a: 'x', b: { q: [2], p: 1 } }));
  });

  it('is the same for a table and its conversion to JSON', () => {
    expect(inputsHash({ age: '42', ok: 'true', tags: '["a","b"]' })).toBe(
      inputsHash({ age: 42, ok: true, tags: ['a', 'b'] }),
    );
  });
});

it('counts names, and knows the first row of each', () => {
  const counts = new NameCounts();
  for (const [index, id] of ids(5000).entries()) {
    expect(counts.add(id, index + 1)).toEqual({ occurrence: 1, firstRow: index + 1 });
  }
  expect(counts.add('case 17', 6000)).toEqual({ occurrence: 2, firstRow: 18 });
  expect(counts.add('case 17', 6001)).toEqual({ occurrence: 3, firstRow: 18 });
});

describe('a sample', () => {
  const sample = (items: string[], n: number, seed = 1) => sampleRows(items, { n, seed, idOf: (id) => id });

  it('has the requested number of rows in their order, chosen by the seed', async () => {
    const chosen = await sample(ids(1000), 50);
    expect(chosen).toHaveLength(50);
    expect(chosen).toEqual(ids(1000).filter((id) => chosen.includes(id)));
    expect(await sample(ids(1000), 50)).toEqual(chosen);
    expect(await sample(ids(1000), 50, 2)).not.toEqual(chosen);
    expect(await sample(ids(3), 50)).toEqual(ids(3));
  });

  it('is the rows with the smallest fractions', async () => {
    const all = ids(300).toSorted((a, b) => seededFraction(1, a) - seededFraction(1, b));
    expect(new Set(await sample(ids(300), 20))).toEqual(new Set(all.slice(0, 20)));
  });

  it('hardly changes when rows are moved or added', async () => {
    const chosen = await sample(ids(1000), 50);
    expect(new Set(await sample(ids(1000).toReversed(), 50))).toEqual(new Set(chosen));
    const later = await sample([...ids(1000), 'another'], 50);
    expect(later.filter((id) => chosen.includes(id)).length).toBeGreaterThanOrEqual(49);
  });
});

describe('a split', () => {
  const parts = [
    { name: 'train', share: 80 },
    { name: 'test', share: 20 },
  ];

  it('has parts of the requested sizes, by the seed', async () => {
    const rows = ids(1000).map((id) => ({ id, group: undefined }));
    const partOf = await splitRows(rows, { parts, seed: 1 });
    expect(rows.filter((row) => partOf(row) === 'test')).toHaveLength(200);
    const other = await splitRows(rows, { parts, seed: 2 });
    expect(rows.some((row) => partOf(row) !== other(row))).toBe(true);
  });

  it('keeps groups whole', async () => {
    const rows = ids(1000).map((id, index) => ({ id, group: `group ${index % 40}` }));
    const partOf = await splitRows(rows, { parts, seed: 1 });
    const groups = Map.groupBy(rows, ({ group }) => group);
    for (const members of groups.values()) expect(new Set(members.map(partOf)).size).toBe(1);
    expect(rows.filter((row) => partOf(row) === 'test')).toHaveLength(200);
  });
});
