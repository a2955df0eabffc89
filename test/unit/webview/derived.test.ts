import { describe, expect, it } from 'vitest';
import { bestOf, differsInLiveFigures, repeatsOf, shownRun, totalsOf } from '../../../webview/compare/derived.ts';
import { type Column, stateOfSnapshot } from '../../../webview/compare/state.ts';
import { aColumn, aRun, aSnapshot } from '../../ui/webview-harness/snapshots.ts';

type RunChanges = NonNullable<Parameters<typeof aRun>[0]>;

function columnsOf(...columns: RunChanges[][]): Column[] {
  const views = columns.map((runs, index) => {
    const id = `c${index}`;
    return aColumn(id, `demo/${id}`, {
      runs: runs.map((run, at) => aRun({ runId: `${id}-${at}`, repeat: at, ...run })),
    });
  });
  return stateOfSnapshot(aSnapshot(views)).columns;
}

const figures = (elapsedMs: number, totalUsd: number | undefined, estimated = false) => ({
  usage: { inputTokens: 100, outputTokens: 50 },
  usageEstimated: estimated,
  cost: { totalUsd },
  ttftMs: elapsedMs / 10,
  elapsedMs,
  tokensPerSecond: 50_000 / elapsedMs,
});

describe('figures derived from the runs', () => {
  it('mark the best of each figure, and name no winner on a tie', () => {
    const columns = columnsOf(
      [{ figures: figures(900, 0.02) }],
      [{ figures: figures(1200, 0.01) }],
      [{ figures: figures(1500, 0.01) }],
    );
    const best = bestOf(columns);
    expect([...best].map(([id, names]) => [id, [...names].sort()])).toEqual([['c0', ['elapsed', 'rate', 'ttft']]]);
    expect(totalsOf(columns, best)).toMatchObject({ fastest: { id: 'c0' }, cheapest: undefined });
  });

  it('treat means that differ by floating-point noise as a tie', () => {
    const columns = columnsOf(
      [{ figures: figures(900, 0.1) }, { figures: figures(900, 0.2) }, { figures: figures(900, 0.3) }],
      [{ figures: figures(900, 0.3) }, { figures: figures(900, 0.2) }, { figures: figures(900, 0.1) }],
    );
    expect(bestOf(columns).size).toBe(0);
    const free = columnsOf([{ figures: figures(900, 0) }], [{ figures: figures(800, 0) }]);
    expect([...(bestOf(free).get('c1') ?? [])].sort()).toEqual(['elapsed', 'rate', 'ttft']);
    expect(totalsOf(free, bestOf(free)).cheapest).toBeUndefined();
  });

  it('mark nothing while fewer than two columns have finished, and never a stopped or failed run', () => {
    expect(bestOf(columnsOf([{ figures: figures(900, 0.02) }], [{ state: 'streaming' }])).size).toBe(0);
    const stopped = columnsOf(
      [{ state: 'stopped', figures: figures(1, 0) }],
      [{ figures: figures(9, 1) }],
      [{ figures: figures(8, 2) }],
    );
    expect(bestOf(stopped).has('c0')).toBe(false);
  });

  it('treat an unknown cost as unknown: neither cheapest nor part of the sum', () => {
    const columns = columnsOf([{ figures: figures(900, undefined) }], [{ figures: figures(950, 0.02) }]);
    const totals = totalsOf(columns, bestOf(columns));
    expect(totals).toMatchObject({ costUsd: 0.02, unpriced: 1, tokens: 300, cheapest: undefined });
    expect(totals.fastest?.id).toBe('c0');
  });

  it('keep simulated and paid costs separate', () => {
    const demo = aColumn('c0', 'demo/swift', { runs: [aRun({ runId: 'a', figures: figures(900, 0.0065) })] });
    const real = aColumn('c1', 'openai/gpt', { runs: [aRun({ runId: 'b', figures: figures(900, 0.0123, true) })] });
    const { columns } = stateOfSnapshot(aSnapshot([demo, real]));
    expect(totalsOf(columns, new Map()).cost).toEqual({
      paid: { usd: 0.0123, estimated: true },
      simulated: { usd: 0.0065, estimated: false },
    });
  });

  it('have no sum if no cost is known', () => {
    const columns = columnsOf([{ figures: figures(900, undefined) }]);
    expect(totalsOf(columns, bestOf(columns)).costUsd).toBeUndefined();
  });

  it('mark a sum with an estimate as an estimate', () => {
    const columns = columnsOf([{ figures: figures(900, 0.02, true) }], [{ figures: figures(900, 0.01) }]);
    expect(totalsOf(columns, new Map()).estimated).toBe(true);
  });

  it('leave a run that failed before its answer out of the sum: nothing was spent on it', () => {
    const noKey = { ...figures(0, undefined, true), usage: { inputTokens: 9 } };
    const columns = columnsOf([{ state: 'failed', figures: noKey }], [{ figures: figures(900, 0.01) }]);
    expect(totalsOf(columns, new Map())).toMatchObject({
      costUsd: 0.01,
      unpriced: 0,
      tokens: 150,
      estimated: false,
      ended: 2,
    });
  });

  it('use the mean of finished repeats only', () => {
    const [column] = columnsOf([
      { figures: figures(1000, 0.01) },
      { figures: figures(3000, 0.03) },
      { state: 'failed', figures: figures(9, 9) },
    ]);
    if (!column) throw new Error('no column');
    expect(repeatsOf(column)).toMatchObject({ finished: 2, of: 3, elapsedMs: { mean: 2000 }, costUsd: { mean: 0.02 } });
  });

  it('show the chosen repeat, otherwise the active one, otherwise the last', () => {
    const [column] = columnsOf([{}, { state: 'streaming' }, { state: 'waiting' }]);
    if (!column) throw new Error('no column');
    expect(shownRun(column, 'c0-0')?.runId).toBe('c0-0');
    expect(shownRun(column, undefined)?.runId).toBe('c0-1');
    expect(shownRun(column, 'gone')?.runId).toBe('c0-1');
    expect(shownRun({ ...column, runs: [] }, undefined)).toBeUndefined();
  });
});

describe('a column that differs only in live figures', () => {
  const [streaming] = columnsOf([{ state: 'done' }, { state: 'streaming', figures: figures(900, 0.02) }]) as [Column];
  const [done, live] = streaming.runs as [Column['runs'][0], Column['runs'][0]];

  it('has later figures of a run in progress, and nothing else changed', () => {
    const later = { ...streaming, runs: [done, { ...live, figures: figures(1200, 0.03) }] };
    expect(differsInLiveFigures(streaming, later)).toBe(true);
  });

  it.each<[string, Column]>([
    ['the figures of an ended run', { ...streaming, runs: [{ ...done, figures: figures(1, 1) }, live] }],
    ['the state of the run', { ...streaming, runs: [done, { ...live, state: 'done' }] }],
    ['a further run', { ...streaming, runs: [...streaming.runs, live] }],
    ['the model', { ...streaming, model: 'demo/other' }],
  ])('is not one where this changed: %s', (_, changed) => {
    expect(differsInLiveFigures(streaming, changed)).toBe(false);
  });
});
