import { UserError } from '../../core/base/errors.ts';
import type { CaseList } from '../../core/store/evals/eval-record.ts';
import type { CaseListing, CaseTableRow, EvaluationMethods } from '../../protocol/evaluation.ts';
import { firstPages, type RowRanges } from '../../protocol/row-places.ts';
import { keysAt, movePlaces } from '../session/list-places.ts';
import {
  type CaseKeys,
  createTitleKeys,
  groupByName,
  groupByState,
  groupByTag,
  joinGroups,
  placesOfKeys,
} from './case-keys.ts';
import type { ResultStore } from './result-store.ts';

interface CaseListsOptions {
  store: ResultStore;
  /** The same methods, which end early with the signal. */
  until(signal: AbortSignal): Pick<ResultStore, 'listCases'>;
  /** The id of the result. */
  id: string;
  /** The stored result that it is compared with. */
  against(): string | undefined;
  /** In the order of the places; null for a case that is not there. */
  rowsAt(places: readonly number[]): Promise<(CaseTableRow | null)[]>;
}

type Query = EvaluationMethods['list.open']['params'];

const MAX_ROWS = 500;

/** The list of cases that the panel shows. Rows are read by their places in it, so that nothing moves meanwhile. */
export class CaseLists {
  readonly #options: CaseListsOptions;
  readonly #titleKey = createTitleKeys();
  #shown: CaseKeys = { keys: new Int32Array(), groups: new Map() };
  #list = 0;
  #search: AbortController | undefined;

  constructor(options: CaseListsOptions) {
    this.#options = options;
  }

  /** A search that was started before ends, because nobody waits for it. */
  async open({ shown, places, ...query }: Query): Promise<CaseListing> {
    this.#search?.abort();
    const search = new AbortController();
    this.#search = search;
    const found = await this.#find(query, search.signal);
    search.signal.throwIfAborted();
    const next = await this.#group(query, found, search.signal);
    const { keys } = next;
    const moved = movePlaces(shown === this.#list ? this.#shown.keys : new Int32Array(), keys, places);
    this.#shown = next;
    this.#list += 1;
    const list = this.#list;
    const pages = firstPages(moved.first ?? places.first ?? 0, keys.length);
    const rows = await this.#rowsOf(next, keysAt(keys, [[pages.from, pages.from + pages.count - 1]]));
    return {
      list,
      count: keys.length,
      cases: found.places.length,
      places: moved,
      first: { from: pages.from, rows },
      counts: found.counts,
      tags: found.tags,
    };
  }

  /** Undefined if another list was opened since. */
  async read({
    list,
    from,
    count,
  }: EvaluationMethods['rows.read']['params']): Promise<(CaseTableRow | null)[] | undefined> {
    if (list !== this.#list) return undefined;
    return this.#rowsOf(this.#shown, keysAt(this.#shown.keys, [[from, from + Math.min(count, MAX_ROWS) - 1]]));
  }

  /** The row of the title above a row. */
  findGroup({ list, row }: EvaluationMethods['group.find']['params']): number | undefined {
    const { keys } = this.#shown;
    if (list !== this.#list || row >= keys.length) return undefined;
    for (let at = row; at >= 0; at -= 1) if ((keys[at] ?? 0) < 0) return at;
    return undefined;
  }

  /** The places of the cases in these rows. */
  placesIn({ list, ranges }: { list: number; ranges: RowRanges }): number[] {
    if (list !== this.#list) throw new UserError('The list has changed.', { code: 'usage', hint: 'Try again.' });
    return placesOfKeys(keysAt(this.#shown.keys, ranges), this.#shown);
  }

  #find({ filter, sort }: Pick<Query, 'filter' | 'sort'>, signal: AbortSignal): Promise<CaseList> {
    const { until, id, against } = this.#options;
    return until(signal).listCases(id, { filter, sort, against: against() });
  }

  async #group(
    { filter, sort, grouping, folds }: Omit<Query, 'shown' | 'places'>,
    found: CaseList,
    signal: AbortSignal,
  ): Promise<CaseKeys> {
    const { store, id } = this.#options;
    const { places, tags } = found;
    const join = (groups: Parameters<typeof joinGroups>[0]) => joinGroups(groups, this.#titleKey, folds);
    switch (grouping) {
      case 'none':
        return { keys: places, groups: new Map() };
      case 'state':
        return join(groupByState(places, await store.matrix(id), filter.column));
      case 'group':
        return join(groupByName(places, (await store.identities(id)).groups));
      case 'tag': {
        if (filter.tag !== undefined) return join([{ id: `=${filter.tag}`, label: filter.tag, places }]);
        const placesOf = async (tag: string) => (await this.#find({ filter: { ...filter, tag }, sort }, signal)).places;
        return join(await groupByTag({ all: places, tags, placesOf }));
      }
    }
  }

  async #rowsOf({ groups }: CaseKeys, keys: number[]): Promise<(CaseTableRow | null)[]> {
    const places = keys.filter((key) => key >= 0);
    const rows = (await this.#options.rowsAt(places)).values();
    return keys.map((key) => {
      const group = groups.get(key);
      if (!group) return rows.next().value ?? null;
      const { places: cases, ...title } = group;
      return { kind: 'group', ...title, cases: cases.length };
    });
  }
}
