import { formatCount, formatP, formatScore, UNKNOWN } from '../../../shared/format.ts';
import { CELL_SCORE, intervalOnScale } from '../../../shared/metric-value.ts';
import type { EvalNote, NotedMetric, NotedModel } from './eval-notes.ts';

/**
 * The score of a version in its newest evaluation, for a row: `0.84 ▼`, or `0.84 (0.79–0.88) ▼` if one metric is the
 * score, whose interval it then has. An arrow only for a change that a test has shown.
 */
export function shortEvaluation(notes: readonly EvalNote[] | undefined): string | undefined {
  const note = newest(notes);
  const scores = note && scoresText(note);
  if (scores === undefined) return undefined;
  const interval = intervalOf(note?.models ?? []);
  const range = interval && `(${interval[0].toFixed(2)}–${interval[1].toFixed(2)})`;
  return [scores, range, arrowOf(note?.models ?? [])].filter(Boolean).join(' ');
}

/** The same without the interval, for the row of a prompt, which also has labels and changes. */
export function shortScore(notes: readonly EvalNote[] | undefined): string | undefined {
  const note = newest(notes);
  const scores = note && scoresText(note);
  return scores && [scores, arrowOf(note.models)].filter(Boolean).join(' ');
}

/** The score by which prompts are sorted: of several models, that of the best one. */
export function bestScore(notes: readonly EvalNote[] | undefined): number | undefined {
  const scores = scoresOf(newest(notes));
  return scores.length > 0 ? Math.max(...scores) : undefined;
}

function scoresOf(note: EvalNote | undefined): number[] {
  return (note?.models ?? []).flatMap(({ score }) => score ?? []);
}

function scoresText(note: EvalNote): string | undefined {
  const scores = scoresOf(note);
  if (scores.length === 0) return undefined;
  const [low, high] = [Math.min(...scores).toFixed(2), Math.max(...scores).toFixed(2)];
  return low === high ? low : `${low}–${high}`;
}

/** The same for screen readers. */
export function evaluationInWords(notes: readonly EvalNote[] | undefined): string | undefined {
  const note = newest(notes);
  const score = shortEvaluation(notes)?.replace(/ [▲▼]+$/, '');
  if (!note || score === undefined) return undefined;
  const arrow = arrowOf(note.models);
  const verdict = arrow && { '▲': 'better', '▼': 'worse', '▲▼': 'better and worse' }[arrow];
  return `score ${score} in ${note.evaluation}${verdict ? `, ${verdict} than its baseline` : ''}`;
}

/** For JSON: what is known of each evaluation, without what only the notes of git need. */
export function evaluationsToJson(
  notes: readonly EvalNote[] | undefined,
): Omit<EvalNote, 'v' | 'content' | 'recorder'>[] {
  return (notes ?? []).map(({ time, evaluation, by, cases, repeats, models }) => {
    return { time, evaluation, by, cases, repeats, models };
  });
}

/** The lines of a tooltip: each metric of each evaluation and model. */
export function evaluationTable(notes: readonly EvalNote[] | undefined): [name: string, value: string][] {
  return (notes ?? []).flatMap((note) =>
    note.models.flatMap((model): [string, string][] => [
      [`${note.evaluation}, ${model.model || 'no model'}`, headline(note, model)],
      ...model.metrics.map((metric): [string, string] => [metric.metric, describeMetric(metric)]),
    ]),
  );
}

function headline({ cases, repeats, by }: EvalNote, { score, simulated }: NotedModel): string {
  const parts = [
    `score ${formatScore(score ?? undefined)}`,
    `${formatCount(cases, 'case')}${repeats > 1 ? ` × ${repeats}` : ''}`,
    simulated && 'demo model',
    by && `by ${by}`,
  ];
  return parts.filter(Boolean).join(', ');
}

function describeMetric({ mean, interval, change }: NotedMetric): string {
  const range = interval ? ` (${formatScore(interval[0])} to ${formatScore(interval[1])})` : '';
  const shown = mean === null ? UNKNOWN : `${formatScore(mean)}${range}`;
  return change ? `${shown}, ${describeChange(change)}` : shown;
}

function describeChange({ difference, p, verdict }: NonNullable<NotedMetric['change']>): string {
  if (verdict === 'too-few-cases') return 'too few cases to compare';
  const amount = `${difference < 0 ? '−' : '+'}${formatScore(Math.abs(difference))}`;
  return `${amount}, ${verdict === 'no-change-shown' ? 'no change shown' : verdict}, ${formatP(p)}`;
}

function newest(notes: readonly EvalNote[] | undefined): EvalNote | undefined {
  return (notes ?? []).toSorted((a, b) => (a.time < b.time ? 1 : -1))[0];
}

/** Only if one model was evaluated, and its score is that of one metric. */
function intervalOf(models: readonly NotedModel[]): readonly [number, number] | undefined {
  const [model, ...others] = models;
  if (!model || others.length > 0) return undefined;
  const same = model.metrics.filter(({ mean }) => mean !== null && mean === model.score);
  const interval = same.length === 1 ? same[0]?.interval : undefined;
  return interval ? intervalOnScale(interval, CELL_SCORE) : undefined;
}

function arrowOf(models: readonly NotedModel[]): '▲' | '▼' | '▲▼' | undefined {
  const verdicts = new Set(models.flatMap(({ metrics }) => metrics.flatMap(({ change }) => change?.verdict ?? [])));
  if (verdicts.has('worse')) return verdicts.has('better') ? '▲▼' : '▼';
  return verdicts.has('better') ? '▲' : undefined;
}
