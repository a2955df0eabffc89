import { isRecord } from '../../../shared/is-record.ts';
import type { ContentSummary } from '../../store/runs/run-record.ts';
import { amount, fromNoted, type NotedGroup, parseNoted, sumGroups, toNoted } from './answer-groups.ts';

/** One recorder's summary of one content's runs: a JSON line of the note on the prompt's blob. */
export interface ResultRecord
  extends Pick<ContentSummary, 'done' | 'failed' | 'demo' | 'models' | 'schema' | 'ratings' | 'cost' | 'latency'> {
  /** When it was written, ISO 8601. It is the first field, so that lines sorted by git's merge are in order of time. */
  time: string;
  v: 1;
  content: string;
  evaluation: 'runs';
  by: string;
  /** Random id of the database: numbers of one recorder replace each other, those of two are added. */
  recorder: string;
  n: number;
  first: number;
  last: number;
  /** The same by model and input; missing in records of older versions. */
  groups?: NotedGroup[] | undefined;
}

export function toRecord(
  summary: ContentSummary,
  { now, by, recorder }: { now: number; by: string; recorder: string },
): ResultRecord {
  const { contentHash, done, failed, cost, latency, firstAt, lastAt, groups } = summary;
  return {
    time: new Date(now).toISOString(),
    v: 1,
    content: contentHash,
    evaluation: 'runs',
    by,
    recorder,
    n: done + failed,
    ...sharedFields(summary),
    cost: { usd: Number(cost.usd.toPrecision(12)), count: cost.count },
    latency: { ms: Math.round(latency.ms), count: latency.count },
    first: firstAt,
    last: lastAt,
    ...(groups ? { groups: toNoted(groups) } : {}),
  };
}

/** Counts that have the same name and form in a note and in a summary. */
function sharedFields({ done, failed, demo, models, schema, ratings }: ResultRecord | ContentSummary) {
  return { done, failed, demo, models, schema, ratings };
}

export function toSummary(record: ResultRecord): ContentSummary {
  const { content, done, demo, cost, latency, first, last, groups } = record;
  return {
    contentHash: content,
    ...sharedFields(record),
    cost,
    latency,
    firstAt: first,
    lastAt: last,
    ...(groups ? { groups: fromNoted(groups, { done, demo }) ?? [] } : {}),
  };
}

/** A line written by this or another version of the product; undefined for anything that is not a record of runs. */
export function parseRecord(line: string): ResultRecord | undefined {
  const data = parseObject(line);
  if (data?.v !== 1 || data.evaluation !== 'runs') return undefined;
  const { time, content, recorder } = data;
  if (!isTime(time) || typeof content !== 'string' || typeof recorder !== 'string') return undefined;
  if (!/^[0-9a-f]{64}$/.test(content) || recorder === '' || recorder.length > LONGEST) return undefined;
  const pair = <A extends string, B extends string>(value: unknown, a: A, b: B) => {
    const found = isRecord(value) ? value : {};
    return { [a]: amount(found[a]), [b]: amount(found[b]) } as Record<A | B, number>;
  };
  const groups = parseNoted(data.groups);
  const { checked, valid } = pair(data.schema, 'checked', 'valid');
  return {
    time,
    v: 1,
    content,
    evaluation: 'runs',
    by: typeof data.by === 'string' ? data.by.slice(0, LONGEST) : '',
    recorder,
    n: amount(data.n),
    done: amount(data.done),
    failed: amount(data.failed),
    demo: amount(data.demo),
    models: readModels(data.models),
    schema: { checked, valid: Math.min(checked, valid) },
    ratings: pair(data.ratings, 'up', 'down'),
    cost: pair(data.cost, 'usd', 'count'),
    latency: pair(data.latency, 'ms', 'count'),
    first: amount(data.first),
    last: amount(data.last),
    ...(groups ? { groups } : {}),
  };
}

/** Figures and names in a note come from whoever pushed it: they are limited in size. */
const LONGEST = 200;

function readModels(models: unknown): string[] {
  const names = Array.isArray(models) ? models.slice(0, LONGEST) : [];
  return names.filter((model) => typeof model === 'string').map((model) => model.slice(0, LONGEST));
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const data: unknown = JSON.parse(line);
    return isRecord(data) ? { ...data } : undefined;
  } catch {
    return undefined;
  }
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
}

