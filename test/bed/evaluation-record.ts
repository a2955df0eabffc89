import path from 'node:path';
import type { EvalSpec } from '../../src/core/evals/file/eval-spec.ts';
import type { ColumnSource } from '../../src/core/evals/plan/column-source.ts';
import type { StoredPlan } from '../../src/core/evals/run/eval-plan.ts';
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
    workedMs: 72_000,
    workingSince: undefined,
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

/** As every result has it: the specification of its file, and the prompts as they were run. */
function planOf(folder: string): StoredPlan {
  const file = path.join(folder, 'prompts/churn-analysis.prompt');
  const source = (revision: string | undefined, text: string): ColumnSource => {
    const whole = `---\nmodel: demo/swift\n---\n${text}\n`;
    return { kind: 'prompt', file, revision, source: whole, files: {}, model: 'demo/swift', parameters: {} };
  };
  return {
    spec: specOf(folder, file),
    cases: undefined,
    sources: [
      source('ef'.repeat(20), 'Will this customer leave?'),
      source(undefined, 'Will this customer leave soon? Answer in one sentence.'),
    ],
  };
}

function specOf(folder: string, file: string): EvalSpec {
  const prompt = (ref: string | undefined) => {
    const written = '../prompts/churn-analysis.prompt';
    return { written: ref === undefined ? written : `${written}@${ref}`, file, prompt: 'churn-analysis', ref };
  };
  const metric = (id: string, direction: 'higher' | 'lower' = 'higher', threshold?: number) => {
    return { name: id, id, direction, parameters: {}, path: undefined, weight: 1, threshold };
  };
  return {
    path: path.join(folder, 'evals/churn.eval.yaml'),
    name: 'churn quality',
    description: undefined,
    prompts: [prompt('production'), prompt(undefined)],
    models: [],
    targets: [],
    datasets: [{ file: path.join(folder, 'evals/data/churn.jsonl'), written: 'data/churn.jsonl', columns: {} }],
    metrics: [metric('schemaValid'), metric('rougeL', 'higher', 0.4), metric('latencyMs', 'lower')],
    repeats: 1,
    judge: undefined,
    embedder: undefined,
    baseline: { ref: 'production' },
    gates: [{ kind: 'threshold', metric: 'schemaValid', threshold: 0.95, on: 'mean', strict: false }],
    concurrency: 8,
    budgetUsd: undefined,
    cache: 'read',
    sample: undefined,
    confidence: { level: 0.95, method: 't', seed: 0 },
    maxErrors: 0,
  };
}
