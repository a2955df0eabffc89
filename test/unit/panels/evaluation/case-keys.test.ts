import { expect, test } from 'vitest';
import {
  createTitleKeys,
  groupByName,
  groupByState,
  groupByTag,
  joinGroups,
  placesOfKeys,
} from '../../../../src/panels/evaluation/case-keys.ts';

const places = (...given: number[]) => Int32Array.from(given);
const group = (id: string, ...given: number[]) => ({ id, label: id, places: places(...given) });

test('groups are titled in the list, and empty ones are left out', () => {
  const { keys, groups } = joinGroups([group('a', 3, 1), group('none'), group('b', 2)], createTitleKeys());
  expect([...keys]).toEqual([-1, 3, 1, -2, 2]);
  expect(groups.get(-2)).toMatchObject({ label: 'b', isFolded: false });
});

test('a folded group is its title, which stands for its cases', () => {
  const all = [group('a', 3, 1), group('b', 2), group('c', 0, 1)];
  const one = joinGroups(all, createTitleKeys(), { all: false, others: ['a', 'gone'] });
  expect([...one.keys]).toEqual([-1, -2, 2, -3, 0, 1]);
  expect(placesOfKeys([-1, -2, 1], one)).toEqual([3, 1]);
  const others = joinGroups(all, createTitleKeys(), { all: true, others: ['b'] });
  expect([...others.keys]).toEqual([-1, -2, 2, -3]);
});

test('a title keeps its key when another group comes before it', () => {
  const titleKey = createTitleKeys();
  expect([...joinGroups([group('b', 2)], titleKey).keys]).toEqual([-1, 2]);
  expect([...joinGroups([group('a', 3), group('b', 2)], titleKey).keys]).toEqual([-2, 3, -1, 2]);
});

test('cases are grouped by the worst state of their cells, or of one column', () => {
  const matrix = {
    cases: 3,
    columns: 2,
    repeats: 1,
    states: Uint8Array.from([1, 2, 1, 1, 0, 3]),
    scores: new Float32Array(6),
    values: [],
    latencyMs: new Float64Array(6),
    costUsd: new Float64Array(6),
    passed: [],
    isCached: new Uint8Array(6),
    answerCostUsd: new Float64Array(6),
  };
  const labels = (column: number | undefined) =>
    groupByState(places(0, 1, 2), matrix, column)
      .filter((found) => found.places.length > 0)
      .map((found) => [found.label, ...found.places]);
  expect(labels(undefined)).toEqual([
    ['Errors', 2],
    ['Failed', 0],
    ['Passed', 1],
  ]);
  expect(labels(0)).toEqual([
    ['Passed', 0, 1],
    ['Not finished', 2],
  ]);
});

test('cases without a group come last', () => {
  const grouped = groupByName(places(0, 1, 2), [undefined, 'b', 'a']);
  expect(grouped.map(({ label }) => label)).toEqual(['b', 'a', 'No group']);
});

test('a case with two tags is in both groups, and one without is in the last', async () => {
  const byTag: Record<string, Int32Array> = { price: places(0, 1), angry: places(1) };
  const grouped = await groupByTag({
    all: places(0, 1, 2),
    tags: [
      { tag: 'price', cases: 2 },
      { tag: 'angry', cases: 1 },
    ],
    placesOf: async (tag) => byTag[tag] ?? places(),
  });
  expect(grouped.map(({ label, places: found }) => [label, ...found])).toEqual([
    ['price', 0, 1],
    ['angry', 1],
    ['No tag', 2],
  ]);
});

test('tags beyond fifty are in the last group, and its title says how many', async () => {
  const tagged = (count: number) =>
    groupByTag({
      all: places(0, 99),
      tags: Array.from({ length: count }, (_, at) => ({ tag: `tag ${at}`, cases: 1 })),
      placesOf: async () => places(0),
    });
  const last = (await tagged(62)).at(-1);
  expect(last).toMatchObject({ label: 'No tag, or only 12 less frequent ones' });
  expect([...(last?.places ?? [])]).toEqual([99]);
  expect((await tagged(50)).at(-1)).toMatchObject({ label: 'No tag' });
});

test('a tag that is named like the last title is a group of its own', async () => {
  const tags = [{ tag: 'No tag', cases: 1 }];
  const grouped = await groupByTag({ all: places(0, 1), tags, placesOf: async () => places(0) });
  expect(new Set(grouped.map(({ id }) => id)).size).toBe(2);
});
