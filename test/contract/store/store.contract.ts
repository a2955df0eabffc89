import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunFilter, RunRecord } from '../../../src/core/store/runs/run-record.ts';
import type { Store } from '../../../src/core/store/store.ts';
import { makeRun, makeStreamingRun } from '../../integration/store/make-run.ts';

/** An open, empty store; `setNow` moves its clock. */
export interface StoreUnderTest {
  store: Store;
  setNow(ms: number): void;
  dispose(): Promise<void>;
}

/** What every store must do, whatever it stores its rows in. */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`store in ${name}`, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.dispose());

    const list = async (filter: RunFilter = {}) => (await store.runs.list({ filter, limit: 100 })).map((run) => run.id);

    describe('storing runs', () => {
      it('returns a finished run with every field', async () => {
        const run = makeRun({ rating: 'up', note: 'good' });
        await store.runs.finish([run]);
        expect(await store.runs.get(run.id)).toStrictEqual(run);
      });

      it('keeps the exact text next to the shown one, and the cost reported by the provider', async () => {
        const exact = { text: 'ok', rawText: '<think>hm</think>\nok', reasoning: 'hm' };
        const run = makeRun({ ...exact, costUsd: 0.004, usage: { inputTokens: 3, reportedCostUsd: 0.004 } });
        await store.runs.finish([run]);
        expect(await store.runs.get(run.id)).toStrictEqual(run);
        const streaming = makeStreamingRun();
        await store.runs.start([streaming]);
        await store.runs.saveProgress([{ id: streaming.id, ...exact, usage: {}, costUsd: undefined }]);
        expect(await store.runs.get(streaming.id)).toMatchObject(exact);
      });

      it('stores answers of megabytes exactly, finds them, and does not change its arguments', async () => {
        const letters = ['plain words ', '🌍 é 漢字 ', '"\\\n\t\u0007', '\ud83c', '\u0000'].map((text) =>
          text.repeat(90_000),
        );
        const long = {
          text: `albatross ${letters.join('')}`,
          rawText: `<think>${letters[1]}</think>`,
          reasoning: letters[1] ?? '',
        };
        const message = { role: 'assistant' as const, parts: [{ type: 'text' as const, text: long.text }] };
        const run = makeRun({ ...long, message });
        const thought = makeRun({ text: 'kingfisher', reasoning: 'x '.repeat(600_000) });
        const unsaid = makeRun({ text: 'y '.repeat(600_000), rawText: undefined, message: undefined });
        const given = structuredClone([run, thought, unsaid]);
        await store.runs.finish([run, thought, unsaid]);

        expect(run).toStrictEqual(given[0]);
        for (const one of [run, thought]) expect(await store.runs.get(one.id)).toStrictEqual(one);
        expect(await store.runs.get(unsaid.id)).toMatchObject({ text: unsaid.text, message: undefined });
        expect(await list({ search: 'albatross' })).toEqual([run.id]);
        expect(await list({ search: 'kingfisher' })).toEqual([thought.id]);

        const streaming = makeStreamingRun();
        await store.runs.start([streaming]);
        await store.runs.saveProgress([{ id: streaming.id, ...long, usage: {}, costUsd: undefined }]);
        expect(await store.runs.get(streaming.id)).toMatchObject(long);
        await store.runs.saveProgress([
          { id: streaming.id, text: undefined, reasoning: undefined, usage: {}, costUsd: 1 },
        ]);
        expect(await store.runs.get(streaming.id)).toMatchObject({ ...long, costUsd: 1 });
      });

      it('returns unknown values as undefined, never as 0 or null', async () => {
        const run = makeStreamingRun();
        await store.runs.start([run]);
        expect(await store.runs.get(run.id)).toStrictEqual(run);
      });

      it('distinguishes false and 0 from unknown', async () => {
        const run = makeRun({ schemaValid: false, costUsd: 0, ttftMs: 0, usage: { outputTokens: 0 } });
        await store.runs.finish([run]);
        expect(await store.runs.get(run.id)).toStrictEqual(run);
      });

      it('stores a number that is not finite as unknown', async () => {
        const run = makeRun({ costUsd: Number.NaN, tokensPerSecond: Infinity, usage: { inputTokens: Number.NaN } });
        await store.runs.finish([run]);
        expect(await store.runs.get(run.id)).toStrictEqual({
          ...run,
          costUsd: undefined,
          tokensPerSecond: undefined,
          usage: {},
        });
      });

      it('replaces the row of a started run when it finishes', async () => {
        const started = makeStreamingRun({ rawRequest: { first: true } });
        const finished = makeRun({ id: started.id, comparisonId: started.comparisonId, rawRequest: undefined });
        await store.runs.start([started]);
        await store.runs.finish([finished]);
        expect(await store.runs.get(started.id)).toStrictEqual(finished);
        expect(await list()).toEqual([started.id]);
      });

      it('stores a finished run whose start it never received', async () => {
        const run = makeRun();
        await store.runs.finish([run]);
        expect(await list()).toEqual([run.id]);
      });

      it('has no run with an unknown id', async () => {
        expect(await store.runs.get('nobody')).toBeUndefined();
        expect(await store.runs.comparison('nobody')).toEqual([]);
      });

      it('returns a comparison in the order of its columns and repeats', async () => {
        const at = (column: number, repeat: number) => makeRun({ comparisonId: 'c', column, repeat });
        const runs = [at(1, 0), at(0, 1), at(0, 0)];
        await store.runs.start([...runs, makeRun()]);
        const found = await store.runs.comparison('c');
        expect(found.map((run) => [run.column, run.repeat])).toEqual([
          [0, 0],
          [0, 1],
          [1, 0],
        ]);
        expect(found[0]).toStrictEqual(runs[2]);
      });

      it('accepts empty batches', async () => {
        await store.runs.start([]);
        await store.runs.saveProgress([]);
        await store.runs.finish([]);
        await store.runs.delete([]);
        expect(await list()).toEqual([]);
      });

      it('sums the results of the runs of each content, and has none for others', async () => {
        const of = (contentHash: string, run: Partial<RunRecord>) => makeRun({ contentHash, error: undefined, ...run });
        await store.runs.finish([
          of('one', { model: 'a/x', startedAt: 10, costUsd: 0.5, elapsedMs: 100, schemaValid: true, rating: 'up' }),
          of('one', { model: 'a/x', startedAt: 30, costUsd: undefined, elapsedMs: undefined, schemaValid: undefined }),
          of('one', { model: 'demo/swift', startedAt: 20, costUsd: 0.25, elapsedMs: 300, schemaValid: false }),
          of('one', { state: 'failed', model: 'b/y', startedAt: 5, costUsd: 9, elapsedMs: 9, schemaValid: undefined }),
          of('one', { state: 'stopped', model: 'c/z', startedAt: 1 }),
          of('two', { model: 'a/x', startedAt: 7, costUsd: 0, elapsedMs: 1, schemaValid: undefined, rating: 'down' }),
          of('three', {}),
        ]);
        await store.runs.start([makeStreamingRun({ contentHash: 'two' })]);
        const found = await store.runs.summarizeContents(['two', 'one', 'nobody', "it's"]);
        const groups = found.map(({ contentHash, groups: own = [] }) => [contentHash, own.map(({ model }) => model)]);
        expect(Object.fromEntries(groups)).toEqual({ one: ['a/x', 'b/y', 'demo/swift'], two: ['a/x'] });
        const plain = found.map(({ groups: _, ...summary }) => summary);
        expect(plain.sort((a, b) => (a.contentHash < b.contentHash ? -1 : 1))).toEqual([
          {
            contentHash: 'one',
            done: 3,
            failed: 1,
            demo: 1,
            models: ['a/x', 'b/y', 'demo/swift'],
            schema: { checked: 2, valid: 1 },
            ratings: { up: 1, down: 0 },
            cost: { usd: 0.75, count: 2 },
            latency: { ms: 400, count: 2 },
            firstAt: 5,
            lastAt: 30,
          },
          {
            contentHash: 'two',
            done: 1,
            failed: 0,
            demo: 0,
            models: ['a/x'],
            schema: { checked: 0, valid: 0 },
            ratings: { up: 0, down: 1 },
            cost: { usd: 0, count: 1 },
            latency: { ms: 1, count: 1 },
            firstAt: 7,
            lastAt: 7,
          },
        ]);
      });

      it('sums the runs of a content by model and input', async () => {
        const run = (model: string, name: string, costUsd: number) =>
          makeRun({ contentHash: 'one', error: undefined, model, input: { name }, costUsd });
        await store.runs.finish([
          run('a/x', 'Ada', 1),
          run('a/x', 'Ada', 2),
          run('a/x', 'Bo', 4),
          run('b/y', 'Ada', 8),
        ]);
        const [summary] = await store.runs.summarizeContents(['one']);
        const sums = summary?.groups?.map(({ model, cost }) => [model, cost.usd, cost.count]);
        expect(sums?.sort()).toEqual([
          ['a/x', 3, 2],
          ['a/x', 4, 1],
          ['b/y', 8, 1],
        ]);
        const ofAda = summary?.groups?.filter(({ cost }) => cost.usd !== 4).map(({ input }) => input);
        expect(new Set(ofAda).size).toBe(1);
      });

      it('lists the contents that were run since, with the path of the last run', async () => {
        await store.runs.finish([
          makeRun({ contentHash: 'one', startedAt: 10, promptPath: 'old.prompt' }),
          makeRun({ contentHash: 'one', startedAt: 20, promptPath: 'new.prompt' }),
          makeRun({ contentHash: 'two', startedAt: 5 }),
          makeRun({ contentHash: undefined, startedAt: 30 }),
        ]);
        expect(await store.runs.listContents(10)).toEqual([
          { contentHash: 'one', promptPath: 'new.prompt', lastAt: 20 },
        ]);
      });

      it('lists the runs of one content', async () => {
        const [mine, other] = [makeRun({ contentHash: 'one' }), makeRun({ contentHash: 'two' })];
        await store.runs.finish([mine, other]);
        expect(await list({ contentHash: 'one' })).toEqual([mine.id]);
      });

      it('deletes only the named runs', async () => {
        const [gone, kept] = [makeRun({ text: 'walrus' }), makeRun({ text: 'walrus' })];
        await store.runs.finish([gone, kept]);
        expect(await list({ search: 'walrus' })).toEqual([kept.id, gone.id]);
        await store.runs.delete([gone.id, 'nobody']);
        expect(await store.runs.get(gone.id)).toBeUndefined();
        expect(await list({ search: 'walrus' })).toEqual([kept.id]);
        expect((await store.status()).runs).toBe(1);
      });
    });

    describe('text as models write it', () => {
      const texts: Record<string, string> = {
        'null bytes': 'before\0after\0',
        'lone surrogates': 'high \ud83d low \ude00 end',
        'ANSI codes': '\u001b[31mred\u001b[0m\u0007\u0008',
        'right-to-left text': 'אבג \u202eabc\u202c العربية',
        'a script': '<script>alert(1)</script>',
        'a text of 1 MB': 'word€ '.repeat(170_000),
        'line ends of all kinds': 'a\r\nb\rc\u2028d\u2029e\n',
      };
      for (const [kind, text] of Object.entries(texts)) {
        it(`keeps ${kind} unchanged`, async () => {
          const run = makeRun({
            text,
            reasoning: text,
            note: text,
            input: { [text.slice(0, 40)]: text },
            message: { role: 'assistant', parts: [{ type: 'text', text }] },
            rawResponse: [text],
          });
          await store.runs.finish([run]);
          expect(await store.runs.get(run.id)).toStrictEqual(run);
          const [summary] = await store.runs.list({ limit: 1 });
          expect(summary?.text).toBe(text.slice(0, 200));
        });
      }

      it('never cuts the preview inside a surrogate pair', async () => {
        await store.runs.finish([makeRun({ text: `${'a'.repeat(199)}😀 and more` })]);
        const [summary] = await store.runs.list({ limit: 1 });
        expect(summary?.text).toBe('a'.repeat(199));
      });
    });

    describe('progress', () => {
      it('stores the text received so far', async () => {
        const run = makeStreamingRun();
        await store.runs.start([run]);
        const progress = { text: 'half an', reasoning: 'hm', usage: { outputTokens: 2 }, costUsd: 0.1 };
        await store.runs.saveProgress([{ id: run.id, ...progress }]);
        expect(await store.runs.get(run.id)).toStrictEqual({ ...run, ...progress });
        expect((await store.runs.list({ limit: 1 }))[0]).toMatchObject({ text: 'half an', costUsd: 0.1 });
      });

      it('does not change a finished run, nor create one with an unknown id', async () => {
        const run = makeRun();
        await store.runs.finish([run]);
        const late = { text: 'late', reasoning: '', usage: {}, costUsd: undefined };
        await store.runs.saveProgress([
          { id: run.id, ...late },
          { id: 'nobody', ...late },
        ]);
        expect(await store.runs.get(run.id)).toStrictEqual(run);
        expect(await list()).toEqual([run.id]);
      });

      it('marks only streaming runs with an old heartbeat as interrupted, and keeps their text', async () => {
        const [dead, alive, done] = [makeStreamingRun(), makeStreamingRun(), makeRun()];
        under.setNow(10_000);
        await store.runs.start([dead, alive]);
        await store.runs.finish([done]);
        const progress = { text: 'so far', reasoning: '', usage: {}, costUsd: undefined };
        await store.runs.saveProgress([{ id: dead.id, ...progress }]);
        under.setNow(20_000);
        await store.runs.saveProgress([{ id: alive.id, ...progress }]);
        expect(await store.runs.markInterrupted(15_000)).toEqual([dead.id]);
        expect(await store.runs.get(dead.id)).toMatchObject({ state: 'interrupted', text: 'so far', endedAt: 10_000 });
        expect(await store.runs.get(alive.id)).toMatchObject({ state: 'streaming' });
        expect(await store.runs.get(done.id)).toStrictEqual(done);
        expect(await store.runs.markInterrupted(15_000)).toEqual([]);
      });

      it('treats an interrupted run that reports again as active', async () => {
        const run = makeStreamingRun();
        await store.runs.start([run]);
        await store.runs.markInterrupted(Number.MAX_SAFE_INTEGER);
        await store.runs.saveProgress([{ id: run.id, text: 'back', reasoning: '', usage: {}, costUsd: undefined }]);
        expect(await store.runs.get(run.id)).toStrictEqual({ ...run, text: 'back' });
      });
    });

    describe('history', () => {
      it('lists the newest first, without the long fields', async () => {
        const runs = [makeRun(), makeRun(), makeRun()];
        await store.runs.finish(runs);
        const listed = await store.runs.list({ limit: 2 });
        expect(listed.map((run) => run.id)).toEqual([runs[2]?.id, runs[1]?.id]);
        const { messages, reasoning, message, rawRequest, rawResponse, output, input, ...summary } =
          runs[2] as RunRecord;
        expect(listed[0]).toStrictEqual(summary);
        expect([messages, reasoning, message, rawRequest, rawResponse, output, input]).not.toContain(undefined);
      });

      it('pages through runs of the same time without losing or repeating any, while new ones are added', async () => {
        const runs = Array.from({ length: 25 }, (_, n) => makeRun({ startedAt: n < 5 ? 400 : 500 }));
        await store.runs.finish(runs);
        const seen: string[] = [];
        let before: { startedAt: number; id: string } | undefined;
        while (true) {
          const page = await store.runs.list(before ? { limit: 7, before } : { limit: 7 });
          const last = page.at(-1);
          if (!last) break;
          seen.push(...page.map((run) => run.id));
          before = { startedAt: last.startedAt, id: last.id };
          await store.runs.finish([makeRun({ startedAt: 600 })]);
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect([...seen].sort()).toEqual(runs.map((run) => run.id).sort());
      });

      it('lists nothing for a limit of 0', async () => {
        await store.runs.finish([makeRun()]);
        expect(await store.runs.list({ limit: 0 })).toEqual([]);
      });

      it('filters by prompt, model, state, dates and rating, alone and together', async () => {
        const base = { promptPath: 'a.prompt', model: 'demo/a', startedAt: 100 };
        const a = makeRun({ ...base, id: 'a', rating: 'up' });
        const b = makeRun({ ...base, id: 'b', promptPath: 'b.prompt', rating: 'down', startedAt: 200 });
        const c = makeRun({ ...base, id: 'c', model: 'demo/c', state: 'failed', startedAt: 300 });
        const d = makeRun({ ...base, id: 'd', promptPath: undefined, state: 'stopped', startedAt: 400 });
        await store.runs.finish([a, b, c, d]);
        expect(await list({ promptPath: 'a.prompt' })).toEqual(['c', 'a']);
        expect(await list({ model: 'demo/c' })).toEqual(['c']);
        expect(await list({ state: 'failed' })).toEqual(['c']);
        expect(await list({ rating: 'any' })).toEqual(['b', 'a']);
        expect(await list({ rating: 'down' })).toEqual(['b']);
        expect(await list({ since: 200, until: 300 })).toEqual(['c', 'b']);
        expect(await list({ model: 'demo/a', rating: 'any', until: 150, state: 'done' })).toEqual(['a']);
        expect(await list({ promptPath: '' })).toEqual([]);
      });

      it('lists the existing models and prompts, sorted', async () => {
        await store.runs.finish([
          makeRun({ model: 'z/z', promptPath: 'z.prompt' }),
          makeRun({ model: 'a/a', promptPath: undefined }),
          makeRun({ model: 'z/z', promptPath: 'b.prompt' }),
        ]);
        expect(await store.runs.distinctValues()).toEqual({
          models: ['a/a', 'z/z'],
          promptPaths: ['b.prompt', 'z.prompt'],
        });
      });

      it('sums the known costs since a time, without simulated ones', async () => {
        const model = 'openai/gpt-6';
        await store.runs.finish([
          makeRun({ model, startedAt: 100, costUsd: 5 }),
          makeRun({ model, startedAt: 200, costUsd: 0.25 }),
          makeRun({ model, startedAt: 300, costUsd: 0.5 }),
          makeRun({ model, startedAt: 300, costUsd: undefined }),
          makeRun({ model: 'demo/swift', startedAt: 300, costUsd: 7 }),
        ]);
        expect(await store.ledger.spentUsd(200)).toBe(0.75);
        expect(await store.ledger.spentUsd(400)).toBe(0);
      });
    });

    describe('search', () => {
      beforeEach(async () => {
        await store.runs.finish([
          makeRun({ id: 's1', promptName: 'churn', text: 'The café says "stay": risk_level=low, C++ & 100%.' }),
          makeRun({ id: 's2', promptName: 'summary', text: 'A customer who may leave, perhaps.' }),
          makeRun({ id: 's3', promptName: 'übersicht', text: '顧客は解約しない。次の更新も期待できる。' }),
        ]);
      });
      const cases: [what: string, search: string, found: string[]][] = [
        ['a word of an answer', 'customer', ['s2']],
        ['a word in any case, with or without accents', 'CAFE', ['s1']],
        ['the beginning of a word', 'custo', ['s2']],
        ['every word of several, in any order', 'leave customer', ['s2']],
        ['only runs with all of the words', 'customer café', []],
        ["a prompt's name", 'ubersicht', ['s3']],
        ['a word of the name with one of the answer', 'churn stay', ['s1']],
        ['a phrase', '"may leave"', ['s2']],
        ['no phrase in another order', '"leave may"', []],
        ['an unclosed quote', '"customer', ['s2']],
        ['a column filter as a word', 'answer:customer', []],
        ['operators as words', 'customer NOT leave', []],
        ['words with symbols', 'risk_level=low', ['s1']],
        ['brackets, stars and carets', 'customer* (leave)^', ['s2']],
        ['only symbols, as text', '++', ['s1']],
        ['text without spaces between words', '解約', ['s3']],
        ['everything for an empty search', '  ', ['s3', 's2', 's1']],
        ['null bytes as spaces', 'customer\0leave', ['s2']],
      ];
      for (const [what, search, found] of cases) {
        it(`finds ${what}`, async () => {
          expect(await list({ search })).toEqual(found);
        });
      }

      it('never fails, for any input', async () => {
        const odd = [
          '"',
          '""',
          '*',
          '-',
          'a"b',
          "it's",
          '{a b}',
          'NEAR(a b)',
          '\ud800',
          'a OR',
          '^',
          "'; DROP TABLE runs",
        ];
        for (const search of odd) await list({ search });
        expect(await list()).toHaveLength(3);
      });

      it('can be combined with other filters and with pages', async () => {
        await store.runs.finish([makeRun({ id: 's4', text: 'customer', model: 'demo/other' })]);
        expect(await list({ search: 'customer', model: 'demo/other' })).toEqual(['s4']);
        const [first] = await store.runs.list({ filter: { search: 'customer' }, limit: 1 });
        const before = { startedAt: first?.startedAt ?? 0, id: first?.id ?? '' };
        const rest = await store.runs.list({ filter: { search: 'customer' }, limit: 9, before });
        expect(rest.map((run) => run.id)).toEqual(['s2']);
      });

      it('follows an answer that has changed since it was found', async () => {
        const run = makeStreamingRun({ id: 's5' });
        await store.runs.start([run]);
        await store.runs.saveProgress([{ id: 's5', text: 'early', reasoning: '', usage: {}, costUsd: undefined }]);
        expect(await list({ search: 'early' })).toEqual(['s5']);
        await store.runs.finish([makeRun({ id: 's5', text: 'later' })]);
        expect(await list({ search: 'early' })).toEqual([]);
        expect(await list({ search: 'later' })).toEqual(['s5']);
      });
    });

    describe('ratings and values', () => {
      it('rates, changes and clears a rating', async () => {
        const run = makeRun();
        await store.runs.finish([run]);
        await store.runs.rate(run.id, { rating: 'down', note: 'wrong\0' });
        expect(await store.runs.get(run.id)).toMatchObject({ rating: 'down', note: 'wrong\0' });
        await store.runs.rate(run.id, { rating: undefined, note: undefined });
        expect(await store.runs.get(run.id)).toStrictEqual(run);
      });

      it('keeps a rating from while the run was still streaming', async () => {
        const run = makeStreamingRun();
        await store.runs.start([run]);
        await store.runs.rate(run.id, { rating: 'up', note: 'early' });
        await store.runs.finish([makeRun({ id: run.id })]);
        expect(await store.runs.get(run.id)).toMatchObject({ state: 'done', rating: 'up', note: 'early' });
      });

      it('stores small values by key, and deletes one set to undefined', async () => {
        const value = { inputs: ['a\0', null, 1.5], nested: { '': false } };
        await store.state.set('panel', value);
        await store.state.set('other', null);
        expect(await store.state.get('panel')).toEqual(value);
        expect(await store.state.get('other')).toBeNull();
        await store.state.set('panel', 'new');
        expect(await store.state.get('panel')).toBe('new');
        await store.state.set('panel', undefined);
        expect(await store.state.get('panel')).toBeUndefined();
      });
    });

    describe('purging', () => {
      it('deletes older runs, but not those still streaming, nor rated ones if requested', async () => {
        const run = (id: string, overrides: Partial<RunRecord>) => makeRun({ id, startedAt: 100, ...overrides });
        await store.runs.finish([
          run('old', {}),
          run('rated', { rating: 'up' }),
          run('running', { state: 'streaming' }),
          run('new', { startedAt: 200 }),
        ]);
        expect(await store.runs.purge({ olderThan: 200, keepRated: true })).toBe(1);
        expect((await list()).sort()).toEqual(['new', 'rated', 'running']);
        expect(await store.runs.purge({ olderThan: 200, keepRated: false })).toBe(1);
        expect((await list()).sort()).toEqual(['new', 'running']);
        expect(await store.runs.purge({ olderThan: 200, keepRated: false })).toBe(0);
      });

      it('returns the space, and search no longer finds deleted runs', async () => {
        const text = 'walrus and carpenter '.repeat(400);
        await store.runs.finish(Array.from({ length: 1200 }, () => makeRun({ startedAt: 100, text })));
        expect(await list({ search: 'walrus' })).toHaveLength(100);
        const { sizeBytes } = await store.status();
        expect(await store.runs.purge({ olderThan: 200, keepRated: true })).toBe(1200);
        expect((await store.status()).sizeBytes).toBeLessThan(sizeBytes / 10);
        expect(await list({ search: 'walrus' })).toEqual([]);
      });
    });

    describe('closing', () => {
      it('reports the number of its runs and its size', async () => {
        await store.runs.finish([makeRun(), makeRun()]);
        const status = await store.status();
        expect(status.runs).toBe(2);
        expect(status.sizeBytes).toBeGreaterThan(0);
      });

      it('may be repeated, and later calls are rejected with a reason', async () => {
        await store.close();
        await store.close();
        await expect(store.runs.get('x')).rejects.toMatchObject({
          code: 'store',
          message: expect.stringContaining('closed'),
        });
      });

      it('rejects values that are not plain data, and continues', async () => {
        await expect(store.state.set('f', () => 1)).rejects.toMatchObject({ code: 'store' });
        expect(await store.state.get('f')).toBeUndefined();
      });
    });
  });
}
