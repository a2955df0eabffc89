import type { EvalColumn, EvalMetric, EvaluationSnapshot, MetricResult } from '../../../../src/protocol/evaluation.ts';

export function column(changes: Partial<EvalColumn> = {}): EvalColumn {
  return {
    prompt: 'churn',
    promptPath: 'prompts/churn.prompt',
    version: undefined,
    sourceHash: undefined,
    contentHash: undefined,
    model: 'demo/swift',
    parameters: {},
    isBaseline: false,
    baselineColumn: undefined,
    simulated: true,
    ...changes,
  };
}

export function metric(name: string, changes: Partial<EvalMetric> = {}): EvalMetric {
  return {
    name,
    id: name,
    title: name,
    scale: '0-1',
    direction: 'higher',
    threshold: undefined,
    weight: 1,
    hash: '',
    ...changes,
  };
}

export function snapshot(changes: Partial<EvaluationSnapshot['result']> = {}): EvaluationSnapshot {
  return {
    seq: 0,
    result: {
      id: 'r1',
      name: 'churn quality',
      file: undefined,
      state: 'done',
      startedAt: 0,
      endedAt: 1000,
      workedMs: 1000,
      workingSince: undefined,
      simulated: true,
      columns: [column({ version: { label: 'v1', commit: 'c' } }), column({ baselineColumn: 0 })],
      metrics: [metric('rougeL', { title: 'ROUGE-L' })],
      repeats: 1,
      counts: { cases: 10, cells: 20, passed: 12, failed: 5, errors: 1, cached: 0 },
      totals: { costUsd: undefined, inputTokens: undefined, outputTokens: undefined },
      baselineId: undefined,
      isPinned: false,
      error: undefined,
      confidence: 0.95,
      ...changes,
    },
    summary: undefined,
    against: undefined,
    control: 'none',
    progress: undefined,
    canRun: true,
    hasFile: false,
    notices: [],
  };
}

export function metricResult(changes: Partial<MetricResult> = {}): MetricResult {
  return {
    metric: 'rougeL',
    column: 1,
    mean: 0.84,
    interval: undefined,
    n: 10,
    missing: 0,
    baseline: undefined,
    ...changes,
  };
}
