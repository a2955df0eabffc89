import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabaseFile } from '../../../../src/core/store/database/database-file.ts';
import type {
  CaseFilter,
  CaseSort,
  CellScore,
  CellState,
  NewCell,
} from '../../../../src/core/store/evals/eval-record.ts';
import { evalsRoom } from '../../../../src/core/store/evals/evals-room.ts';
import type { Store } from '../../../../src/core/store/store.ts';
import { createStoreFolder, type StoreFolder } from '../temporary-store.ts';
import { makeAnswer, makeCase, makeCell, makeColumn, makeMetric, makeResult } from './make-result.ts';

let folder: StoreFolder;
let store: Store;

/** The state, score and text of a cell. */
type Outcome = [state: CellState, score: number | undefined, text: string];

const BY_NUMBER: CaseSort = { by: 'number', descending: false };

/** For each case the outcomes of baseline and candidate; both have one answer. */
const OUTCOMES: [Outcome, Outcome][] = [
  // 0: better by state
  [
    ['failed', 0.2, 'no'],
    ['passed', 0.9, 'yes'],
  ],
  // 1: worse by state
  [
    ['passed', 0.9, 'yes'],
    ['failed', 0.95, 'no'],
  ],
  // 2: the state is equal, the score is lower; the text is the same
  [
    ['passed', 0.9, 'same'],
    ['passed', 0.8, 'same'],
  ],
  // 3: only the text differs
  [
    ['passed', 0.5, 'one'],
    ['passed', 0.5, 'two'],
  ],
  // 4: an error, which is worse than passed
  [
    ['passed', 0.5, 'fine'],
    ['error', undefined, ''],
  ],
  // 5: both fail, and by what the score can say it is higher
  [
    ['failed', 0.1, 'a'],
    ['failed', 0.3, 'b'],
  ],
  // 6: from failed to error is neither better nor worse
  [
    ['failed', 0.1, 'x'],
    ['error', undefined, ''],
  ],
];

function makeScores(score: number | undefined): CellScore[] {
  const isFailed = score !== undefined && score < 0.4;
  return [
    { value: score ?? null, passed: score === undefined ? null : !isFailed },
    { value: score === undefined ? null : Math.round(score * 10), passed: null },
  ];
}

function makeOutcome(place: number, column: number, [state, score, output]: Outcome): NewCell {
  const answer = makeAnswer({
    output,
    latencyMs: 1000 - place * 10 - column,
    costUsd: place === 3 ? undefined : place,
  });
  return makeCell(place, column, { state, score, scores: makeScores(score), answer });
}

const METRICS = [
  makeMetric('rougeL', { scale: '0-1', threshold: 0.4 }),
  makeMetric('distance', { scale: 'count', direction: 'lower' }),
];

beforeAll(async () => {
  folder = await createStoreFolder();
  store = await folder.open();
  await store.evals.create(makeResult({ id: 'main', metrics: METRICS }));
  const texts = ['Straße', 'İstanbul', '100%', 'a.b', 'back\\slash', '(unclosed', 'CUSTOMER'];
  const cases = OUTCOMES.map((_, place) =>
    makeCase(place, {
      id: `case ${11 - place}`,
      tags: place < 2 ? ['long'] : place === 2 ? ['long', 'german', 'long'] : [],
      inputs: { question: texts[place], nested: { deep: `leaf-${place}` } },
      expected: [`expected ${place}`],
      messages: undefined,
    }),
  );
  await store.evals.addCases('main', 0, cases);
  const cells = OUTCOMES.flatMap((pair, place) => pair.map((outcome, column) => makeOutcome(place, column, outcome)));
  await store.evals.addCells('main', cells);
});
afterAll(() => folder[Symbol.asyncDispose]());

async function places(filter: CaseFilter, sort: CaseSort = BY_NUMBER, against?: string): Promise<number[]> {
  return [...(await store.evals.listCases('main', { filter, sort, against })).places];
}

