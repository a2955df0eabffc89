import { describe, expect, it } from 'vitest';
import type { GateSpec } from '../../../src/core/evals/file/eval-spec.ts';
import { checkGates, type GatedResult } from '../../../src/core/evals/gates/check-gates.ts';
import type { EvalColumn, EvalMetric, MetricResult } from '../../../src/core/store/evals/eval-record.ts';

const COLUMN: EvalColumn = {
  prompt: 'ask',
  promptPath: undefined,
  version: undefined,
  sourceHash: undefined,
  contentHash: undefined,
  model: 'demo/echo',
  parameters: {},
  isBaseline: false,
  baselineColumn: undefined,
  simulated: true,
};
const EQUALS: EvalMetric = {
  name: 'equals',
  id: 'equals',
  title: 'equals',
  scale: 'yes-no',
  direction: 'higher',
  threshold: 1,
  weight: 1,
  hash: '',
};
const EDITS: EvalMetric = { ...EQUALS, name: 'edits', scale: 'count', direction: 'lower', threshold: undefined };

function measured(fields: Partial<MetricResult>): MetricResult {
  return {
    metric: 'equals',
    column: 0,
    mean: 0.9,
    interval: [0.8, 0.95],
    n: 20,
    missing: 0,
    baseline: undefined,
    ...fields,
  };
}

function against(fields: Partial<NonNullable<MetricResult['baseline']>>): MetricResult['baseline'] {
  return {
    mean: 0.9,
    difference: -0.1,
    interval: undefined,
    p: 0.01,
    verdict: 'worse',
    smallestDetectable: undefined,
    n: 20,
    ...fields,
  };
}

function check(gate: GateSpec, fields: Partial<GatedResult> = {}) {
  const matrix = {
    cases: 2,
    columns: 1,
    repeats: 2,
    states: new Uint8Array(4),
    scores: new Float32Array(4),
    values: [Float64Array.of(1, 1, 1, 0), Float64Array.of(1, 2, 3, 4)],
    latencyMs: Float64Array.of(100, 300, 200, Number.NaN),
    costUsd: new Float64Array(4),
    isCached: new Uint8Array(4),
    passed: [Uint8Array.of(1, 1, 1, 2), new Uint8Array(4)],
    answerCostUsd: new Float64Array(4),
  };
  const result: GatedResult = {
    columns: [COLUMN],
    metrics: [EQUALS, EDITS],
    results: [measured({})],
    matrix,
    totals: { costUsd: 0.5, inputTokens: 1, outputTokens: 1 },
    level: 0.95,
    ...fields,
  };
  return checkGates([gate], result)[0];
}

const threshold = (limit: number, fields: object = {}): GateSpec => {
  return { kind: 'threshold', metric: 'equals', threshold: limit, on: 'mean', strict: false, ...fields } as GateSpec;
};
const margin = (limit: number, strict = false): GateSpec => ({
  kind: 'margin',
  metric: 'equals',
  margin: limit,
  strict,
});

describe('a threshold', () => {
  it('holds at the mean, or at the worse end of the interval', () => {
    expect(check(threshold(0.9))).toMatchObject({ gate: 'equals>=0.9', passed: true });
    expect(check(threshold(0.91))).toMatchObject({
      passed: false,
      reason: expect.stringContaining('90% over 20 cases'),
    });
    expect(check(threshold(0.85, { on: 'interval' }))).toMatchObject({
      gate: 'equals>=0.85 (interval)',
      passed: false,
    });
    expect(check(threshold(0.8, { on: 'interval' }))).toMatchObject({ passed: true });
  });

  it('is not certain of a pass rate only because all scores are equal', () => {
    const all = [measured({ mean: 1, interval: [1, 1], n: 18, groups: 6 })];
    // Wilson: 6 / (6 + 1.96²)
    expect(check(threshold(0.99, { on: 'interval' }), { results: all })).toMatchObject({
      passed: false,
      reason:
        'The lower end of the interval of equals (Wilson over 6 groups, because all scores are equal) is 61%; at least 99% is required.',
    });
    expect(check(threshold(0.6, { on: 'interval' }), { results: all })).toMatchObject({ passed: true });
    const repeated = [measured({ mean: 0, interval: [0, 0], n: 6 })];
    expect(check(threshold(0, { on: 'interval' }), { results: repeated })).toMatchObject({
      passed: true,
      reason: expect.stringContaining('Wilson over 6 cases'),
    });
  });

  it('never shows a value that fails as its limit', () => {
    const results = [measured({ mean: 0.985 })];
    expect(check(threshold(0.99), { results })).toMatchObject({
      passed: false,
      reason: 'equals is 98.5% over 20 cases; at least 99% is required.',
    });
  });

  it('is an upper limit where less is better', () => {
    const results = [measured({ metric: 'edits', mean: 3, interval: [2, 4] })];
    expect(check(threshold(3, { metric: 'edits' }), { results })).toMatchObject({ gate: 'edits<=3', passed: true });
    expect(check(threshold(3, { metric: 'edits', on: 'interval' }), { results })).toMatchObject({ passed: false });
  });

  it('fails without a score, and only warns without an interval unless it is strict', () => {
    const none = [measured({ mean: undefined, interval: undefined, n: 0, missing: 20 })];
    expect(check(threshold(0), { results: none })).toMatchObject({ passed: false });
    const one = [measured({ interval: undefined, n: 1 })];
    expect(check(threshold(0.5, { on: 'interval' }), { results: one })).toMatchObject({ passed: null });
    expect(check(threshold(0.5, { on: 'interval', strict: true }), { results: one })).toMatchObject({ passed: false });
  });

  it('holds only if it does in every column that is no baseline, and names those where it does not', () => {
    const columns = [COLUMN, { ...COLUMN, model: 'demo/swift' }, { ...COLUMN, isBaseline: true }];
    const results = [measured({}), measured({ column: 1, mean: 0.5 }), measured({ column: 2, mean: 0 })];
    const found = check(threshold(0.8), { columns, results });
    expect(found).toMatchObject({
      passed: false,
      reason: expect.stringMatching(/^ask on demo\/swift: equals is 50%/),
    });
    expect(found?.reason).not.toContain('demo/echo');
    expect(check(threshold(0.5), { columns, results })).toMatchObject({ passed: true, reason: 'All 2 columns pass.' });
  });
});

