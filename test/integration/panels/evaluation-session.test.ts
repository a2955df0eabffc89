import { expect, test } from 'vitest';
import type { Evals } from '../../../src/core/evals/evals.ts';
import { RatingQueue } from '../../../src/core/evals/rating/rating-queue.ts';
import type { EvalRecord, NewCell, StoredCase } from '../../../src/core/store/evals/eval-record.ts';
import { EvaluationSession } from '../../../src/panels/evaluation/evaluation-session.ts';
import type { EvaluationEvent } from '../../../src/protocol/evaluation.ts';
import { storedAnswer, storedCase } from '../../unit/panels/evaluation/stored.ts';
import { column, metric as metricOf } from '../../unit/webview/evaluation/result.ts';
import { createStoreFolder } from '../store/temporary-store.ts';

const NOWHERE = { selection: [], active: undefined, first: undefined };
const QUERY = {
  filter: {},
  sort: { by: 'number' as const, descending: false },
  grouping: 'none' as const,
  shown: 0,
  places: NOWHERE,
};

const CASES = 250;

function record(changes: Partial<EvalRecord> = {}): EvalRecord {
  return {
    id: 'r1',
    name: 'churn quality',
    file: 'evals/churn.eval.yaml',
    state: 'running',
    startedAt: 1000,
    endedAt: undefined,
    workedMs: 0,
    workingSince: 1000,
    simulated: true,
    columns: [column({ version: { label: 'v1', commit: 'c' }, isBaseline: true }), column({ baselineColumn: 0 })],
    metrics: [metricOf('equals', { scale: 'yes-no', threshold: 1 })],
    repeats: 1,
    counts: { cases: CASES, cells: CASES * 2, passed: 0, failed: 0, errors: 0, cached: 0 },
    totals: { costUsd: undefined, inputTokens: undefined, outputTokens: undefined },
    summary: undefined,
    baselineId: undefined,
    isPinned: false,
    error: undefined,
    plan: undefined,
    ...changes,
  };
}

const caseAt = (place: number, changes: Partial<StoredCase> = {}): StoredCase =>
  storedCase({
    id: `case-${place}`,
    contentHash: `content-${place}`,
    number: place + 1,
    inputs: { question: `Question ${place}` },
    tags: place % 2 === 0 ? ['even'] : [],
    group: `g${place % 3}`,
    ...changes,
  });

/** The working copy fails every tenth case, and answers every fifth one with another text. */
function cellAt(place: number, at: number): NewCell {
  const failed = at === 1 && place % 10 === 0;
  const output = at === 1 && place % 5 === 0 ? `Answer ${place} of the working copy` : `Answer ${place}`;
  return {
    case: place,
    column: at,
    repeat: 1,
    state: failed ? 'failed' : 'passed',
    cached: false,
    scores: [{ value: failed ? 0 : 1, passed: !failed }],
    score: failed ? 0 : 1,
    answer: storedAnswer({ output, costUsd: 0.001 * (at + 1), latencyMs: 100 + place }),
  };
}

const places = Array.from({ length: CASES }, (_, place) => place);

