import type { EvalMatrix, EvalMetric, EvalRecord } from '../../core/store/evals/eval-record.ts';
import type { EvaluationFigures } from '../../protocol/evaluation.ts';
import { columnTitle } from '../../shared/column-title.ts';
import { studentInterval } from '../../shared/intervals.ts';
import { momentsOf } from '../../shared/statistics.ts';
import type { ResultStore } from './result-store.ts';

const BINS = 20;
const MAX_TAGS = 20;
const MAX_TREND = 50;
const CONFIDENCE = 0.95;

/** What the charts show of one metric, or of the cells' score. */
export async function readFigures(
  store: ResultStore,
  record: EvalRecord,
  metric: string | undefined,
): Promise<EvaluationFigures> {
  const index = record.metrics.findIndex(({ name }) => name === metric);
  const matrix = await store.matrix(record.id);
  const scores = record.columns.map((_, column) => caseScores(matrix, index, column));
  return {
    metric: record.metrics[index]?.name,
    columns: scores.map((values, column) => ({
      costUsd: meanAt(matrix.answerCostUsd, matrix, column),
      latencyMs: meanAt(matrix.latencyMs, matrix, column),
      mean: meanOfKnown(values),
      passRate: passRate(matrix, column),
      passes: passes(record.metrics, matrix, column),
    })),
    bins: countBins(scores, record.metrics[index]),
    tags: await readTags(store, record.id, scores),
    trend: await readTrend(store, record, metric),
  };
}

/** The score of each case in a column, the mean of its repeats; NaN without one. */
function caseScores(matrix: EvalMatrix, metric: number, column: number): Float64Array {
  const values = metric < 0 ? matrix.scores : matrix.values[metric];
  const means = new Float64Array(matrix.cases).fill(Number.NaN);
  if (!values) return means;
  for (let place = 0; place < matrix.cases; place += 1) {
    let [sum, known] = [0, 0];
    const start = (place * matrix.columns + column) * matrix.repeats;
    for (let at = start; at < start + matrix.repeats; at += 1) {
      const value = values[at] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      known += 1;
    }
    if (known > 0) means[place] = sum / known;
  }
  return means;
}

function* cellsOfColumn({ cases, columns, repeats }: EvalMatrix, column: number): Generator<number> {
  for (let place = 0; place < cases; place += 1) {
    const start = (place * columns + column) * repeats;
    for (let at = start; at < start + repeats; at += 1) yield at;
  }
}

function meanAt(values: Float64Array, matrix: EvalMatrix, column: number): number | undefined {
  let [sum, known] = [0, 0];
  for (const at of cellsOfColumn(matrix, column)) {
    const value = values[at] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? undefined : sum / known;
}

function passRate(matrix: EvalMatrix, column: number): number | undefined {
  let [passed, finished] = [0, 0];
  for (const at of cellsOfColumn(matrix, column)) {
    if (matrix.states[at] === 0) continue;
    finished += 1;
    if (matrix.states[at] === 1) passed += 1;
  }
  return finished === 0 ? undefined : passed / finished;
}

function meanOfKnown(values: Float64Array): number | undefined {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? undefined : momentsOf(known).mean;
}

/** On average, by each metric that has a threshold. Undefined if none has one, or a mean is unknown. */
function passes(metrics: readonly EvalMetric[], matrix: EvalMatrix, column: number): boolean | undefined {
  const outcomes = metrics.flatMap(({ threshold, direction }, index) => {
    if (threshold === undefined) return [];
    const mean = meanOfKnown(caseScores(matrix, index, column));
    return [mean === undefined ? undefined : direction === 'higher' ? mean >= threshold : mean <= threshold];
  });
  if (outcomes.length === 0 || outcomes.includes(undefined)) return undefined;
  return outcomes.every((outcome) => outcome);
}

const FIXED_RANGE: Partial<Record<EvalMetric['scale'], [number, number]>> = {
  'yes-no': [0, 1],
  '0-1': [0, 1],
  '0-100': [0, 100],
};

/** Equal bins over the scale of the metric, or over its values if it has none. */
function countBins(scores: readonly Float64Array[], metric: EvalMetric | undefined): EvaluationFigures['bins'] {
  const [low, high] = FIXED_RANGE[metric?.scale ?? '0-1'] ?? rangeOf(scores);
  const width = (high - low) / BINS || 1;
  const counts = Array.from({ length: BINS }, () => scores.map(() => 0));
  for (const [column, values] of scores.entries()) {
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      const bin = counts[Math.max(0, Math.min(BINS - 1, Math.floor((value - low) / width)))];
      if (bin) bin[column] = (bin[column] ?? 0) + 1;
    }
  }
  return counts.map((count, bin) => ({ from: low + bin * width, to: low + (bin + 1) * width, counts: count }));
}

function rangeOf(scores: readonly Float64Array[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of scores) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low > high ? [0, 1] : [low, high];
}

async function readTags(
  store: ResultStore,
  id: string,
  scores: readonly Float64Array[],
): Promise<EvaluationFigures['tags']> {
  const sort = { by: 'number', descending: false } as const;
  const { tags } = await store.listCases(id, { filter: {}, sort });
  return Promise.all(
    tags.slice(0, MAX_TAGS).map(async ({ tag }) => {
      const { places } = await store.listCases(id, { filter: { tag }, sort });
      return { tag, columns: scores.map((values) => meanWithInterval(values, places)) };
    }),
  );
}

function meanWithInterval(values: Float64Array, places: Int32Array) {
  const known = Float64Array.from(places, (place) => values[place] ?? Number.NaN).filter(
    (value) => !Number.isNaN(value),
  );
  if (known.length === 0) return { mean: undefined, interval: undefined, n: 0 };
  const moments = momentsOf(known);
  return { mean: moments.mean, interval: studentInterval(moments, CONFIDENCE), n: known.length };
}

async function readTrend(
  store: ResultStore,
  { file, id, metrics }: EvalRecord,
  metric: string | undefined,
): Promise<EvaluationFigures['trend']> {
  if (file === undefined) return [];
  const name = metric ?? metrics[0]?.name;
  const results = await store.list({ file, limit: MAX_TREND });
  return results
    .filter((result) => result.summary !== undefined || result.id === id)
    .sort((a, b) => a.startedAt - b.startedAt)
    .map(({ id: resultId, startedAt, columns, summary }) => ({
      id: resultId,
      startedAt,
      columns: columns.map((column, index) => ({
        label: columnTitle(column),
        mean: summary?.metrics.find((one) => one.metric === name && one.column === index)?.mean,
      })),
    }));
}
