import { expect, it } from 'vitest';
import { emptySummary } from '../../../src/core/store/content-results.ts';
import {
  parseRecord,
  sumSummaries,
  toRecord,
  toSummary,
  withRecord,
} from '../../../src/core/versions/result-records.ts';

const CONTENT = 'c'.repeat(64);
const summary = { ...emptySummary(CONTENT), done: 2, failed: 1, models: ['demo/a'], firstAt: 1, lastAt: 9 };
const stamp = { now: Date.UTC(2026, 0, 1), by: 'Ada', recorder: 'r' };

it('gives back what it wrote, with the time first so that sorted lines are in time’s order', () => {
  const record = toRecord(summary, stamp);
  const line = JSON.stringify(record);
  expect(line.startsWith('{"time":"2026-01-01T00:00:00.000Z"')).toBe(true);
  expect(parseRecord(line)).toEqual(record);
  expect(toSummary(record)).toEqual(summary);
});

it('reads no record of another kind, and no figure that is none', () => {
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

it('replaces an older record of the same recorder and content only', () => {
  const old = JSON.stringify(toRecord(summary, stamp));
  const other = JSON.stringify(toRecord(summary, { ...stamp, recorder: 'other' }));
  const record = toRecord({ ...summary, done: 3 }, { ...stamp, now: stamp.now + 1 });
  expect(withRecord([old, other, 'kept'], record)).toEqual([other, JSON.stringify(record), 'kept'].sort());
});

it('adds up the records of more people than a call takes arguments', () => {
  const summaries = Array.from({ length: 200_000 }, (_, index) => ({ ...summary, firstAt: index, lastAt: index }));
  const sum = sumSummaries(CONTENT, summaries);
  expect([sum.done, sum.firstAt, sum.lastAt]).toEqual([400_000, 1, 199_999]);
});