/** A clock may be ahead by this much. */
const CLOCK_MS = 600_000;

/** Such a record would count forever, whatever is run later. */
function isOfFuture({ time, last }: ResultRecord, now: number): boolean {
  return timeOf(time) > now + CLOCK_MS || last > now + CLOCK_MS;
}

function timeOf(time: string): number {
  return Date.parse(time) || 0;
}

/**
 * Chooses between two records of one recorder: more runs, then the later run, then the later record. With the time
 * alone, anybody could replace someone's figures by a line with a later date.
 */
function compareRecords(a: ResultRecord, b: ResultRecord, now: number): number {
  const [future, other] = [isOfFuture(a, now), isOfFuture(b, now)];
  if (future !== other) return future ? -1 : 1;
  return a.n - b.n || a.last - b.last || timeOf(a.time) - timeOf(b.time);
}

/** The valid record of each recorder. */
export function newestByRecorder(records: Iterable<ResultRecord>, now: number): Map<string, ResultRecord> {
  const newest = new Map<string, ResultRecord>();
  for (const record of records) {
    const known = newest.get(record.recorder);
    if (!known || compareRecords(record, known, now) > 0) newest.set(record.recorder, record);
  }
  return newest;
}

/** Old runs leave the database with time; their noted results stay until something is run again. */
export function hasNewResults(fresh: ResultRecord, noted: ResultRecord | undefined, now: number): boolean {
  if (!noted || isOfFuture(noted, now)) return true;
  if (fresh.n < noted.n && fresh.last <= noted.last) return false;
  return !sameCounts(fresh, noted);
}

/**
 * The lines of a note with a recorder's own record in it. It replaces that recorder's other lines, unless one has
 * everything of it and more, written by another window just now; unknown lines stay.
 */
export function withRecord(lines: readonly string[], record: ResultRecord, now: number): string[] {
  const isReplaced = (line: string) => {
    const old = parseRecord(line);
    if (old?.content !== record.content || old.recorder !== record.recorder) return false;
    const hasMore = old.n >= record.n && old.last >= record.last && timeOf(old.time) > timeOf(record.time);
    return isOfFuture(old, now) || !hasMore;
  };
  return [...new Set([...lines.filter((line) => !isReplaced(line)), JSON.stringify(record)])].sort();
}

export function sumSummaries(contentHash: string, summaries: readonly ContentSummary[]): ContentSummary {
  const sum = (pick: (summary: ContentSummary) => number) => summaries.reduce((total, one) => total + pick(one), 0);
  return {
    contentHash,
    done: sum(({ done }) => done),
    failed: sum(({ failed }) => failed),
    demo: sum(({ demo }) => demo),
    models: [...new Set(summaries.flatMap(({ models }) => models))].sort(),
    schema: { checked: sum(({ schema }) => schema.checked), valid: sum(({ schema }) => schema.valid) },
    ratings: { up: sum(({ ratings }) => ratings.up), down: sum(({ ratings }) => ratings.down) },
    cost: { usd: sum(({ cost }) => cost.usd), count: sum(({ cost }) => cost.count) },
    latency: { ms: sum(({ latency }) => latency.ms), count: sum(({ latency }) => latency.count) },
    // one at a time, since a call accepts only so many arguments
    firstAt: summaries.reduce((first, { firstAt }) => earlier(first, firstAt), 0),
    lastAt: summaries.reduce((last, { lastAt }) => Math.max(last, lastAt), 0),
    ...(summaries.some(({ groups }) => groups)
      ? { groups: sumGroups(summaries.flatMap(({ groups = [] }) => groups)) }
      : {}),
  };
}

/** 0 means that no time was reported. */
function earlier(a: number, b: number): number {
  return a === 0 || b === 0 ? a + b : Math.min(a, b);
}

/** Whether two records count the same runs. */
export function sameCounts(a: ResultRecord, b: ResultRecord): boolean {
  // a record of an older version has no groups, and counts the same runs
  const counts = ({ time: _time, by: _by, groups: _groups, ...rest }: ResultRecord) => JSON.stringify(rest);
  return counts(a) === counts(b);
}