async function open({ filled = CASES, changes = {} as Partial<EvalRecord> } = {}) {
  const folder = await createStoreFolder();
  const store = await folder.open();
  await store.evals.create(record(changes));
  await store.evals.addCases(
    'r1',
    0,
    places.map((place) => caseAt(place)),
  );
  const cells = places.slice(0, filled).flatMap((place) => [cellAt(place, 0), cellAt(place, 1)]);
  await store.evals.addCells('r1', cells, []);
  const events: EvaluationEvent[] = [];
  const listeners = new Set<(id: string) => void>();
  const ratings = new RatingQueue({ store, mayBlock: true });
  const evals: Pick<Evals, 'active' | 'onChange' | 'summarize' | 'compare' | 'messages' | 'enterRating'> = {
    messages: async () => undefined,
    enterRating: (id, place) => ratings.enter(id, place),
    active: () => [],
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    summarize: async () => ({ metrics: [], gates: [], unmatched: undefined }),
    compare: async () => {
      throw new Error('not used here');
    },
  };
  const session = await EvaluationSession.open({
    id: 'r1',
    store: store.evals,
    until: (signal) => store.during({ signal }).evals,
    evals,
    canRun: () => true,
    editing: () => ({ problem: 'not here' }),
    hasFile: async () => false,
    notices: async () => [],
    send: (_seq, batch) => void events.push(...batch),
  });
  return {
    ...{ store, session, events },
    change() {
      for (const listener of listeners) listener('r1');
    },
    async [Symbol.asyncDispose]() {
      session.dispose();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('a list has its first rows, each with its change against the baseline column', async () => {
  await using made = await open();
  const list = await made.session.openList(QUERY);
  expect(list).toMatchObject({
    count: CASES,
    cases: CASES,
    counts: { all: CASES, regressed: 25, failed: 25, changed: 50 },
  });
  expect(list.tags).toEqual([{ tag: 'even', cases: 125 }]);
  expect(list.first.rows).toHaveLength(100);
  const [first, second] = list.first.rows;
  expect(first).toMatchObject({
    title: 'Question 0',
    cells: [{ change: undefined }, { change: 'regressed', state: 'failed' }],
  });
  expect(second).toMatchObject({ cells: [{ state: 'passed' }, { change: 'same', text: 'Answer 1' }] });
});

test('rows are read by place in the last list only', async () => {
  await using made = await open();
  const { list } = await made.session.openList({ ...QUERY, filter: { state: 'regressed' } });
  const rows = await made.session.readRows({ list, from: 20, count: 100 });
  expect(rows?.map((row) => row?.kind === 'case' && row.place)).toEqual([200, 210, 220, 230, 240]);
  expect(await made.session.readRows({ list: list - 1, from: 0, count: 10 })).toBeUndefined();
  expect(made.session.placesIn({ list, ranges: [[0, 1]] })).toEqual([0, 10]);
});

test('selected cases keep their selection in another order', async () => {
  await using made = await open();
  const { list } = await made.session.openList(QUERY);
  const next = await made.session.openList({
    ...QUERY,
    sort: { by: 'number', descending: true },
    shown: list,
    places: { selection: [[0, 1]], active: 5, first: 100 },
  });
  expect(next.places).toEqual({ selection: [[CASES - 2, CASES - 1]], active: CASES - 6, first: CASES - 101 });
  expect(next.first.from).toBe(100);
});

test('groups have titles, and their rows are no cases', async () => {
  await using made = await open();
  const { list, count, first } = await made.session.openList({ ...QUERY, grouping: 'state' });
  expect(count).toBe(CASES + 2);
  expect(first.rows[0]).toEqual({ kind: 'group', id: 'Failed', label: 'Failed', cases: 25, isFolded: false });
  expect(made.session.placesIn({ list, ranges: [[0, 2]] })).toEqual([0, 10]);
  const byTag = await made.session.openList({ ...QUERY, grouping: 'tag' });
  expect(byTag.first.rows[0]).toMatchObject({ kind: 'group', label: 'even', cases: 125 });
});

test('a folded group lists no cases, and its title stands for them', async () => {
  await using made = await open();
  const query = { ...QUERY, grouping: 'state' as const };
  const before = await made.session.openList(query);
  expect(made.session.findGroup({ list: before.list, row: 12 })).toBe(0);
  expect(made.session.findGroup({ list: before.list, row: 40 })).toBe(26);
  // the title below stays the active row
  const { list, count, first, places } = await made.session.openList({
    ...query,
    folds: { all: false, others: ['Failed'] },
    shown: before.list,
    places: { selection: [], active: 26, first: 26 },
  });
  expect(count).toBe(CASES - 25 + 2);
  expect(first.rows[0]).toMatchObject({ label: 'Failed', cases: 25, isFolded: true });
  expect(first.rows[1]).toMatchObject({ label: 'Passed', isFolded: false });
  expect(places).toMatchObject({ active: 1, first: 1 });
  expect(made.session.placesIn({ list, ranges: [[0, 1]] })).toHaveLength(25);
  expect(made.session.findGroup({ list: before.list, row: 12 })).toBeUndefined();
});

test('a case has the answers of all columns, with those of the baseline', async () => {
  await using made = await open();
  const { columns, case: found } = await made.session.readCase(10);
  expect(found.inputs).toEqual({ question: 'Question 10' });
  expect(columns[0]?.baseline).toBeUndefined();
  expect(columns[1]).toMatchObject({
    answers: [
      {
        output: 'Answer 10 of the working copy',
        state: 'failed',
        costUsd: 0.002,
        scores: [{ value: 0, passed: false }],
      },
    ],
    baseline: { label: 'churn@v1 · demo/swift', answers: [{ output: 'Answer 10' }] },
  });
  await expect(made.session.readCase(CASES)).rejects.toMatchObject({ code: 'store' });
});

test('a rating and its comment are stored, and the page hears of it', async () => {
  await using made = await open();
  await made.session.snapshot();
  const answer = { place: 3, column: 1, repeat: 1 };
  await made.session.rate({ ...answer, changes: { rating: 'down', comment: ' Too short ' } });
  await made.session.rate({ ...answer, changes: { csat: 2 } });
  await made.session.rate({ ...answer, changes: { rating: null } });
  const { columns } = await made.session.readCase(3);
  expect(columns[1]?.answers[0]).toMatchObject({ rating: undefined, csat: 2, comment: 'Too short' });
  await expect.poll(() => made.events.map(({ type }) => type)).toContain('cells');
});

test('ratings of a result without a plan are metrics of it at once, and no longer when they are taken back', async () => {
  const summary = { metrics: [], gates: [], unmatched: undefined };
  await using made = await open({ changes: { state: 'done', endedAt: 2000, summary } });
  await made.session.snapshot();
  const answer = { place: 3, column: 1, repeat: 1 };
  await made.session.rate({ ...answer, changes: { csat: 2, escalated: true } });
  const metricsShown = () => made.events.findLast((event) => event.type === 'result')?.result.metrics;
  const summaryShown = () => made.events.findLast((event) => event.type === 'summary')?.summary;
  await expect.poll(metricsShown).toMatchObject([{ name: 'equals' }, { name: 'csat' }, { name: 'escalated' }]);
  await expect
    .poll(() => summaryShown()?.metrics)
    .toContainEqual(expect.objectContaining({ metric: 'csat', column: 1, mean: 2, n: 1, missing: CASES - 1 }));
  const { columns } = await made.session.readCase(3);
  expect(columns[1]?.answers[0]).toMatchObject({ state: 'passed', score: 1 });
  expect(columns[1]?.answers[0]?.scores.map(({ value }) => value)).toEqual([1, 2, 1]);

  await made.session.rate({ ...answer, changes: { csat: null, escalated: null } });

  await expect.poll(metricsShown).toEqual([metricOf('equals', { scale: 'yes-no', threshold: 1 })]);
  await expect.poll(() => summaryShown()?.metrics.filter((one) => one.metric !== 'equals')).toEqual([]);
});

test('another result is joined by the ids of its cases, and changed cases are not compared', async () => {
  await using made = await open();
  const { store, session } = made;
  await store.evals.create(record({ id: 'r0', name: 'before', startedAt: 500, state: 'done', columns: [column()] }));
  const moved = places.toReversed();
  await store.evals.addCases(
    'r0',
    0,
    moved.map((place) => caseAt(place, place === 10 ? { contentHash: 'changed' } : {})),
  );
  const cells = moved.map((place, at) => ({ ...cellAt(place, 0), case: at, column: 0 }));
  await store.evals.addCells('r0', cells, []);
  expect((await session.listResults()).map(({ id }) => id)).toEqual(['r0']);
  await session.setAgainst('r0').catch(() => undefined);
  const list = await session.openList(QUERY);
  expect(list.counts.regressed).toBe(24);
  const rowOf = (place: number) => list.first.rows[place];
  // the baseline itself is compared with nothing
  expect(rowOf(0)).toMatchObject({ cells: [{ change: undefined }, { change: 'regressed' }] });
  expect(rowOf(10)).toMatchObject({ cells: [{ change: undefined }, { change: undefined }] });
  expect(await session.readHistory(20)).toMatchObject([
    { isThis: true },
    { isThis: true },
    { resultId: 'r0', isThis: false },
  ]);
});

test('cells that are stored meanwhile are told as progress, and the end as a result', async () => {
  await using made = await open({ filled: 10 });
  const { store, events, change } = made;
  await store.evals.addCells('r1', [cellAt(10, 0), cellAt(10, 1)], []);
  change();
  await expect
    .poll(() => events)
    .toContainEqual(
      expect.objectContaining({ type: 'progress', counts: expect.objectContaining({ passed: 20, failed: 2 }) }),
    );
  expect(events.map(({ type }) => type)).toContain('cells');
  await store.evals.update('r1', { state: 'stopped', endedAt: 5000 });
  change();
  await expect
    .poll(() => events.at(-1))
    .toMatchObject({ type: 'result', result: { state: 'stopped' }, control: 'none' });
});

test('a refresh that is asked for during another one reads again', async () => {
  await using made = await open();
  const { session, store } = made;
  const older = session.refresh();
  // the first read is on its way, and does not see the end
  await Promise.resolve();
  const end = store.evals.update('r1', { state: 'done', endedAt: 2000 });
  const newer = session.refresh();
  await Promise.all([older, end, newer]);
  expect(session.record.state).toBe('done');
});

test('the figures of the charts are of known scores, with intervals by tag', async () => {
  await using made = await open({ filled: 100 });
  const figures = await made.session.readFigures('equals');
  expect(figures.columns[0]).toMatchObject({ costUsd: expect.closeTo(0.001), mean: 1, passRate: 1, passes: true });
  expect(figures.columns[1]).toMatchObject({ mean: 0.9, passes: false });
  expect(figures.bins.at(-1)?.counts).toEqual([100, 90]);
  expect(figures.tags[0]).toMatchObject({
    tag: 'even',
    columns: [
      { mean: 1, n: 50 },
      { mean: 0.8, n: 50, groups: 3 },
    ],
  });
  // clustered by the three groups of the cases
  const [low, high] = figures.tags[0]?.columns[1]?.interval ?? [];
  expect([low, high]).toEqual([expect.closeTo(0.7211311, 6), expect.closeTo(0.8788689, 6)]);
});

test('a column passes if every gate that looks at it holds, whatever the thresholds of metrics', async () => {
  await using made = await open({ filled: 10 });
  const gate = (columns: { column: number; passed: boolean | null }[]) => ({
    gate: 'equals>=0.8',
    passed: true,
    reason: '',
    columns,
  });
  await made.store.evals.update('r1', {
    summary: {
      metrics: [],
      gates: [gate([{ column: 1, passed: true }]), { gate: 'costUsd<=1', passed: false, reason: '', columns: [] }],
      unmatched: undefined,
    },
  });
  made.change();
  await expect.poll(() => made.session.readFigures('equals')).toMatchObject({ passesBy: 'gates' });
  const figures = await made.session.readFigures('equals');
  expect(figures.columns.map(({ passes }) => passes)).toEqual([undefined, true]);
});

test('the trend has the results of the same file, oldest first, without their baselines', async () => {
  const metric = { metric: 'equals', interval: undefined, n: 10, missing: 0, baseline: undefined };
  const summaryOf = (mean: number) => ({
    metrics: [
      { ...metric, column: 0, mean: 1 },
      { ...metric, column: 1, mean },
      { ...metric, metric: 'rougeL', column: 1, mean: 0.5 },
    ],
    gates: [],
    unmatched: undefined,
  });
  const metrics = [metricOf('equals', { scale: 'yes-no', threshold: 1 }), metricOf('rougeL')];
  await using made = await open({ changes: { metrics, summary: summaryOf(0.9) } });
  const { store, session } = made;
  await store.evals.create(record({ id: 'r0', metrics, startedAt: 500, state: 'done', summary: summaryOf(0.8) }));
  await store.evals.create(
    record({ id: 'other', file: 'evals/other.eval.yaml', state: 'done', summary: summaryOf(0) }),
  );
  // without a metric, it is the score of the answers
  expect((await session.readFigures(undefined)).trend.map(({ columns }) => columns[0]?.mean)).toEqual([0.65, 0.7]);
  const { trend } = await session.readFigures('equals');
  expect(trend).toEqual([
    { id: 'r0', startedAt: 500, columns: [{ label: 'churn · demo/swift', version: undefined, mean: 0.8 }] },
    { id: 'r1', startedAt: 1000, columns: [{ label: 'churn · demo/swift', version: undefined, mean: 0.9 }] },
  ]);
});

test('a result whose window was lost before its end gets its summary when it is opened', async () => {
  await using made = await open({ changes: { state: 'interrupted' } });
  await expect.poll(async () => (await made.session.snapshot()).summary).toEqual({ metrics: [], gates: [] });
});

test('a result that does not exist is an error that says so, and a deleted one is told', async () => {
  await using made = await open();
  const { store, session, events } = made;
  await session.snapshot();
  await store.evals.delete(['r1']);
  await session.refresh();
  await expect.poll(() => events.at(-1)).toEqual({ type: 'deleted' });
});
