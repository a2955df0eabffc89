import { describe, expect, it } from 'vitest';
import type { CompareEvent } from '../../../src/protocol/compare.ts';
import { reduce, shownRuns, stateOfSnapshot } from '../../../webview/compare/state.ts';
import { applyBatch } from '../../../webview/shared/follower.ts';
import { aColumn, aRun, aSnapshot, textDelta } from '../../ui/webview-harness/snapshots.ts';

const start = () =>
  stateOfSnapshot(
    aSnapshot([
      aColumn('a', 'demo/swift', { runs: [aRun({ runId: 'a1', text: 'hello', reasoning: 'why' })] }),
      aColumn('b', 'demo/steady'),
    ]),
  );

describe('the state of the Compare panel', () => {
  it('keeps the texts of runs out of the rendered state', () => {
    expect(start().columns[0]?.runs[0]).not.toHaveProperty('text');
    expect(start().columns[0]?.runs[0]).not.toHaveProperty('reasoning');
  });

  it('applies the next batch, and detects an old one and a gap', () => {
    const state = { ...start(), seq: 7 };
    const applied = applyBatch(state, { seq: 8, events: [{ type: 'running', running: true }] }, reduce);
    expect(applied).toMatchObject({ kind: 'applied', state: { seq: 8, running: true } });
    expect(applyBatch(state, { seq: 7, events: [] }, reduce)).toEqual({ kind: 'old' });
    expect(applyBatch(state, { seq: 9, events: [] }, reduce)).toEqual({ kind: 'gap' });
  });

  it('replaces the earlier runs when a run with repeat 0 starts, and adds the others', () => {
    const first = reduce(start(), { type: 'run-start', columnId: 'a', run: aRun({ runId: 'a2', repeat: 0 }) });
    const second = reduce(first, { type: 'run-start', columnId: 'a', run: aRun({ runId: 'a3', repeat: 1 }) });
    expect(second.columns[0]?.runs.map((run) => run.runId)).toEqual(['a2', 'a3']);
  });

  it('does not render for a text-only delta', () => {
    const state = reduce(start(), textDelta('a', 'some', 'a1'));
    expect(reduce(state, textDelta('a', 'more', 'a1'))).toBe(state);
  });

  it('keeps the columns that an event does not affect as the same objects', () => {
    const state = start();
    const next = reduce(state, { type: 'run-patch', runId: 'a1', patch: { state: 'done', rating: 'up' } });
    expect(next.columns[0]?.runs[0]?.rating).toBe('up');
    expect(next.columns[1]).toBe(state.columns[1]);
  });

  it('ends a retry with the first text or the end, although JSON cannot express undefined', () => {
    const error = { code: 'rate-limit' as const, message: 'Too many requests', status: 429 };
    const retry = { attempt: 1, waitMs: 4000, since: 0, error };
    const waiting = reduce(start(), { type: 'run-patch', runId: 'a1', patch: { state: 'waiting', retry } });
    expect(waiting.columns[0]?.runs[0]?.retry).toEqual(retry);
    for (const event of [
      textDelta('a', 'x', 'a1'),
      { type: 'run-patch', runId: 'a1', patch: { state: 'failed' } },
    ] satisfies CompareEvent[]) {
      expect(reduce(waiting, event).columns[0]?.runs[0]?.retry).toBeUndefined();
    }
  });

  it('keeps the runs of remaining columns when columns are added, changed and removed', () => {
    const { runs: _a, ...a } = aColumn('a', 'demo/other');
    const { runs: _c, ...c } = aColumn('c', 'demo/new');
    const next = reduce(start(), { type: 'columns', columns: [c, a] });
    expect(next.columns.map(({ id, model, runs }) => [id, model, runs.length])).toEqual([
      ['c', 'demo/new', 0],
      ['a', 'demo/other', 1],
    ]);
  });

  it('is no longer the history when the host shows another comparison', () => {
    const history = { comparisonId: 'old', startedAt: 1, sourceChanged: false };
    const shown = { ...start(), history, comparisonId: 'old' };
    const next = reduce(shown, { type: 'comparison', comparisonId: 'new' });
    expect(next.history).toBeUndefined();
    expect(next.comparisonId).toBe('new');
  });

  it('is restored after a reload: by its comparison, or by the selected runs', () => {
    const history = { comparisonId: 'old', startedAt: 1, sourceChanged: false };
    expect(shownRuns({ ...start(), history, comparisonId: 'old' })).toEqual({ comparisonId: 'old' });
    expect(shownRuns({ ...start(), comparisonId: 'own' })).toEqual({ comparisonId: 'own' });
    const picked = { ...start(), history: { ...history, comparisonId: undefined } };
    const runIds = picked.columns.flatMap(({ runs }) => runs.map(({ runId }) => runId));
    expect(runIds.length).toBeGreaterThan(0);
    expect(shownRuns(picked)).toEqual({ runIds });
    expect(shownRuns(reduce(picked, { type: 'comparison', comparisonId: 'new' }))).toEqual({ comparisonId: 'new' });
  });

  it('applies every other event unchanged', () => {
    const budget = { spentTodayUsd: 1, perDayUsd: 2, perRunUsd: 3 };
    const turns = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'and?' }] }];
    const estimate = { inputTokens: 9, inputUsd: undefined, ceilingUsd: undefined, maxOutputTokens: undefined };
    let state = start();
    for (const event of [
      { type: 'budget', budget, requestsPerDay: 42 },
      { type: 'repeat', repeat: 5 },
      { type: 'notice', message: 'slow drive' },
      { type: 'turns', columnId: 'b', turns },
      { type: 'estimates', estimates: { b: estimate } },
      { type: 'input', input: { age: 1 }, problems: [{ path: '$.age', message: 'too young' }] },
    ] satisfies CompareEvent[]) {
      state = reduce(state, event);
    }
    expect(state).toMatchObject({ budget, requestsPerDay: 42, repeat: 5, notices: ['slow drive'], input: { age: 1 } });
    expect(state.inputProblems).toHaveLength(1);
    expect(state.columns[1]).toMatchObject({ turns, estimate });
  });
});
