import { setImmediate as nextTurn } from 'node:timers/promises';
import { caseScores, groupNumbers } from '../../core/evals/aggregate/case-scores.ts';
import { summarizeScores } from '../../core/evals/aggregate/summarize-scores.ts';
import { confidenceLevel } from '../../core/evals/run/confidence-level.ts';
import { columnScore } from '../../core/store/evals/column-score.ts';
import type { EvalListed, EvalMatrix, EvalMetric, EvalRecord } from '../../core/store/evals/eval-record.ts';
import type { EvaluationFigures } from '../../protocol/evaluation.ts';
import { columnTitle } from '../../shared/column-title.ts';
import type { ResultStore } from './result-store.ts';

const BINS = 20;
const MAX_TAGS = 20;
const MAX_TREND = 50;

/** What the charts show of one metric, or of the cells' score. Other work goes on between its parts. */
export async function readFigures(
  store: ResultStore,
  record: EvalRecord,
  metric: string | undefined,
): Promise<EvaluationFigures> {
  const index = record.metrics.findIndex(({ name }) => name === metric);
  const matrix = await store.matrix(record.id);
  const scores: Float64Array[] = [];
  const columns: EvaluationFigures['columns'] = [];
  for (const column of record.columns.keys()) {
    const values = caseScores(matrix, { metric: index < 0 ? undefined : index, column });
    scores.push(values);
    columns.push({
      ...figuresOf(matrix, column),
      mean: meanOfKnown(values),
      passes: await passes(record, matrix, column),
    });
  }
  await nextTurn();
  return {
    metric: record.metrics[index]?.name,
    columns,
    passesBy: passesBy(record),
    bins: countBins(scores, record.metrics[index]),
    tags: await readTags(store, record, { scores, metric: record.metrics[index] }),
    trend: await readTrend(store, record, metric),
  };
}

function figuresOf(matrix: EvalMatrix, column: number) {
  return {
    costUsd: meanAt(matrix.answerCostUsd, matrix, column),
    latencyMs: meanAt(matrix.latencyMs, matrix, column),
    passRate: passRate(matrix, column),
  };
}

/** Calls back with each cell of a column. No generator, because of 100,000 cells. */
function eachCell({ cases, columns, repeats }: EvalMatrix, column: number, visit: (cell: number) => void): void {
  for (let place = 0; place < cases; place += 1) {
    const start = (place * columns + column) * repeats;
    for (let at = start; at < start + repeats; at += 1) visit(at);
  }
}

function meanAt(values: Float64Array, matrix: EvalMatrix, column: number): number | undefined {
  let [sum, known] = [0, 0];
  eachCell(matrix, column, (at) => {
    const value = values[at] ?? Number.NaN;
    if (Number.isNaN(value)) return;
    sum += value;
    known += 1;
  });
  return known === 0 ? undefined : sum / known;
}

function passRate(matrix: EvalMatrix, column: number): number | undefined {
  let [passed, finished] = [0, 0];
  eachCell(matrix, column, (at) => {
    if (matrix.states[at] === 0) return;
    finished += 1;
    if (matrix.states[at] === 1) passed += 1;
  });
  return finished === 0 ? undefined : passed / finished;
}

function meanOfKnown(values: Float64Array): number | undefined {
  let [sum, known] = [0, 0];
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? undefined : sum / known;
}

/** What decides whether a column passes: the gates of the file, or without any that look at columns the thresholds of metrics. */
function passesBy({ summary }: EvalRecord): EvaluationFigures['passesBy'] {
  return summary?.gates.some(({ columns }) => columns && columns.length > 0) ? 'gates' : 'thresholds';
}

/** Undefined if that is unknown: a gate is not decided, or was not checked for the column. */
async function passes(record: EvalRecord, matrix: EvalMatrix, column: number): Promise<boolean | undefined> {
  const outcomes =
    passesBy(record) === 'gates' ? gatesOf(record, column) : await thresholdsOf(record.metrics, matrix, column);
  if (outcomes.includes(false)) return false;
  return outcomes.length === 0 || outcomes.includes(undefined) ? undefined : true;
}

function gatesOf({ summary }: EvalRecord, column: number): (boolean | undefined)[] {
  const findings = (summary?.gates ?? []).flatMap(({ columns }) => columns ?? []);
  return findings.filter((finding) => finding.column === column).map(({ passed }) => passed ?? undefined);
}

/** Whether the mean of each metric that has a threshold meets it. */
async function thresholdsOf(
  metrics: readonly EvalMetric[],
  matrix: EvalMatrix,
  column: number,
): Promise<(boolean | undefined)[]> {
  const outcomes: (boolean | undefined)[] = [];
  for (const [index, { threshold, direction }] of metrics.entries()) {
    if (threshold === undefined) continue;
    await nextTurn();
    const mean = meanOfKnown(caseScores(matrix, { metric: index, column }));
    outcomes.push(mean === undefined ? undefined : direction === 'higher' ? mean >= threshold : mean <= threshold);
  }
  return outcomes;
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
  record: EvalRecord,
  { scores, metric }: { scores: readonly Float64Array[]; metric: EvalMetric | undefined },
): Promise<EvaluationFigures['tags']> {
  const sort = { by: 'number', descending: false } as const;
  const { tags } = await store.listCases(record.id, { filter: {}, sort });
  const groups = groupNumbers((await store.identities(record.id)).groups);
  const isPassFail = metric?.scale === 'yes-no' && record.repeats === 1;
  // resampling would take too long in this thread
  const confidence = { level: confidenceLevel(record), method: 't', seed: 0 } as const;
  const figures: EvaluationFigures['tags'] = [];
  for (const { tag } of tags.slice(0, MAX_TAGS)) {
    const { places } = await store.listCases(record.id, { filter: { tag }, sort });
    const own = groups && Int32Array.from(places, (place) => groups[place] ?? -1);
    const columns: EvaluationFigures['tags'][number]['columns'] = [];
    for (const values of scores) {
      const tagged = Float64Array.from(places, (place) => values[place] ?? Number.NaN);
      const found = await summarizeScores({ scores: tagged, groups: own, isPassFail }, confidence);
      const { mean, interval, n, groups: count } = found;
      columns.push({ mean, interval, n, ...(count !== undefined && { groups: count }) });
    }
    figures.push({ tag, columns });
    await nextTurn();
  }
  return figures;
}

async function readTrend(
  store: ResultStore,
  { file, id }: EvalRecord,
  metric: string | undefined,
): Promise<EvaluationFigures['trend']> {
  if (file === undefined) return [];
  const results = await store.list({ file, limit: MAX_TREND });
  return results
    .filter((result) => result.summary !== undefined || result.id === id)
    .sort((a, b) => a.startedAt - b.startedAt)
    .map((result) => ({
      id: result.id,
      startedAt: result.startedAt,
      columns: result.columns.flatMap((column, index) => {
        // the baseline of each result is an earlier version, which would be a second value of the same series
        if (column.isBaseline) return [];
        const { prompt, model, version } = column;
        const mean = metric === undefined ? columnScore(result, index) : meanIn(result, metric, index);
        return [{ label: columnTitle({ prompt, model }), version: version?.label, mean }];
      }),
    }));
}

function meanIn({ summary }: Pick<EvalListed, 'summary'>, metric: string, column: number): number | undefined {
  return summary?.metrics.find((one) => one.metric === metric && one.column === column)?.mean;
}
