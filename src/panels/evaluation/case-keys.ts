import type { CaseList, EvalMatrix } from '../../core/store/evals/eval-record.ts';
import type { RowKeys } from '../session/list-places.ts';

/** A group of the list; its key is −1 − index. */
export interface CaseGroup {
  label: string;
  cases: number;
}

/** The keys of the rows in order: the place of a case, or a negative number for the title of a group. */
export interface CaseKeys {
  keys: RowKeys;
  groups: CaseGroup[];
}

interface Grouped {
  label: string;
  places: Int32Array;
}

export function groupOf(key: number, groups: readonly CaseGroup[]): CaseGroup | undefined {
  return key < 0 ? groups[-1 - key] : undefined;
}

/** A list with titles of its groups. Groups without cases are left out. */
export function joinGroups(grouped: readonly Grouped[]): CaseKeys {
  const filled = grouped.filter(({ places }) => places.length > 0);
  const keys = new Int32Array(filled.reduce((sum, { places }) => sum + places.length + 1, 0));
  let at = 0;
  for (const [index, { places }] of filled.entries()) {
    keys[at] = -1 - index;
    keys.set(places, at + 1);
    at += places.length + 1;
  }
  return { keys, groups: filled.map(({ label, places }) => ({ label, cases: places.length })) };
}

const STATES = ['Not finished', 'Passed', 'Failed', 'Errors'] as const;
/** What needs attention comes first. */
const STATE_ORDER = [3, 2, 1, 0] as const;

/** By the worst state of a case's cells, in one column or in all. */
export function groupByState(places: Int32Array, matrix: EvalMatrix, column: number | undefined): Grouped[] {
  const stateAt = (place: number) => worstState(matrix, place, column);
  return STATE_ORDER.map((state) => ({
    label: STATES[state],
    places: places.filter((place) => stateAt(place) === state),
  }));
}

function worstState({ states, columns, repeats }: EvalMatrix, place: number, column: number | undefined): number {
  const size = column === undefined ? columns * repeats : repeats;
  const start = place * columns * repeats + (column ?? 0) * repeats;
  let worst = 0;
  for (let at = start; at < start + size; at += 1) worst = Math.max(worst, states[at] ?? 0);
  return worst;
}

/** By the `group` of the dataset, in order of appearance; cases without one come last. */
export function groupByName(places: Int32Array, names: readonly (string | undefined)[]): Grouped[] {
  const groups = new Map<string | undefined, number[]>();
  for (const place of places) {
    const name = names[place];
    const found = groups.get(name);
    if (found) found.push(place);
    else groups.set(name, [place]);
  }
  const named = [...groups].filter(([name]) => name !== undefined);
  return [...named, ...[...groups].filter(([name]) => name === undefined)].map(([name, found]) => ({
    label: name ?? 'No group',
    places: Int32Array.from(found),
  }));
}

interface TagLists {
  all: Int32Array;
  tags: CaseList['tags'];
  /** The listed cases with this tag, in order. */
  placesOf(tag: string): Promise<Int32Array>;
}

/** Groups beyond this are rare, and each is read from the database. */
const MAX_TAGS = 50;

/** A case with several tags is in the group of each. */
export async function groupByTag({ all, tags, placesOf }: TagLists): Promise<Grouped[]> {
  const grouped: Grouped[] = [];
  const tagged = new Set<number>();
  for (const { tag } of tags.slice(0, MAX_TAGS)) {
    const places = await placesOf(tag);
    for (const place of places) tagged.add(place);
    grouped.push({ label: tag, places });
  }
  const label = tags.length > MAX_TAGS ? 'Other tags, or none' : 'No tag';
  return [...grouped, { label, places: all.filter((place) => !tagged.has(place)) }];
}
