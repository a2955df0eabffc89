import type { RoomContext } from '../../room.ts';
import type { CaseFilter, CaseFilterState, CaseList, CaseSort } from '../eval-record.ts';
import { MARKS } from './case-figures.ts';
import { type ComparedResult, compareResult, metricNumber } from './compared-result.ts';
import { searchCases } from './search-cases.ts';
import { sortCases } from './sort-cases.ts';

interface ListOptions {
  filter: CaseFilter;
  sort: CaseSort;
  /** A stored result to compare with, instead of columns of the result itself. */
  against?: string | undefined;
}

export async function listCases(
  context: RoomContext,
  id: string,
  { filter, sort, against }: ListOptions,
): Promise<CaseList> {
  const result = compareResult(context.db, id, { column: filter.column, against });
  const marks = joinMarks(result);
  const matching = matchFigures(result, filter, marks);
  const places =
    filter.text === undefined || filter.text === ''
      ? matching
      : await searchCases(context, result, {
          places: matching,
          text: filter.text,
          isRegex: filter.isRegex ?? false,
          column: filter.column,
        });
  return { places: sortCases(result, places, sort), counts: countMarks(marks), tags: readTags(result) };
}

function joinMarks({ matrix, columns }: ComparedResult): Uint8Array {
  const marks = new Uint8Array(matrix.cases);
  for (const column of columns) {
    for (let place = 0; place < marks.length; place += 1) marks[place]! |= column.marks[place]!;
  }
  return marks;
}

function countMarks(marks: Uint8Array): CaseList['counts'] {
  const counts = { all: marks.length, failed: 0, errors: 0, regressed: 0, improved: 0, changed: 0, flaky: 0 };
  const bits = Object.entries(MARKS) as [CaseFilterState, number][];
  const ofMark = new Uint32Array(64);
  for (const mark of marks) ofMark[mark]! += 1;
  for (const [state, bit] of bits) {
    for (const [mark, count] of ofMark.entries()) if (mark & bit) counts[state] += count;
  }
  return counts;
}

/** The places of the cases that match all conditions but the text. */
function matchFigures(result: ComparedResult, { state, metric, tag }: CaseFilter, marks: Uint8Array): Int32Array {
  const bit = state === undefined ? undefined : MARKS[state];
  const failing = metric === undefined ? undefined : failingCases(result, metric);
  const tagged = tag === undefined ? undefined : taggedCases(result, tag);
  const places = new Int32Array(marks.length);
  let count = 0;
  for (let place = 0; place < marks.length; place += 1) {
    if (bit !== undefined && (marks[place]! & bit) === 0) continue;
    if (failing?.[place] === 0 || tagged?.[place] === 0) continue;
    places[count] = place;
    count += 1;
  }
  return places.subarray(0, count);
}

function failingCases({ record, matrix, columns }: ComparedResult, name: string): Uint8Array {
  const passed = matrix.passed[metricNumber(record, name)]!;
  const failing = new Uint8Array(matrix.cases);
  const perCase = matrix.columns * matrix.repeats;
  for (const { column } of columns) {
    for (let place = 0; place < matrix.cases; place += 1) {
      const first = place * perCase + column * matrix.repeats;
      for (let cell = first; cell < first + matrix.repeats; cell += 1) if (passed[cell] === 2) failing[place] = 1;
    }
  }
  return failing;
}

interface TaggedCases {
  tags: string[];
  places: string;
  count: number;
}

/** Cases with the same tags in one row. */
function readTagged({ db, layout }: ComparedResult): TaggedCases[] {
  return db
    .prepare(
      `SELECT tags, group_concat(place) AS places, count(*) AS count FROM eval_cases
      WHERE evaluation = ? AND tags IS NOT NULL GROUP BY tags`,
    )
    .all(layout.seq)
    .map(({ tags, places, count }) => ({
      tags: JSON.parse(String(tags)) as string[],
      places: String(places),
      count: Number(count),
    }));
}

function taggedCases(result: ComparedResult, tag: string): Uint8Array {
  const tagged = new Uint8Array(result.matrix.cases);
  for (const { tags, places } of readTagged(result)) {
    if (tags.includes(tag)) for (const place of places.split(',')) tagged[Number(place)] = 1;
  }
  return tagged;
}

/** The most frequent first. */
function readTags(result: ComparedResult): CaseList['tags'] {
  const cases = new Map<string, number>();
  for (const { tags, count } of readTagged(result)) {
    for (const tag of new Set(tags)) cases.set(tag, (cases.get(tag) ?? 0) + count);
  }
  return [...cases]
    .map(([tag, count]) => ({ tag, cases: count }))
    .sort((a, b) => b.cases - a.cases || (a.tag < b.tag ? -1 : 1));
}
