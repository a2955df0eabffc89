import { valueAtPath } from '../../core/evals/metrics/structure/value-at-path.ts';
import type { CellState, CellWithAnswer, StoredCase } from '../../core/store/evals/eval-record.ts';
import type { CaseTableRow, CellRow } from '../../protocol/evaluation.ts';
import { meanOf } from '../../shared/statistics.ts';

/** As much of a text as a wide column shows on one line. */
const SHOWN = 160;

/** The hash of a row without an id, with a number if rows are equal. */
const GENERATED_ID = /^[0-9a-f]{16}(?:#\d+)?$/;
/** A longer answer is not read as JSON for a line of the table. */
const MAX_JSON = 20_000;

const SEVERITY: Record<CellState, number> = { passed: 0, failed: 1, error: 2 };

interface CaseCells {
  /** Of each column, by repeat. */
  cells: readonly CellWithAnswer[][];
  baselines: readonly CellWithAnswer[][];
  /** The parts of JSON answers that metrics look at. */
  paths: readonly string[];
}

/** The data of a case that the table shows. */
export function toCaseRow(place: number, stored: StoredCase, { cells, baselines, paths }: CaseCells): CaseTableRow {
  return {
    kind: 'case',
    place,
    id: stored.id,
    writtenId: GENERATED_ID.test(stored.id) ? undefined : stored.id,
    number: stored.number,
    title: titleOf(stored),
    tags: stored.tags,
    cells: cells.map((repeats, column) => toCellRow(repeats, baselines[column] ?? [], paths)),
  };
}

function toCellRow(
  cells: readonly CellWithAnswer[],
  baseline: readonly CellWithAnswer[],
  paths: readonly string[],
): CellRow | undefined {
  const [first] = cells;
  if (!first) return undefined;
  const scores = cells.map(({ score }) => score).filter((score) => score !== undefined);
  return {
    state: stateOf(cells),
    score: meanOf(scores),
    spread: scores.length > 1 ? [Math.min(...scores), Math.max(...scores)] : undefined,
    repeats: cells.length,
    passed: cells.filter(({ state }) => state === 'passed').length,
    distinct: new Set(cells.map(({ answer }) => answer.output)).size,
    change: baseline.length > 0 ? changeOf(cells, baseline) : undefined,
    isCached: cells.every(({ cached }) => cached),
    text: oneLine([...valuesAt(paths, first.answer.output), first.answer.output].join(' · ')),
    error: cells.find(({ answer }) => answer.error)?.answer.error?.message ?? metricError(cells),
  };
}

/** Answers of one schema begin alike: what they are scored by is what tells them apart. */
function valuesAt(paths: readonly string[], output: string): string[] {
  if (paths.length === 0 || output.length > MAX_JSON) return [];
  try {
    const json: unknown = JSON.parse(output);
    return paths
      .map((path) => valueAtPath(json, path))
      .filter((value) => value !== undefined)
      .map(written);
  } catch {
    return [];
  }
}

/** The worst of the repeats. */
function stateOf(cells: readonly CellWithAnswer[]): CellState {
  return cells.reduce<CellState>((worst, { state }) => (SEVERITY[state] > SEVERITY[worst] ? state : worst), 'passed');
}

/** A metric that could not score the answer says why. */
function metricError(cells: readonly CellWithAnswer[]): string | undefined {
  const broken = cells.find(({ state }) => state === 'error');
  return broken?.scores.find(({ value, reason }) => value === null && reason !== undefined)?.reason;
}

/** Scores are stored with 24 bits. */
const ROUNDING = 1e-6;

/** As the filters of the store: how often it passes decides, then the score, then the text of the answers. */
function changeOf(cells: readonly CellWithAnswer[], baseline: readonly CellWithAnswer[]): CellRow['change'] {
  const shares = passedShare(cells) - passedShare(baseline);
  const difference = Math.abs(shares) > ROUNDING ? shares : scoreOf(cells) - scoreOf(baseline);
  if (difference < -ROUNDING) return 'regressed';
  if (difference > ROUNDING) return 'improved';
  return hasOtherText(cells, baseline) ? 'changed' : 'same';
}

function passedShare(cells: readonly CellWithAnswer[]): number {
  return cells.filter(({ state }) => state === 'passed').length / cells.length;
}

function scoreOf(cells: readonly CellWithAnswer[]): number {
  return meanOf(cells.map(({ score }) => score)) ?? Number.NaN;
}

function hasOtherText(cells: readonly CellWithAnswer[], baseline: readonly CellWithAnswer[]): boolean {
  const before = new Map(baseline.map(({ repeat, answer }) => [repeat, answer.output]));
  return cells.some(({ repeat, answer }) => before.has(repeat) && before.get(repeat) !== answer.output);
}

/** `age: 42 · plan: Gold`, or the only input, or the last message. */
function titleOf({ inputs, messages, id }: StoredCase): string {
  const entries = Object.entries(inputs);
  const [first] = entries;
  if (!first) return oneLine(lastText(messages) ?? id);
  if (entries.length === 1) return oneLine(written(first[1]));
  return oneLine(entries.map(([name, value]) => `${name}: ${written(value)}`).join(' · '));
}

function lastText(messages: StoredCase['messages']): string | undefined {
  const part = messages?.at(-1)?.parts.find(({ type }) => type === 'text');
  return part?.type === 'text' ? part.text : undefined;
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function oneLine(text: string): string {
  const start = text
    .slice(0, SHOWN * 2)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return start.length > SHOWN || text.length > SHOWN * 2 ? `${start.slice(0, SHOWN)}…` : start;
}
