import path from 'node:path';
import type {
  EvalColumn,
  EvalMetric,
  EvalRecord,
  MetricResult,
  Verdict,
} from '../../src/core/store/evals/eval-record.ts';

interface RecordOptions {
  id?: string;
  name?: string;
  cases: number;
  repeats: number;
  startedAt?: number;
  changes?: Partial<EvalRecord>;
}

/** The record of an evaluation that is done: two versions of a prompt on a demo model, by three metrics. */
export function recordOf(folder: string, { cases, repeats, changes, ...given }: RecordOptions): EvalRecord {
  const { id = 'evaluation-1', name = 'churn quality', startedAt = Date.UTC(2026, 10, 28, 12) } = given;
  return {
    id,
    name,
    file: 'evals/churn.eval.yaml',
    state: 'done',
    startedAt,
    endedAt: startedAt + 72_000,
    simulated: true,
    columns: [
      columnOf({ version: { label: 'production', commit: 'ef'.repeat(20) }, isBaseline: true }),
      columnOf({ baselineColumn: 0 }),
    ],
    metrics: [
      metricOf('schemaValid', { title: 'Matches the output schema', scale: 'yes-no', threshold: 1 }),
      metricOf('rougeL', { title: 'ROUGE-L', scale: '0-1', threshold: 0.4 }),
      metricOf('latencyMs', { title: 'Latency', scale: 'count', direction: 'lower' }),
    ],
    repeats,
    counts: { cases, cells: cases * 2 * repeats, passed: 0, failed: 0, errors: 0, cached: 0 },
    totals: { costUsd: undefined, inputTokens: undefined, outputTokens: undefined },
    summary: {
      metrics: [
        compared('rougeL', [0.91, 0.84], 'worse', 0.01),
        compared('schemaValid', [0.99, 1], 'no-change-shown', 0.25),
        compared('latencyMs', [1200, 900], 'better', 0.0004),
      ],
      gates: [{ gate: 'schemaValid >= 0.95', passed: true, reason: 'The mean is 1.' }],
      unmatched: undefined,
    },
    baselineId: undefined,
    isPinned: false,
    error: undefined,
    plan: planOf(folder),
    ...changes,
  };
}

function columnOf(changes: Partial<EvalColumn>): EvalColumn {
  return {
    prompt: 'churn-analysis',
    promptPath: 'prompts/churn-analysis.prompt',
    version: undefined,
    sourceHash: 'ab'.repeat(32),
    contentHash: 'cd'.repeat(32),
    model: 'demo/swift',
    parameters: {},
    isBaseline: false,
    baselineColumn: undefined,
    simulated: true,
    ...changes,
  };
}

function metricOf(name: string, changes: Pick<EvalMetric, 'title' | 'scale'> & Partial<EvalMetric>): EvalMetric {
  return { name, id: name, direction: 'higher', threshold: undefined, weight: 1, hash: name, ...changes };
}

function compared(metric: string, [before, after]: [number, number], verdict: Verdict, p: number): MetricResult {
  const difference = after - before;
  const baseline = { mean: before, difference, interval: undefined, p, verdict, smallestDetectable: undefined, n: 200 };
  return { metric, column: 1, mean: after, interval: undefined, n: 200, missing: 0, baseline };
}

/** As far as the panel reads it: where the cases are, and the prompts as they were run. */
function planOf(folder: string) {
  const source = (text: string) => ({ kind: 'prompt', source: `---\nmodel: demo/swift\n---\n${text}\n` });
  return {
    spec: {
      path: path.join(folder, 'evals/churn.eval.yaml'),
      confidence: { level: 0.95, method: 't', seed: 0 },
      datasets: [{ file: path.join(folder, 'evals/data/churn.jsonl'), written: 'data/churn.jsonl', columns: {} }],
    },
    sources: [source('Will this customer leave?'), source('Will this customer leave soon? Answer in one sentence.')],
  };
}