describe('filters by state', () => {
  it('are of any column, with the number of cases of each', async () => {
    const { counts, tags } = await store.evals.listCases('main', { filter: {}, sort: BY_NUMBER });
    expect(counts).toEqual({ all: 7, failed: 4, errors: 2, regressed: 3, improved: 2, changed: 6, flaky: 0 });
    expect(tags).toEqual([
      { tag: 'long', cases: 3 },
      { tag: 'german', cases: 1 },
    ]);
    expect(await places({ state: 'failed' })).toEqual([0, 1, 5, 6]);
    expect(await places({ state: 'errors' })).toEqual([4, 6]);
    expect(await places({ state: 'regressed' })).toEqual([1, 2, 4]);
    expect(await places({ state: 'improved' })).toEqual([0, 5]);
    expect(await places({ state: 'changed' })).toEqual([0, 1, 3, 4, 5, 6]);
    expect(await places({ state: 'flaky' })).toEqual([]);
  });

  it('can be of one column', async () => {
    expect(await places({ state: 'failed', column: 1 })).toEqual([1, 5]);
    expect(await places({ state: 'regressed', column: 0 })).toEqual([]);
    const { counts } = await store.evals.listCases('main', { filter: { column: 0 }, sort: BY_NUMBER });
    expect(counts).toMatchObject({ all: 7, failed: 3, errors: 0, regressed: 0, changed: 0 });
  });

  it('are joined with those by metric, tag and text', async () => {
    expect(await places({ metric: 'rougeL' })).toEqual([0, 5, 6]);
    expect(await places({ metric: 'rougeL', column: 1 })).toEqual([5]);
    expect(await places({ metric: 'distance' })).toEqual([]);
    expect(await places({ tag: 'long' })).toEqual([0, 1, 2]);
    expect(await places({ tag: 'LONG' })).toEqual([]);
    expect(await places({ tag: 'long', state: 'regressed', text: 'expected 2' })).toEqual([2]);
    await expect(places({ metric: 'bleu' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('bleu'),
      hint: expect.stringContaining('rougeL, distance'),
    });
  });
});

describe('repeats', () => {
  it('are averaged, and flaky if they differ in state', async () => {
    const id = 'repeated';
    await store.evals.create(makeResult({ id, repeats: 2, metrics: METRICS }));
    await store.evals.addCases(id, 0, [makeCase(0), makeCase(1), makeCase(2)]);
    const cell = (place: number, column: number, repeat: number, outcome: Outcome) => ({
      ...makeOutcome(place, column, outcome),
      repeat,
    });
    await store.evals.addCells(id, [
      // passes once of two times, as before
      cell(0, 0, 1, ['passed', 0.5, 'a']),
      cell(0, 0, 2, ['failed', 0.5, 'b']),
      cell(0, 1, 1, ['failed', 0.5, 'a']),
      cell(0, 1, 2, ['passed', 0.5, 'b']),
      // passes less often, though its mean score is higher
      cell(1, 0, 1, ['passed', 0.2, 'a']),
      cell(1, 0, 2, ['passed', 0.2, 'a']),
      cell(1, 1, 1, ['passed', 0.9, 'a']),
      cell(1, 1, 2, ['failed', 0.9, 'a']),
      // half finished
      cell(2, 0, 1, ['passed', 0.5, 'a']),
      cell(2, 1, 2, ['passed', 0.6, 'other repeat']),
    ]);
    const of = async (state: CaseFilter['state']) => [
      ...(await store.evals.listCases(id, { filter: { state }, sort: BY_NUMBER })).places,
    ];
    expect(await of('flaky')).toEqual([0, 1]);
    expect(await of('regressed')).toEqual([1]);
    expect(await of('improved')).toEqual([2]);
    expect(await of('changed')).toEqual([]);
  });
});

describe('text', () => {
  const cases: [what: string, filter: CaseFilter, found: number[]][] = [
    ['an answer', { text: 'two' }, [3]],
    ['an answer, but not in the other column', { text: 'two', column: 0 }, []],
    ['an input in any case', { text: 'customer' }, [6]],
    ['an expected value', { text: 'EXPECTED 4' }, [4]],
    ['a value inside an input', { text: 'leaf-5' }, [5]],
    ['no name of an input', { text: 'question' }, []],
    ['letters that fold', { text: 'STRAẞE' }, [0]],
    ['signs of patterns as they are', { text: 'a.b' }, [3]],
    ['a bracket as it is', { text: '(unclosed' }, [5]],
    ['a backslash as it is', { text: 'back\\slash' }, [4]],
    ['everything for an empty text', { text: '' }, [0, 1, 2, 3, 4, 5, 6]],
    ['a pattern', { text: '^(one|two)$', isRegex: true }, [3]],
    ['a pattern in any case', { text: 'CUST\\p{L}+', isRegex: true }, [6]],
  ];
  for (const [what, filter, found] of cases) {
    it(`finds ${what}`, async () => {
      expect(await places(filter)).toEqual(found);
    });
  }

  it('of an invalid pattern is an error with the reason', async () => {
    await expect(places({ text: '(a', isRegex: true })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/not a valid regular expression: .*group/),
    });
  });

  it('of a pattern that would never end is an error, and the store goes on working meanwhile', async () => {
    const id = 'hostile';
    await store.evals.create(makeResult({ id, metrics: METRICS }));
    await store.evals.addCases(id, 0, [makeCase(0), makeCase(1)]);
    await store.evals.addCells(id, [makeOutcome(0, 0, ['passed', 1, `${'a'.repeat(5000)}!`])]);
    const filter = { text: '^(a+)+$', isRegex: true };
    const searching = store.evals.listCases(id, { filter, sort: BY_NUMBER });
    await expect(searching).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('too long') });
    expect(await store.evals.get(id)).toBeDefined();
  });

  it('is found in answers of all lengths and with any character, and a search ends early with its signal', async () => {
    const id = 'long';
    const count = 1200;
    await store.evals.create(makeResult({ id, columns: [makeColumn()], metrics: METRICS }));
    await store.evals.addCases(
      id,
      0,
      Array.from({ length: count }, (_, place) => makeCase(place)),
    );
    const outputs = [`${'x'.repeat(5_000_000)} needle`, 'null \0 needle', 'separator \u001e needle', 'needle'];
    const cells = Array.from({ length: count }, (_, place) =>
      makeOutcome(place, 0, ['passed', 1, place % 300 === 7 ? (outputs[Math.floor(place / 300)] ?? '') : 'hay']),
    );
    await store.evals.addCells(id, cells);
    const list = { filter: { text: 'needle' }, sort: BY_NUMBER };
    expect([...(await store.evals.listCases(id, list)).places]).toEqual([7, 307, 607, 907]);
    const sparse = { filter: { text: 'needle|hay', isRegex: true, tag: 'none' }, sort: BY_NUMBER };
    expect([...(await store.evals.listCases(id, sparse)).places]).toEqual([]);

    const db = openDatabaseFile({ path: folder.path, busyTimeoutMs: 300 });
    const control = new AbortController();
    const seen: number[] = [];
    const report = ({ done }: { done: number }) => {
      seen.push(done);
      control.abort();
    };
    const context = { db, at: 0, signal: control.signal, report };
    const partial = await evalsRoom.methods.listCases(context, id, list);
    db.close();
    expect(seen).toEqual([expect.any(Number)]);
    expect(seen[0]).toBeLessThan(count);
    expect([...partial.places]).toEqual([7, 307, 607, 907].filter((place) => place < seen[0]!));
  });
});

