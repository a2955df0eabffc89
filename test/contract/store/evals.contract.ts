import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EvalSummary } from '../../../src/core/store/evals/eval-record.ts';
import type { Store } from '../../../src/core/store/store.ts';
import {
  makeAnswer,
  makeCase,
  makeCell,
  makeColumn,
  makeMetric,
  makeResult,
} from '../../integration/store/evals/make-result.ts';
import type { StoreUnderTest } from './store.contract.ts';

const UNRATED = {
  rating: undefined,
  csat: undefined,
  completed: undefined,
  escalated: undefined,
  comment: undefined,
};
/** What every store must do with results of evaluations. */
export function describeEvals(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`results in ${name}`, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.dispose());

    const getResult = async (id: string) => {
      const record = await store.evals.get(id);
      if (record === undefined) throw new Error(`no result ${id}`);
      return record;
    };

    async function addResult(overrides: Parameters<typeof makeResult>[0] = {}, cases = 3): Promise<string> {
      const record = makeResult(overrides);
      await store.evals.create(record);
      const places = Array.from({ length: cases }, (_, place) => place);
      await store.evals.addCases(
        record.id,
        0,
        places.map((place) => makeCase(place)),
      );
      return record.id;
    }

    describe('records', () => {
      it('are returned with every field', async () => {
        const record = makeResult();
        await store.evals.create(record);
        expect(await store.evals.get(record.id)).toStrictEqual(record);
        const { plan: _, ...listed } = record;
        expect(await store.evals.list({ limit: 9 })).toStrictEqual([{ ...listed, bytes: 0 }]);
      });

      it('are undefined, not 0 or null, where nothing is known', async () => {
        const bare = makeColumn({ prompt: undefined, promptPath: undefined, version: undefined, model: undefined });
        const column = { ...bare, sourceHash: undefined, contentHash: undefined, baselineColumn: undefined };
        const record = makeResult({ file: undefined, baselineId: undefined, plan: undefined, columns: [column] });
        await store.evals.create(record);
        expect(await store.evals.get(record.id)).toStrictEqual(record);
        expect(await store.evals.get('nobody')).toBeUndefined();
      });

      it('change only in the given fields, and a field that is undefined is emptied', async () => {
        const record = makeResult();
        await store.evals.create(record);
        const summary: EvalSummary = {
          metrics: [
            {
              metric: 'equals',
              column: 0,
              mean: undefined,
              interval: undefined,
              n: 0,
              missing: 3,
              baseline: undefined,
            },
            {
              metric: 'equals',
              column: 1,
              mean: 0.5,
              interval: [0.25, 0.75],
              n: 3,
              missing: 0,
              baseline: {
                mean: 0.5,
                difference: 0,
                interval: undefined,
                p: 1,
                verdict: 'too-few-cases',
                smallestDetectable: undefined,
                n: 3,
              },
            },
          ],
          gates: [{ gate: 'equals >= 0.8', passed: null, reason: 'Too few cases.' }],
          unmatched: undefined,
        };
        const error = { code: 'budget' as const, message: 'The limit of $1 is reached.' };
        await store.evals.update(record.id, { state: 'budget', endedAt: 77, summary, error, counts: { cases: 9 } });
        expect(await store.evals.get(record.id)).toStrictEqual({
          ...record,
          state: 'budget',
          endedAt: 77,
          summary,
          error,
          counts: { ...record.counts, cases: 9 },
        });
        await store.evals.update(record.id, { state: 'running', endedAt: undefined, error: undefined });
        expect(await getResult(record.id)).toMatchObject({ state: 'running', summary: { gates: summary.gates } });
        expect((await getResult(record.id)).endedAt).toBeUndefined();
        expect((await getResult(record.id)).error).toBeUndefined();
      });

      it('took from their start to their end if they were stored before the time of work was', async () => {
        const time = { startedAt: 5000, workedMs: undefined, workingSince: undefined };
        const [ended, running] = [makeResult({ ...time, endedAt: 9000 }), makeResult(time)];
        for (const record of [ended, running]) await store.evals.create(record);
        expect((await getResult(ended.id)).workedMs).toBe(4000);
        expect((await getResult(running.id)).workedMs).toBeUndefined();
        await store.evals.update(running.id, { workedMs: 10, workingSince: 20 });
        expect(await getResult(running.id)).toMatchObject({ workedMs: 10, workingSince: 20 });
        await store.evals.update(running.id, { workedMs: 30, workingSince: undefined, endedAt: 9000 });
        expect(await getResult(running.id)).toMatchObject({ workedMs: 30, workingSince: undefined });
      });

      it('that do not exist are an error in every method that names them', async () => {
        const missing = { code: 'unknown-result', message: expect.stringContaining('nobody') };
        const place = { case: 0, column: 0, repeat: 1 };
        const sort = { by: 'number' as const, descending: false };
        await expect(store.evals.update('nobody', { state: 'done' })).rejects.toMatchObject(missing);
        await expect(store.evals.addCases('nobody', 0, [makeCase(0)])).rejects.toMatchObject(missing);
        await expect(store.evals.addCells('nobody', [makeCell(0, 0)])).rejects.toMatchObject(missing);
        await expect(store.evals.rescored('nobody', [])).rejects.toMatchObject(missing);
        await expect(store.evals.rate('nobody', place, { rating: 'up', comment: undefined })).rejects.toMatchObject(
          missing,
        );
        await expect(store.evals.pin('nobody', true)).rejects.toMatchObject(missing);
        await expect(store.evals.matrix('nobody')).rejects.toMatchObject(missing);
        await expect(store.evals.listCases('nobody', { filter: {}, sort })).rejects.toMatchObject(missing);
        const id = await addResult();
        await expect(store.evals.listCases(id, { filter: {}, sort, against: 'nobody' })).rejects.toMatchObject(missing);
      });
    });

    describe('lists', () => {
      it('have running and paused results first, then the newest, page by page and by file', async () => {
        const add = (id: string, startedAt: number, state: 'done' | 'running' | 'paused', file = 'a.eval.yaml') =>
          store.evals.create(makeResult({ id, startedAt, state, file }));
        await add('old-running', 10, 'running');
        await add('new', 40, 'done');
        await add('paused', 5, 'paused');
        await add('other', 30, 'done', 'b.eval.yaml');
        await add('old', 20, 'done');
        const order = ['old-running', 'paused', 'new', 'other', 'old'];
        expect((await store.evals.list({ limit: 9 })).map(({ id }) => id)).toEqual(order);

        const seen: string[] = [];
        for (let before: Awaited<ReturnType<Store['evals']['list']>>[number] | undefined; ; ) {
          const [next] = await store.evals.list({ limit: 1, before });
          if (next === undefined) break;
          seen.push(next.id);
          before = next;
        }
        expect(seen).toEqual(order);
        expect((await store.evals.list({ file: 'b.eval.yaml', limit: 9 })).map(({ id }) => id)).toEqual(['other']);
        expect(await store.evals.newestOf('a.eval.yaml')).toBe('new');
        expect(await store.evals.newestOf('c.eval.yaml')).toBeUndefined();
      });

      it('are searched by an id or the beginning of one', async () => {
        for (const id of ['abc-1', 'abc-2', 'abc', 'b_1']) await store.evals.create(makeResult({ id }));
        expect(await store.evals.find('abc-1')).toBe('abc-1');
        expect(await store.evals.find('abc')).toBe('abc');
        expect(await store.evals.find('b')).toBe('b_1');
        expect(await store.evals.find('_')).toBeUndefined();
        expect(await store.evals.find('')).toBeUndefined();
        await expect(store.evals.find('ab')).rejects.toMatchObject({
          code: 'unknown-result',
          message: expect.stringContaining('abc-1'),
        });
      });

      it('show whether a result is pinned', async () => {
        const id = await addResult();
        await store.evals.pin(id, true);
        expect((await store.evals.list({ limit: 1 }))[0]?.isPinned).toBe(true);
        await store.evals.pin(id, false);
        expect((await getResult(id)).isPinned).toBe(false);
      });
    });

    describe('cases', () => {
      it('are returned with every field, by place', async () => {
        const id = await addResult({}, 0);
        const bare = makeCase(1, {
          dataset: undefined,
          contexts: undefined,
          messages: undefined,
          toolCalls: undefined,
          retrieval: undefined,
          group: undefined,
          expected: [],
          others: {},
          output: undefined,
        });
        const odd = makeCase(2, { id: 'null\0 and \ud83c, "quoted"', tags: ['a,b', 'ü'], group: '' });
        await store.evals.addCases(id, 0, [makeCase(0), bare]);
        await store.evals.addCases(id, 2, [odd]);
        expect(await store.evals.cases(id, [2, 9, 0, 1])).toStrictEqual([odd, undefined, makeCase(0), bare]);
        expect(await store.evals.identities(id)).toStrictEqual({
          ids: ['case-0', 'case-1', odd.id],
          contentHashes: [0, 1, 2].map((place) => makeCase(place).contentHash),
          groups: ['group-0', undefined, ''],
        });
        expect((await getResult(id)).counts).toMatchObject({ cases: 3, cells: 6 });
      });

      it('of an empty result are none', async () => {
        const id = await addResult({}, 0);
        expect(await store.evals.identities(id)).toEqual({ ids: [], contentHashes: [], groups: [] });
        expect(await store.evals.matrix(id)).toMatchObject({ cases: 0, states: new Uint8Array() });
        expect(await store.evals.cells(id, [0])).toEqual([]);
      });
    });

    describe('cells', () => {
      it('are returned with every field, in the order of the places, columns and repeats', async () => {
        const id = await addResult({ repeats: 2 });
        const cells = [makeCell(2, 1, { repeat: 2 }), makeCell(0, 1), makeCell(0, 0, { repeat: 2, state: 'failed' })];
        await store.evals.addCells(id, cells);
        const [first, second, third, ...rest] = await store.evals.cells(id, [2, 0, 1]);
        expect(rest).toEqual([]);
        const unrated = { ...UNRATED, answerId: expect.any(Number) };
        expect(first).toStrictEqual({ ...cells[0], ...unrated });
        expect(second).toStrictEqual({ ...cells[2], ...unrated });
        expect(third).toStrictEqual({ ...cells[1], ...unrated });
      });

      it('keep answers exactly as they were written, of any size', async () => {
        const id = await addResult();
        const outputs = [
          'null \0 byte',
          'lone \ud83c surrogate',
          'separator \u001e in it',
          `${'é漢🌍'.repeat(200_000)}`,
          '',
        ];
        const bare = {
          reasoning: '',
          toolCalls: [],
          contexts: undefined,
          finishReason: undefined,
          servedModel: undefined,
        };
        const unknown = { usage: {}, costUsd: undefined, ttftMs: undefined, latencyMs: undefined, error: undefined };
        const answers = outputs.map((output) => makeAnswer({ output, ...bare, ...unknown, usageEstimated: false }));
        await store.evals.addCells(
          id,
          answers.slice(0, 3).map((answer, place) => makeCell(place, 0, { answer })),
        );
        await store.evals.addCells(
          id,
          answers.slice(3).map((answer, place) => makeCell(place, 1, { answer })),
        );
        const read = await store.evals.cells(id, [0, 1, 2]);
        const byOutput = new Map(read.map(({ answer }) => [answer.output, answer]));
        for (const answer of answers) expect(byOutput.get(answer.output)).toStrictEqual(answer);
      });

      it('are counted and summed, a reused answer without its cost', async () => {
        const id = await addResult();
        const unbilled = makeAnswer({ output: '', costUsd: undefined, usage: {} });
        await store.evals.addCells(id, [
          makeCell(0, 0),
          makeCell(0, 1, { state: 'failed' }),
          makeCell(1, 0, { state: 'error', answer: unbilled }),
        ]);
        const [{ answerId = 0 } = {}] = await store.evals.cells(id, [0]);
        await store.evals.addCells(id, [makeCell(1, 1, { answer: answerId, cached: true })]);
        const { counts, totals } = await getResult(id);
        expect(counts).toEqual({ cases: 3, cells: 6, passed: 2, failed: 1, errors: 1, cached: 1 });
        expect(totals).toEqual({ costUsd: 0.5, inputTokens: 200, outputTokens: 40 });
      });

      it('are summed once for each request, whether cells that share its answer are stored with it or later', async () => {
        const id = await addResult();
        const answer = makeAnswer({ cacheKey: 'k'.repeat(64) });
        await store.evals.addCells(id, [makeCell(0, 0, { answer }), makeCell(0, 1, { answer, cached: true })]);
        await store.evals.addCells(id, [makeCell(1, 0, { answer, cached: true })]);
        const cells = await store.evals.cells(id, [0, 1]);
        expect(new Set(cells.map(({ answerId }) => answerId)).size).toBe(1);
        const { costUsd, usage } = answer;
        expect((await getResult(id)).totals).toMatchObject({ costUsd, inputTokens: usage.inputTokens });
        const unused = [
          { costUsd, usage: {} },
          { costUsd: undefined, usage },
        ];
        await store.evals.addCells(id, [], [], unused);
        expect((await getResult(id)).totals).toMatchObject({
          costUsd: 2 * (costUsd ?? Number.NaN),
          inputTokens: usage.inputTokens,
        });
      });

      it('have an unknown total if one of them has unknown costs', async () => {
        const id = await addResult();
        await store.evals.addCells(id, [makeCell(1, 0)]);
        const unpriced = makeAnswer({ costUsd: undefined, usage: {}, error: undefined });
        await store.evals.addCells(id, [makeCell(0, 0, { answer: unpriced })]);
        await store.evals.addCells(id, [makeCell(2, 0)]);
        expect((await getResult(id)).totals).toStrictEqual({
          costUsd: undefined,
          inputTokens: undefined,
          outputTokens: undefined,
        });
      });

      it('have a total of what is known if a request failed, which was mostly not billed', async () => {
        const id = await addResult();
        const failed = makeAnswer({ costUsd: undefined, usage: {} });
        await store.evals.addCells(id, [makeCell(0, 0, { answer: failed }), makeCell(1, 0)]);
        expect((await getResult(id)).totals).toStrictEqual({ costUsd: 0.25, inputTokens: 100, outputTokens: 20 });
      });

      it('are replaced by a second answer: counts follow, what was paid stays, and a rating is gone', async () => {
        const id = await addResult();
        const place = { case: 0, column: 0, repeat: 1 };
        await store.evals.addCells(id, [makeCell(0, 0, { state: 'error' })]);
        await store.evals.rate(id, place, { rating: 'down', comment: 'wrong' });
        expect(await store.evals.cells(id, [0])).toMatchObject([{ rating: 'down', comment: 'wrong' }]);
        await store.evals.addCells(id, [makeCell(0, 0, { answer: makeAnswer({ output: 'again' }) })]);
        const [cell, ...more] = await store.evals.cells(id, [0]);
        expect(more).toEqual([]);
        expect(cell).toMatchObject({ state: 'passed', answer: { output: 'again' } });
        expect(cell?.rating).toBeUndefined();
        expect((await getResult(id)).counts).toMatchObject({ passed: 1, errors: 0 });
        expect((await getResult(id)).totals.costUsd).toBe(0.5);
      });

      it('are all stored with what they cost, or none of it', async () => {
        const id = await addResult();
        const entry = { id: 'e', at: 5, connection: 'openai', model: 'openai/small', usd: 1, simulated: false };
        const spent = [{ ...entry, purpose: 'evaluation' as const }];
        await expect(
          store.evals.addCells(id, [makeCell(0, 0), makeCell(1, 0, { answer: 4711 })], spent),
        ).rejects.toMatchObject({
          code: 'unknown-result',
          message: expect.stringContaining('deleted'),
        });
        expect(await store.evals.cells(id, [0, 1])).toEqual([]);
        expect((await getResult(id)).counts.passed).toBe(0);
        expect(await store.ledger.spentUsd(0)).toBe(0);
        await store.evals.addCells(id, [makeCell(0, 0)], spent);
        expect(await store.ledger.spentUsd(0)).toBe(1);
      });

      it('are rated and commented, and neither is lost by new scores', async () => {
        const id = await addResult();
        await store.evals.addCells(id, [makeCell(0, 0)]);
        const place = { case: 0, column: 0, repeat: 1 };
        await store.evals.rate(id, place, { rating: 'up', comment: 'good \0' });
        await store.evals.rescored(id, [{ ...place, state: 'failed', scores: [], score: undefined }]);
        expect(await store.evals.cells(id, [0])).toMatchObject([{ state: 'failed', rating: 'up', comment: 'good \0' }]);
        await store.evals.rate(id, place, { rating: undefined, comment: undefined });
        expect((await store.evals.cells(id, [0]))[0]?.rating).toBeUndefined();
      });

      it('have several ratings, of which each is changed and taken back alone', async () => {
        const id = await addResult({ repeats: 2 }, 3);
        const at = (place: number, repeat: number) => ({ case: place, column: 1, repeat });
        await store.evals.addCells(id, [makeCell(1, 1, { repeat: 2 }), makeCell(2, 1)]);
        expect(await store.evals.rated(id)).toEqual({ places: [], metrics: [] });
        await store.evals.rate(id, at(1, 2), { csat: 4 });
        await store.evals.rate(id, at(1, 2), { completed: true, escalated: false });
        await store.evals.rate(id, at(2, 1), { comment: 'no rating' });
        const [cell] = await store.evals.cells(id, [1]);
        expect(cell).toMatchObject({ ...UNRATED, csat: 4, completed: true, escalated: false });
        expect(await store.evals.rated(id)).toEqual({ places: [1], metrics: ['csat', 'completed', 'escalated'] });
        await store.evals.rate(id, at(1, 2), { csat: undefined, completed: undefined });
        await store.evals.rate(id, at(2, 1), { rating: 'down' });
        expect((await store.evals.cells(id, [1]))[0]).toMatchObject({ ...UNRATED, escalated: false });
        expect(await store.evals.rated(id)).toEqual({ places: [1, 2], metrics: ['thumbs', 'escalated'] });
      });
    });

    describe('the matrix', () => {
      it('has the figures of all cells, also beyond the first chunk', async () => {
        const id = await addResult({ repeats: 2 }, 200);
        const passed = makeCell(150, 1, { repeat: 2 });
        const failed = makeCell(0, 0, {
          state: 'failed',
          score: undefined,
          scores: [
            { value: null, passed: null, reason: 'There is no reference.' },
            { value: 0.25, passed: false },
          ],
          answer: makeAnswer({ costUsd: undefined, latencyMs: undefined }),
        });
        await store.evals.addCells(id, [passed, failed]);
        const [{ answerId = 0 } = {}] = await store.evals.cells(id, [150]);
        await store.evals.addCells(id, [makeCell(199, 1, { repeat: 2, cached: true, answer: answerId })]);

        const matrix = await store.evals.matrix(id);
        expect(matrix).toMatchObject({ cases: 200, columns: 2, repeats: 2 });
        expect(matrix.states).toHaveLength(800);
        const [at, last] = [(150 * 2 + 1) * 2 + 1, 799];
        expect([...matrix.states.entries()].filter(([, state]) => state !== 0)).toEqual([
          [0, 2],
          [at, 1],
          [last, 1],
        ]);
        expect([matrix.scores[0], matrix.latencyMs[0], matrix.costUsd[0], matrix.values[0]?.[0]]).toEqual(
          Array(4).fill(Number.NaN),
        );
        expect(matrix.scores[at]).toBeCloseTo(0.3, 6);
        expect([matrix.values[0]?.[at], matrix.values[1]?.[at], matrix.values[1]?.[0]]).toEqual([1, 0.75, 0.25]);
        expect([matrix.passed[0]?.[0], matrix.passed[1]?.[0], matrix.passed[1]?.[at]]).toEqual([0, 2, 1]);
        expect([matrix.latencyMs[at], matrix.costUsd[at], matrix.isCached[at]]).toEqual([800, 0.25, 0]);
        expect([matrix.latencyMs[last], matrix.costUsd[last], matrix.isCached[last]]).toEqual([800, 0, 1]);
        expect(matrix.answerCostUsd[last]).toBe(0.25);
        expect(await store.evals.finished(id)).toEqual(matrix.states);
      });
    });

    describe('new scores', () => {
      const place = { case: 0, column: 0, repeat: 1 };

      it('replace those of a cell, whose answer stays', async () => {
        const id = await addResult();
        await store.evals.addCells(id, [makeCell(0, 0)]);
        const scores = [
          { value: 0, passed: false, reason: 'It differs.' },
          { value: 0.5, passed: true },
        ];
        await store.evals.rescored(id, [
          { ...place, state: 'failed', scores, score: 0.25 },
          { case: 2, column: 1, repeat: 1, state: 'passed', scores, score: 1 },
        ]);
        const cells = await store.evals.cells(id, [0, 1, 2]);
        expect(cells).toHaveLength(1);
        expect(cells[0]).toStrictEqual({
          ...makeCell(0, 0),
          state: 'failed',
          scores,
          score: 0.25,
          ...UNRATED,
          answerId: expect.any(Number),
        });
        expect((await getResult(id)).counts).toMatchObject({ passed: 0, failed: 1 });
        expect((await store.evals.matrix(id)).values.map((values) => values[0])).toEqual([0, 0.5]);
      });

      it('by other metrics follow one after another: unchanged metrics keep theirs until then', async () => {
        const id = await addResult();
        await store.evals.addCells(id, [makeCell(0, 0), makeCell(1, 0)]);
        const [equals, rougeL] = [makeMetric('equals', { hash: 'other pattern' }), makeMetric('rougeL')];
        const metrics = [makeMetric('wordCount', { scale: 'count' }), rougeL, equals];
        const scores = [
          { value: 4, passed: null },
          { value: 0.5, passed: true },
          { value: 0, passed: false },
        ];
        await store.evals.rescored(id, [{ ...place, state: 'failed', scores, score: 0.25 }], metrics);

        expect((await getResult(id)).metrics).toEqual(metrics);
        const unscored = { value: null, passed: null, reason: expect.stringContaining('Not scored') };
        const old = { value: 0.75, passed: true, reason: 'Three of four words.' };
        expect((await store.evals.cells(id, [0, 1])).map((cell) => cell.scores)).toEqual([
          scores,
          [unscored, old, unscored],
        ]);
        const { values, passed } = await store.evals.matrix(id);
        expect(values.map((of) => [of[0], of[2]])).toEqual([
          [4, Number.NaN],
          [0.5, 0.75],
          [0, Number.NaN],
        ]);
        expect(passed.map((of) => [of[0], of[2]])).toEqual([
          [0, 0],
          [1, 1],
          [2, 0],
        ]);
        await store.evals.rescored(id, [{ ...place, case: 1, state: 'passed', scores, score: 1 }]);
        expect((await store.evals.cells(id, [1]))[0]?.scores).toEqual(scores);
      });
    });

    describe('answers', () => {
      it('are found by their keys, the newest of each', async () => {
        const id = await addResult();
        const answer = (output: string, cacheKey: string | undefined) => makeAnswer({ output, cacheKey });
        await store.evals.addCells(id, [
          makeCell(0, 0, { answer: answer('first', 'key of a request') }),
          makeCell(1, 0, { answer: answer('second', 'key of a request') }),
          makeCell(2, 0, { answer: answer('not reusable', undefined) }),
          makeCell(0, 1, { answer: answer('same end', 'another key of a request') }),
        ]);
        const [found, other, none] = await store.evals.findAnswers([
          'key of a request',
          'another key of a request',
          'x',
        ]);
        expect(none).toBeUndefined();
        const texts = (await store.evals.answers([found ?? 0, other ?? 0, 4711])).map((stored) => stored?.output);
        expect(texts).toEqual(['second', 'same end', undefined]);
      });

      it('are stored once for several cells, and as long as a result uses them', async () => {
        const [first, second] = [await addResult(), await addResult()];
        const shared = makeAnswer({ output: 'shared', cacheKey: 'shared' });
        const own = makeAnswer({ output: 'own', cacheKey: 'own' });
        await store.evals.addCells(first, [
          makeCell(0, 0, { answer: shared }),
          makeCell(1, 0, { answer: shared, cached: true }),
          makeCell(2, 0, { answer: own }),
        ]);
        const ids = (await store.evals.cells(first, [0, 1])).map(({ answerId }) => answerId);
        expect(new Set(ids).size).toBe(1);
        await store.evals.addCells(second, [makeCell(0, 0, { answer: ids[0] ?? 0, cached: true })]);

        await store.evals.delete([first]);
        expect(await store.evals.findAnswers(['shared', 'own'])).toEqual([ids[0], undefined]);
        expect(await store.evals.cells(second, [0])).toMatchObject([{ answer: shared }]);
        await store.evals.delete([second]);
        expect(await store.evals.findAnswers(['shared'])).toEqual([undefined]);
      });

      it('that a cell no longer has are deleted, unless another cell has them', async () => {
        const id = await addResult();
        const shared = makeAnswer({ cacheKey: 'shared' });
        await store.evals.addCells(id, [
          makeCell(0, 0, { answer: makeAnswer({ cacheKey: 'alone' }) }),
          makeCell(1, 0, { answer: shared }),
          makeCell(2, 0, { answer: shared }),
        ]);
        await store.evals.addCells(id, [makeCell(0, 0), makeCell(1, 0)]);
        expect(await store.evals.findAnswers(['alone', 'shared'])).toEqual([undefined, expect.any(Number)]);
      });
    });

    describe('deleting', () => {
      it('removes results from every list, with their cells, and leaves what was spent and other results', async () => {
        const [gone, kept] = [await addResult(), await addResult({ baselineId: 'gone' })];
        await store.evals.update(kept, { baselineId: gone });
        const entry = { id: 'e', at: 5, connection: 'openai', model: 'openai/small', usd: 1, simulated: false };
        await store.evals.addCells(gone, [makeCell(0, 0)], [{ ...entry, purpose: 'evaluation' }]);
        await store.evals.addCells(kept, [makeCell(0, 0)]);
        await store.evals.delete([gone, 'nobody']);

        expect(await store.evals.get(gone)).toBeUndefined();
        expect(await store.evals.find(gone)).toBeUndefined();
        expect((await store.evals.list({ limit: 9 })).map(({ id }) => id)).toEqual([kept]);
        await expect(store.evals.addCells(gone, [makeCell(1, 0)])).rejects.toMatchObject({ code: 'unknown-result' });
        expect(await store.evals.cells(kept, [0])).toHaveLength(1);
        expect((await getResult(kept)).baselineId).toBeUndefined();
        expect(await store.ledger.spentUsd(0)).toBe(1);
      });
    });

    describe('the history of a case', () => {
      it('has its cells in other results of the same evaluation, newest first', async () => {
        const add = async (id: string, startedAt: number, of: { file?: string | undefined; name?: string }) => {
          await addResult({ id, startedAt, ...of });
          await store.evals.addCells(id, [makeCell(1, 0, { answer: makeAnswer({ output: id }) }), makeCell(2, 0)]);
        };
        const [file, name] = ['a.eval.yaml', 'a'];
        await add('old', 10, { file, name });
        await add('new', 30, { file, name });
        await add('other', 20, { file: 'b.eval.yaml', name });
        await add('unsaved', 20, { file: undefined, name });
        const past = await store.evals.history('case-1', { file, name }, 9);
        expect(past.map(({ evaluation, cell }) => [evaluation.id, cell.answer.output])).toEqual([
          ['new', 'new'],
          ['old', 'old'],
        ]);
        expect(past[0]).toMatchObject({ column: makeResult().columns[0], metrics: makeResult().metrics });
        expect(past[0]?.contentHash).toBe(makeCase(1).contentHash);
        expect(await store.evals.history('case-1', { file, name }, 1)).toHaveLength(1);
        const unsaved = await store.evals.history('case-1', { file: undefined, name }, 9);
        expect(unsaved.map(({ evaluation }) => evaluation.id)).toEqual(['unsaved']);
        expect(await store.evals.history('1', { file, name }, 9)).toEqual([]);
      });
    });

    describe('results whose window is gone', () => {
      it('are marked as interrupted, but not those of an open window or that are done', async () => {
        const at = (startedAt: number, state: 'running' | 'paused' | 'done') => addResult({ startedAt, state });
        under.setNow(10_000);
        const [lost, paused, alive, done] = [
          await at(10_000, 'running'),
          await at(10_000, 'paused'),
          await at(10_000, 'running'),
          await at(10_000, 'done'),
        ];
        for (const id of [lost, alive]) await store.jobs.start({ id, kind: 'evaluation', owner: 'w', detail: {} });
        under.setNow(20_000);
        await store.jobs.beat([alive], 'w');
        const young = await at(20_000, 'running');
        expect((await store.evals.markInterrupted(15_000)).sort()).toEqual([lost, paused].sort());
        expect(await getResult(lost)).toMatchObject({ state: 'interrupted', endedAt: 10_000 });
        expect((await getResult(paused)).endedAt).toBeUndefined();
        for (const id of [alive, young]) expect((await getResult(id)).state).toBe('running');
        expect((await getResult(done)).state).toBe('done');
      });

      it('have the time that was worked until the last heartbeat, and no pause', async () => {
        const at = (changes: Parameters<typeof makeResult>[0]) => addResult({ startedAt: 10_000, ...changes });
        under.setNow(10_000);
        const working = await at({ workedMs: 700, workingSince: 12_000 });
        const paused = await at({ state: 'paused', workedMs: 700, workingSince: undefined });
        const resumed = await at({ workedMs: 700, workingSince: 16_000 });
        const [older, unstarted] = [await at({ workedMs: undefined, workingSince: undefined }), await at({})];
        for (const id of [working, paused, resumed, older])
          await store.jobs.start({ id, kind: 'evaluation', owner: 'w', detail: {} });
        under.setNow(15_000);
        await store.jobs.beat([working, paused, resumed, older], 'w');

        await store.evals.markInterrupted(20_000);

        const worked = async (id: string) => {
          const { workedMs, workingSince } = await getResult(id);
          expect(workingSince).toBeUndefined();
          return workedMs;
        };
        expect(await worked(working)).toBe(3700);
        expect(await worked(paused)).toBe(700);
        // resumed after the last heartbeat
        expect(await worked(resumed)).toBe(700);
        expect(await worked(older)).toBe(5000);
        expect(await worked(unstarted)).toBe(500);
      });

      it('are continued with the time that was worked before', async () => {
        const at = (changes: Parameters<typeof makeResult>[0]) => addResult({ startedAt: 10_000, ...changes });
        under.setNow(10_000);
        const killed = await at({ workedMs: 700, workingSince: 9000 });
        const older = await at({ state: 'stopped', endedAt: 14_000, workedMs: undefined, workingSince: undefined });
        const unstarted = await at({ workedMs: undefined, workingSince: undefined });
        await store.jobs.start({ id: killed, kind: 'evaluation', owner: 'killed', detail: {} });
        under.setNow(90_000);

        for (const id of [killed, older, unstarted]) expect(await store.evals.claim(id, 'w', 80_000)).toBe(true);

        expect(await getResult(killed)).toMatchObject({ workedMs: 1700, workingSince: undefined });
        expect(await getResult(older)).toMatchObject({ workedMs: 4000, endedAt: undefined });
        expect(await getResult(unstarted)).toMatchObject({ workedMs: 0 });
      });

      it('are continued by one window only, which then owns the job', async () => {
        under.setNow(10_000);
        const id = await addResult({ state: 'interrupted', error: { code: 'store', message: 'x' } });
        expect(await store.evals.claim(id, 'first', 5000)).toBe(true);
        expect(await store.evals.claim(id, 'second', 5000)).toBe(false);
        expect(await store.evals.claim(id, 'first', 5000)).toBe(true);
        expect(await store.jobs.get(id)).toMatchObject({ state: 'running', owner: 'first', kind: 'evaluation' });
        const record = await getResult(id);
        expect(record.state).toBe('running');
        expect(record.error).toBeUndefined();
        expect(await store.evals.claim(id, 'second', 10_001)).toBe(true);
        expect(await store.jobs.beat([id], 'first')).toEqual([id]);
        expect(await store.jobs.beat([id], 'second')).toEqual([]);
      });
    });
  });
}
