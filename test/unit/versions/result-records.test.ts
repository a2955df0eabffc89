import { expect, it } from 'vitest';
import { emptySummary } from '../../../src/core/store/runs/content-results.ts';
import {
  hasNewResults,
  newestByRecorder,
  parseRecord,
  type ResultRecord,
  sumSummaries,
  toRecord,
  toSummary,
  withRecord,
} from '../../../src/core/versions/results/result-records.ts';

const CONTENT = 'c'.repeat(64);
const summary = { ...emptySummary(CONTENT), done: 2, failed: 1, models: ['demo/a'], firstAt: 1, lastAt: 9 };
const stamp = { now: Date.UTC(2026, 0, 1), by: 'Ada', recorder: 'r' };

it('returns the written data, with the time first so that sorted lines are chronological', () => {
  const record = toRecord(summary, stamp);
  const line = JSON.stringify(record);
  expect(line.startsWith('{"time":"2026-01-01T00:00:00.000Z"')).toBe(true);
  expect(parseRecord(line)).toEqual(record);
  expect(toSummary(record)).toEqual(summary);
});

it('keeps figures by model and input up to a size, and counts the same runs with or without them', () => {
  const figures = { schema: { checked: 2, valid: 1 }, ratings: { up: 1, down: 0 }, latency: { ms: 5, count: 2 } };
  const groups = Array.from({ length: 60 }, (_, n) => {
    return { model: 'demo/a', simulated: false, input: `i${n}`, ...figures, cost: { usd: 0.1, count: 2 } };
  });
  const record = toRecord({ ...summary, groups }, stamp);
  const read = parseRecord(JSON.stringify(record))!;
  expect(toSummary(read).groups).toEqual(groups.slice(0, 40));
  const both = sumSummaries(CONTENT, [toSummary(read), toSummary(read)]);
  expect(both.groups).toHaveLength(40);
  expect(both.groups?.[0]).toMatchObject({
    input: 'i0',
    cost: { usd: 0.2, count: 4 },
    schema: { checked: 4, valid: 2 },
  });
  const { groups: _, ...old } = read;
  expect(toSummary(old)).not.toHaveProperty('groups');
  expect(hasNewResults(read, old, stamp.now)).toBe(false);
  const strange = { ...old, groups: [['m', 'i', -1, 'x', null], 'no', ['m'], ['m', 'i', 1, 9]] };
  expect(toSummary(parseRecord(JSON.stringify(strange))!).groups).toMatchObject([
    { schema: { checked: 0, valid: 0 } },
    { schema: { checked: 1, valid: 1 } },
  ]);
  expect(parseRecord(JSON.stringify({ ...old, groups: 'none' }))).toEqual(old);
});

it('ignores records of another kind and invalid figures', () => {
  const record = toRecord(summary, stamp);
  const changed = (changes: object) => parseRecord(JSON.stringify({ ...record, ...changes }));
  for (const changes of [{ v: 2 }, { evaluation: 'quality' }, { content: 'x' }, { recorder: '' }, { time: 'now' }]) {
    expect(changed(changes)).toBeUndefined();
  }
  for (const line of ['', 'null', '[]', '{', '"text"']) expect(parseRecord(line)).toBeUndefined();
  expect(changed({ done: -1, failed: 'many', cost: null, models: ['a', 3] })).toMatchObject({
    done: 0,
    failed: 0,
    cost: { usd: 0, count: 0 },
    models: ['a'],
  });
});

it('replaces only an older record of the same recorder and content', () => {
  const old = JSON.stringify(toRecord(summary, stamp));
  const other = JSON.stringify(toRecord(summary, { ...stamp, recorder: 'other' }));
  const record = toRecord({ ...summary, done: 3 }, { ...stamp, now: stamp.now + 1 });
  expect(withRecord([old, other, 'kept'], record, stamp.now + 1)).toEqual(
    [other, JSON.stringify(record), 'kept'].sort(),
  );
});

it('adds up the records of more people than a call may have arguments', () => {
  const summaries = Array.from({ length: 200_000 }, (_, index) => ({ ...summary, firstAt: index, lastAt: index }));
  const sum = sumSummaries(CONTENT, summaries);
  expect([sum.done, sum.firstAt, sum.lastAt]).toEqual([400_000, 1, 199_999]);
});

const NOW = stamp.now + 86_400_000;
const record = (changes: Partial<ResultRecord> = {}): ResultRecord => ({ ...toRecord(summary, stamp), ...changes });
const counted = (records: ResultRecord[], now = NOW) => newestByRecorder(records, now).get('r');

it('does not replace a recorder’s own record by one from the future, or one with fewer runs', () => {
  const own = record({ n: 500, last: stamp.now });
  const later = record({ n: 501, last: stamp.now + 1000, time: new Date(NOW).toISOString() });
  const forged = record({ n: 1, last: stamp.now + 1000, time: new Date(NOW).toISOString(), by: 'Eve' });
  const byDate = record({ n: 500, last: stamp.now, done: 0, failed: 500, time: '2999-01-01T00:00:00.000Z' });
  const byLast = record({ n: 9000, last: NOW + 86_400_000 });
  for (const other of [forged, byDate, byLast]) {
    for (const order of [
      [own, other],
      [other, own],
    ])
      expect(counted(order)).toBe(own);
    for (const order of [
      [later, other, own],
      [own, other, later],
    ])
      expect(counted(order)).toBe(later);
  }
  // a clock that is slightly ahead is allowed, and a single record counts unchanged
  expect(counted([own, record({ n: 501, last: NOW + 60_000, time: new Date(NOW + 60_000).toISOString() })])?.n).toBe(
    501,
  );
  expect(counted([byDate])).toBe(byDate);
});

it('uses the later of two records of the same runs by the time itself, in any notation', () => {
  const first = record({ time: '2026-01-01T00:00:00Z', ratings: { up: 0, down: 0 } });
  const second = record({ time: '2026-01-01T00:00:00.500Z', ratings: { up: 1, down: 0 } });
  expect(counted([second, first])).toBe(second);
  expect(counted([first, second])).toBe(second);
});

it('replaces a record from the future by the recorder’s own, and keeps one that has everything and more', () => {
  const forged = JSON.stringify(record({ n: 9000, time: '2999-01-01T00:00:00.000Z' }));
  const own = record({ n: 3, time: new Date(NOW).toISOString() });
  expect(withRecord([forged], own, NOW)).toEqual([JSON.stringify(own)]);
  expect(hasNewResults(own, record({ n: 9000, time: '2999-01-01T00:00:00.000Z' }), NOW)).toBe(true);
  // two windows of one database: the one with the smaller count is second
  const more = JSON.stringify(record({ n: 4, time: new Date(NOW + 1).toISOString() }));
  expect(withRecord([more], own, NOW)).toEqual([more, JSON.stringify(own)].sort());
  // old runs were deleted from the database, and something was run again
  const purged = record({ n: 2, last: 99, time: new Date(NOW).toISOString() });
  expect(withRecord([JSON.stringify(own)], purged, NOW)).toEqual([JSON.stringify(purged)]);
});