describe('sorting', () => {
  const orders: [what: string, sort: CaseSort, order: number[]][] = [
    ['number', { by: 'number', descending: true }, [6, 5, 4, 3, 2, 1, 0]],
    ['id, with numbers as numbers', { by: 'id', descending: false }, [6, 5, 4, 3, 2, 1, 0]],
    ['the worst score of all columns', { by: 'score', descending: false }, [5, 6, 0, 3, 4, 2, 1]],
    ['the score of a column, unknown ones last', { by: 'score', column: 1, descending: false }, [5, 3, 2, 0, 1, 4, 6]],
    ['the score downwards, unknown ones last too', { by: 'score', column: 1, descending: true }, [1, 0, 2, 3, 5, 4, 6]],
    ['change, what got worse first', { by: 'change', descending: false }, [4, 2, 3, 6, 1, 5, 0]],
    ['state, errors first', { by: 'state', descending: false }, [4, 6, 0, 1, 5, 2, 3]],
    ['latency, the slowest column', { by: 'latency', descending: false }, [6, 5, 4, 3, 2, 1, 0]],
    ['cost, unknown ones last', { by: 'cost', descending: true }, [6, 5, 4, 2, 1, 0, 3]],
    [
      'a metric where lower is better: the worst is the highest',
      { by: 'score', metric: 'distance', descending: true },
      [1, 0, 2, 3, 4, 5, 6],
    ],
    ['the change of such a metric', { by: 'change', metric: 'distance', descending: false }, [0, 5, 1, 3, 2, 4, 6]],
  ];
  for (const [what, sort, order] of orders) {
    it(`is by ${what}`, async () => {
      expect(await places({}, sort)).toEqual(order);
    });
  }
});

describe('a stored baseline', () => {
  it('is joined by the ids of cases, without those whose content changed', async () => {
    await store.evals.create(
      makeResult({
        id: 'before',
        metrics: [METRICS[1]!, METRICS[0]!],
        columns: [makeColumn({ model: 'openai/large', version: undefined })],
      }),
    );
    const old = (place: number, changes = {}) => makeCase(place, { id: `case ${11 - place}`, ...changes });
    // in another order, one with other content, one that is new here, one that was removed
    await store.evals.addCases('before', 0, [
      old(3),
      old(1),
      old(2, { contentHash: 'changed' }),
      makeCase(9, { id: 'removed' }),
      old(0),
    ]);
    const cell = (place: number, outcome: Outcome) => makeOutcome(place, 0, outcome);
    await store.evals.addCells('before', [
      cell(0, ['failed', 0.1, 'two']),
      cell(1, ['failed', 0.95, 'no']),
      cell(2, ['failed', 0, '']),
      cell(4, ['passed', 1, 'yes']),
    ]);
    expect(await places({ state: 'improved' }, BY_NUMBER, 'before')).toEqual([3]);
    expect(await places({ state: 'regressed' }, BY_NUMBER, 'before')).toEqual([0]);
    expect(await places({ state: 'changed' }, BY_NUMBER, 'before')).toEqual([]);
    const byChange: CaseSort = { by: 'change', descending: false };
    expect(await places({}, byChange, 'before')).toEqual([0, 1, 3, 2, 4, 5, 6]);
    // with the content as it is now, the case is compared: the join is not kept from before
    await store.evals.addCases('before', 5, [old(4)]);
    await store.evals.addCells('before', [cell(5, ['passed', 1, ''])]);
    expect(await places({ state: 'regressed' }, BY_NUMBER, 'before')).toEqual([0, 4]);
  });
});
