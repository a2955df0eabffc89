import type { CaseList, EvalMatrix } from '../../core/store/evals/eval-record.ts';
import type { CaseFolds } from '../../protocol/evaluation.ts';
import type { RowKeys } from '../session/list-places.ts';

/** A group of the list. */
export interface CaseGroup {
  /** Unique among the groups, and the same in the next list. */
  id: string;
  label: string;
  /** In order, also if they are not listed. */
  places: Int32Array;
  /** Only the title is listed. */
  isFolded: boolean;
}

/** The keys of the rows in order: the place of a case, or a negative number for the title of a group. */
export interface CaseKeys {
  keys: RowKeys;
  /** By the key of the title. */
  groups: ReadonlyMap<number, CaseGroup>;
}

type Grouped = Omit<CaseGroup, 'isFolded'>;

/** The keys of titles, which stay the same from list to list: another group may come in between. */
export function createTitleKeys(): (id: string) => number {
  const keys = new Map<string, number>();
  return (id) => {
    const key = keys.get(id) ?? -1 - keys.size;
    keys.set(id, key);
    return key;
  };
}

/** A list with titles of its groups. Groups without cases are left out. */
export function joinGroups(
  grouped: readonly Grouped[],
  titleKey: (id: string) => number,
  folds: CaseFolds = { all: false, others: [] },
): CaseKeys {
  const others = new Set(folds.others);
  const groups = grouped
    .filter(({ places }) => places.length > 0)
    .map((group) => ({ ...group, isFolded: folds.all !== others.has(group.id) }));
  const keys = new Int32Array(groups.reduce((sum, group) => sum + 1 + listedPlaces(group).length, 0));
  const byKey = new Map<number, CaseGroup>();
  let at = 0;
  for (const group of groups) {
    const key = titleKey(group.id);
    const listed = listedPlaces(group);
    byKey.set(key, group);
    keys[at] = key;
    keys.set(listed, at + 1);
    at += 1 + listed.length;
  }
  return { keys, groups: byKey };
}

const NO_PLACES = new Int32Array();

const listedPlaces = ({ places, isFolded }: CaseGroup): Int32Array => (isFolded ? NO_PLACES : places);

/** The places of the cases in rows of a list. The title of a folded group stands for all its cases. */
export function placesOfKeys(keys: readonly number[], { groups }: CaseKeys): number[] {
  const places = new Set<number>();
  for (const key of keys) {
    const group = groups.get(key);
    if (key >= 0) places.add(key);
    else if (group?.isFolded) for (const place of group.places) places.add(place);
  }
  return [...places];
}

const STATES = ['Not finished', 'Passed', 'Failed', 'Errors'] as const;
/** What needs attention comes first. */
const STATE_ORDER = [3, 2, 1, 0] as const;

/** By the worst state of a case's cells, in one column or in all. */
export function groupByState(places: Int32Array, matrix: EvalMatrix, column: number | undefined): Grouped[] {
  const stateAt = (place: number) => worstState(matrix, place, column);
  return STATE_ORDER.map((state) => ({
    id: STATES[state],
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
  const present = [...groups].filter(([name]) => name !== undefined);
  return [...present, ...[...groups].filter(([name]) => name === undefined)].map(([name, found]) => ({
    id: named(name),
    label: name ?? 'No group',
    places: Int32Array.from(found),
  }));
}

/** A group may be named like the title of those without a name. */
const named = (name: string | undefined): string => (name === undefined ? 'none' : `=${name}`);

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
    grouped.push({ id: named(tag), label: tag, places });
  }
  const beyond = tags.length - MAX_TAGS;
  const label = beyond > 0 ? `No tag, or only ${beyond} less frequent ${beyond === 1 ? 'one' : 'ones'}` : 'No tag';
  return [...grouped, { id: named(undefined), label, places: all.filter((place) => !tagged.has(place)) }];
}
