import { expect, test } from 'vitest';
import {
  groupByName,
  groupByState,
  groupByTag,
  groupOf,
  joinGroups,
} from '../../../../src/panels/evaluation/case-keys.ts';

const places = (...given: number[]) => Int32Array.from(given);

test('groups are titled in the list, and empty ones are left out', () => {
  const { keys, groups } = joinGroups([
    { label: 'a', places: places(3, 1) },
    { label: 'none', places: places() },
    { label: 'b', places: places(2) },
  ]);
  expect([...keys]).toEqual([-1, 3, 1, -2, 2]);
  expect(groupOf(-2, groups)).toEqual({ label: 'b', cases: 1 });
  expect(groupOf(3, groups)).toBeUndefined();
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
      .filter((group) => group.places.length > 0)
      .map((group) => [group.label, ...group.places]);
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
