import { expect, test } from 'vitest';
import { keysAt, movePlaces } from '../../../../src/panels/session/list-places.ts';
import { runsChecks } from '../../../../src/protocol/runs-checks.ts';

const keys = (...values: number[]) => Float64Array.from(values);

test('the selected, active and visible rows follow their runs into another order', () => {
  const before = keys(50, 40, 30, 20, 10);
  const after = keys(60, 10, 20, 30, 40, 50);
  expect(
    movePlaces(before, after, {
      selection: [
        [0, 1],
        [4, 4],
      ],
      active: 2,
      first: 1,
    }),
  ).toEqual({
    selection: [
      [1, 1],
      [4, 5],
    ],
    active: 3,
    first: 4,
  });
});

test('a run that is no longer listed has no position', () => {
  const moved = movePlaces(keys(3, 2, 1), keys(3, 1), { selection: [[1, 1]], active: 1, first: undefined });
  expect(moved).toEqual({ selection: [], active: undefined, first: undefined });
});

test('positions after the end are left out', () => {
  expect(keysAt(keys(1, 2, 3), [[1, 99]])).toEqual([2, 3]);
});

test('a filter with an unknown field is rejected', () => {
  const places = { selection: [[0, 4]], active: null, first: 0 };
  const open = (filter: unknown, sort: unknown = { by: 'cost', descending: true }) =>
    runsChecks['list.open']({ filter, sort, shown: 0, places });
  expect(open({ model: 'demo/swift', search: 'churn', since: 0 })).toBe(true);
  expect(open({ 'id) --': 'x' })).toBe(false);
  expect(open({ state: 'gone' })).toBe(false);
  expect(open({}, { by: 'cost_usd; DROP TABLE runs', descending: true })).toBe(false);
  expect(open({}, { by: 'toString', descending: true })).toBe(false);
  expect(runsChecks['runs.export']({ list: 1, ranges: [[0, -1]], format: 'csv' })).toBe(false);
  expect(runsChecks['runs.export']({ list: 1, ranges: [], format: '../x' })).toBe(false);
});