describe('a margin', () => {
  it('allows a metric to be so much worse than the baseline', () => {
    const results = [measured({ baseline: against({}) })];
    expect(check(margin(0.1), { results })).toMatchObject({ passed: true });
    expect(check(margin(0.05), { results })).toMatchObject({
      passed: false,
      reason: expect.stringContaining('90% to 80%'),
    });
    const better = [measured({ baseline: against({ difference: 0.5, verdict: 'better' }) })];
    expect(check(margin(0), { results: better })).toMatchObject({ passed: true });
  });

  it('warns for too few cases, and fails for them if it is strict', () => {
    const results = [measured({ baseline: against({ n: 3, verdict: 'too-few-cases' }) })];
    expect(check(margin(0.05), { results })).toMatchObject({
      passed: null,
      reason: expect.stringContaining('3 cases'),
    });
    expect(check(margin(0.05, true), { results })).toMatchObject({ passed: false });
    expect(check(margin(0.05))).toMatchObject({ passed: null, reason: expect.stringContaining('not compared') });
    const columns = [COLUMN, { ...COLUMN, prompt: 'new' }];
    const results2 = [
      measured({ baseline: against({ difference: 0, verdict: 'no-change-shown' }) }),
      measured({ column: 1 }),
    ];
    expect(check(margin(0), { columns, results: results2 })).toMatchObject({
      passed: null,
      reason: 'new on demo/echo: equals is not compared with a baseline.',
    });
  });
});

describe('a margin over several columns', () => {
  const version = { label: 'v1', commit: 'c' };
  const columns = [{ ...COLUMN, version }, COLUMN];

  it('is about those that are compared with a baseline', () => {
    const results = [measured({}), measured({ column: 1, baseline: against({}) })];
    expect(check(margin(0.1), { columns, results })).toMatchObject({
      passed: true,
      reason: expect.stringMatching(/^equals went/),
    });
    const none = [measured({}), measured({ column: 1 })];
    expect(check(margin(0.1), { columns, results: none })).toMatchObject({
      passed: null,
      reason: 'equals is not compared with a baseline.',
    });
  });

  it('warns for a working copy without one', () => {
    const three = [COLUMN, { ...COLUMN, model: 'demo/swift' }];
    const results = [measured({ baseline: against({}) }), measured({ column: 1 })];
    expect(check(margin(0.1), { columns: three, results })).toMatchObject({
      passed: null,
      reason: 'ask on demo/swift: equals is not compared with a baseline.',
    });
  });
});

it('pass^k is the share of cases in which all of k answers pass', () => {
  const gate = (share: number, k: number): GateSpec => ({ kind: 'pass^k', metric: 'equals', share, k, strict: false });
  expect(check(gate(0.5, 2))).toMatchObject({ gate: 'pass^k(equals)>=0.5 (k=2)', passed: true });
  expect(check(gate(0.75, 1))).toMatchObject({
    passed: true,
    reason: '1 of 1 answers pass equals in 75% of 2 cases; at least 75% is required.',
  });
  expect(check(gate(0.76, 1))).toMatchObject({ passed: false });
});

it('pass^k needs a metric that passes or fails, by its threshold or by itself', () => {
  const gate: GateSpec = { kind: 'pass^k', metric: 'edits', share: 0.5, k: 2, strict: false };
  const results = [measured({ metric: 'edits' })];
  expect(check(gate, { results })).toMatchObject({ passed: false, reason: expect.stringContaining('no threshold') });
  expect(check(gate, { results, metrics: [EDITS, EQUALS] })).toMatchObject({ passed: true });
});

it('the cost and the latency have limits, and an unknown cost does not hold one', () => {
  const cost: GateSpec = { kind: 'costUsd', limit: 0.5, strict: false };
  expect(check(cost)).toMatchObject({ gate: 'costUsd<=0.5', passed: true });
  expect(check({ ...cost, limit: 0.4 })).toMatchObject({ passed: false });
  const sum = { costUsd: 0.1 + 0.2, inputTokens: 1, outputTokens: 1 };
  expect(check({ ...cost, limit: 0.3 }, { totals: sum })).toMatchObject({ passed: true });
  const totals = { costUsd: undefined, inputTokens: 1, outputTokens: 1 };
  expect(check(cost, { totals })).toMatchObject({ passed: false, reason: expect.stringContaining('unknown') });
  const latency = (limit: number, percentile: number): GateSpec => ({
    kind: 'latencyMs',
    limit,
    percentile,
    strict: false,
  });
  expect(check(latency(200, 50))).toMatchObject({ passed: true });
  expect(check(latency(200, 95))).toMatchObject({ passed: false, reason: expect.stringContaining('300 ms') });
});
