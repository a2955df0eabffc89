import { isRecord } from '../../../shared/is-record.ts';
import { columnScore } from '../../store/evals/column-score.ts';
import type { EvalListed, MetricResult, Verdict } from '../../store/evals/eval-record.ts';

/** A metric of a model over the cases of an evaluation. */
export interface NotedMetric {
  metric: string;
  direction: 'higher' | 'lower';
  /** Null if no case has a score. */
  mean: number | null;
  interval: [low: number, high: number] | null;
  /** Cases with a score. */
  n: number;
  /** Null if it was compared with nothing. */
  change: { difference: number; p: number; verdict: Verdict } | null;
}

/** How a model did with one content. */
export interface NotedModel {
  model: string;
  simulated: boolean;
  /** The weighted mean of the metrics with a 0–1 scale. */
  score: number | null;
  metrics: NotedMetric[];
}

/** The result of an evaluation for one content, without texts of cases or answers: a JSON line of the note on the prompt's blob. */
export interface EvalNote {
  /** When the evaluation ended, ISO 8601. It is the first field, so that lines sorted by git's merge are in order of time. */
  time: string;
  v: 1;
  content: string;
  /** Its name, never `runs`. */
  evaluation: string;
  by: string;
  /** Random id of the database, whose later result replaces this one. */
  recorder: string;
  cases: number;
  repeats: number;
  models: NotedModel[];
}

interface NotedBy {
  by: string;
  recorder: string;
}

/** One note for each content of a finished result. */
export function toEvalNotes(result: EvalListed, { by, recorder }: NotedBy): EvalNote[] {
  const { columns, counts, repeats, endedAt, name } = result;
  const contents = Map.groupBy(columns.keys(), (index) => columns[index]?.contentHash);
  return [...contents].flatMap(([content, indexes]): EvalNote[] => {
    if (content === undefined) return [];
    return [
      {
        time: new Date(endedAt ?? result.startedAt).toISOString(),
        v: 1,
        content,
        evaluation: nameInNotes(name),
        by,
        recorder,
        cases: counts.cases,
        repeats,
        models: indexes.map((index) => toModel(result, index)),
      },
    ];
  });
}

/** `runs` is the record of single runs. */
function nameInNotes(name: string): string {
  return (name === 'runs' ? 'runs.eval.yaml' : name).slice(0, LONGEST);
}

function toModel(result: EvalListed, index: number): NotedModel {
  const { columns, metrics, summary } = result;
  const found = (summary?.metrics ?? []).filter(({ column }) => column === index);
  return {
    model: columns[index]?.model ?? '',
    simulated: columns[index]?.simulated ?? false,
    score: columnScore(result, index) ?? null,
    metrics: found.map((one) => toMetric(one, metrics.find(({ name }) => name === one.metric)?.direction ?? 'higher')),
  };
}

function toMetric({ metric, mean, interval, n, baseline }: MetricResult, direction: 'higher' | 'lower'): NotedMetric {
  return {
    metric,
    direction,
    mean: mean ?? null,
    interval: interval ? [...interval] : null,
    n,
    change: baseline ? { difference: baseline.difference, p: baseline.p, verdict: baseline.verdict } : null,
  };
}

/** What comes from a note is limited in size: anybody can push one. */
const LONGEST = 200;
const MOST = 50;
const VERDICTS: readonly unknown[] = ['better', 'worse', 'no-change-shown', 'too-few-cases'];

/** A line written by this or another version of the product; undefined for anything else. */
export function parseEvalNote(line: string): EvalNote | undefined {
  const data = parseObject(line);
  const { time, content, evaluation, recorder } = data;
  if (data.v !== 1 || typeof evaluation !== 'string' || evaluation === 'runs' || evaluation === '') return undefined;
  if (typeof time !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time) || Number.isNaN(Date.parse(time)))
    return undefined;
  if (typeof content !== 'string' || !/^[0-9a-f]{64}$/.test(content) || typeof recorder !== 'string') return undefined;
  return {
    time,
    v: 1,
    content,
    evaluation: evaluation.slice(0, LONGEST),
    by: textOf(data.by),
    recorder: recorder.slice(0, LONGEST),
    cases: countOf(data.cases),
    repeats: countOf(data.repeats),
    models: listOf(data.models).map((model) => ({
      model: textOf(model.model),
      simulated: model.simulated === true,
      score: numberOf(model.score),
      metrics: listOf(model.metrics).map(readMetric),
    })),
  };
}

function readMetric(fields: Record<string, unknown>): NotedMetric {
  const { interval, change } = fields;
  const [low, high] = Array.isArray(interval) ? interval.map(numberOf) : [];
  const difference = isRecord(change) ? numberOf(change.difference) : null;
  const p = isRecord(change) ? numberOf(change.p) : null;
  const verdict = isRecord(change) && VERDICTS.includes(change.verdict) ? (change.verdict as Verdict) : undefined;
  return {
    metric: textOf(fields.metric),
    direction: fields.direction === 'lower' ? 'lower' : 'higher',
    mean: numberOf(fields.mean),
    interval: low !== null && low !== undefined && high !== null && high !== undefined ? [low, high] : null,
    n: countOf(fields.n),
    change: difference !== null && p !== null && verdict ? { difference, p, verdict } : null,
  };
}

/** The lines of a note with a recorder's result in it, which replaces that recorder's earlier ones of the same evaluation. */
export function withEvalNote(lines: readonly string[], note: EvalNote): string[] {
  const isReplaced = (line: string) => {
    const old = parseEvalNote(line);
    return isSame(old, note) && old !== undefined && old.time <= note.time;
  };
  return [...new Set([...lines.filter((line) => !isReplaced(line)), JSON.stringify(note)])].sort();
}

function isSame(a: EvalNote | undefined, b: EvalNote): boolean {
  return a?.content === b.content && a.evaluation === b.evaluation && a.recorder === b.recorder;
}

/** The newest result of each evaluation, whoever made it. */
export function newestEvalNotes(notes: readonly EvalNote[], now: number): EvalNote[] {
  const newest = new Map<string, EvalNote>();
  for (const note of notes) {
    // a time in the future would count forever
    if (Date.parse(note.time) > now + CLOCK_MS) continue;
    const known = newest.get(note.evaluation);
    if (!known || known.time < note.time) newest.set(note.evaluation, note);
  }
  return [...newest.values()].sort((a, b) => (a.evaluation < b.evaluation ? -1 : 1));
}

/** A clock may be ahead by this much. */
const CLOCK_MS = 600_000;

function parseObject(line: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(line);
    return isRecord(data) ? { ...data } : {};
  } catch {
    return {};
  }
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.slice(0, MOST).filter(isRecord) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST) : '';
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function countOf(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : 0;
}
