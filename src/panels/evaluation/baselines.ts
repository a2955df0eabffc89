import { pairColumns } from '../../core/store/evals/compare/pair-columns.ts';
import type { CellWithAnswer, EvalColumn } from '../../core/store/evals/eval-record.ts';
import type { ResultChoice } from '../../protocol/evaluation.ts';
import { columnTitle } from '../../shared/column-title.ts';
import { joinCases } from '../../shared/join-cases.ts';
import type { ResultStore } from './result-store.ts';

/** What the columns of a result are compared with. */
export interface Baselines {
  /** Undefined for a column without one. */
  labelOf(column: number): string | undefined;
  /** For each place, the baseline's cells of each column, by repeat. */
  read(places: readonly number[], own: readonly CellWithAnswer[]): Promise<Map<number, CellWithAnswer[][]>>;
}

/** Each column with the one of the same result that the evaluation names. */
export function ownBaselines(columns: readonly EvalColumn[]): Baselines {
  const baselineOf = (column: number) => columns[column]?.baselineColumn;
  return {
    labelOf(column) {
      const baseline = columns[baselineOf(column) ?? -1];
      return baseline && columnTitle(baseline);
    },
    async read(places, own) {
      const byPlace = cellsByPlace(own, columns.length);
      return new Map(
        places.map((place) => {
          const cells = byPlace.get(place) ?? [];
          return [place, columns.map((_, column) => cells[baselineOf(column) ?? -1] ?? [])];
        }),
      );
    },
  };
}

interface StoredBaseline {
  store: ResultStore;
  /** The result that is shown. */
  id: string;
  columns: readonly EvalColumn[];
  against: { choice: ResultChoice; columns: readonly EvalColumn[] };
}

/** A stored result, joined by the ids of cases; a case whose content differs is not compared. */
export async function storedBaselines({ store, id, columns, against }: StoredBaseline): Promise<Baselines> {
  const { choice } = against;
  const matched = pairColumns(columns, against.columns);
  const [own, others] = await Promise.all([store.identities(id), store.identities(choice.id)]);
  const { common } = joinCases(
    { ids: others.ids, rowHashes: others.contentHashes },
    { ids: own.ids, rowHashes: own.contentHashes },
  );
  const otherPlaces = new Int32Array(own.ids.length).fill(-1);
  common.b.forEach((place, index) => {
    otherPlaces[place] = common.a[index] ?? -1;
  });
  return {
    labelOf(column) {
      const other = against.columns[matched[column] ?? -1];
      return other && `${columnTitle(other)}, ${choice.name}`;
    },
    async read(places) {
      const found = places.map((place) => otherPlaces[place] ?? -1);
      const wanted = found.filter((place) => place >= 0);
      const byPlace = cellsByPlace(await store.cells(choice.id, wanted), against.columns.length);
      return new Map(
        places.map((place, index) => {
          const cells = byPlace.get(found[index] ?? -1) ?? [];
          return [place, matched.map((column) => cells[column ?? -1] ?? [])];
        }),
      );
    },
  };
}

/** The cells of each place, by column and repeat. */
export function cellsByPlace(cells: readonly CellWithAnswer[], columns: number): Map<number, CellWithAnswer[][]> {
  const places = new Map<number, CellWithAnswer[][]>();
  for (const cell of cells) {
    const found = places.get(cell.case) ?? Array.from({ length: columns }, () => []);
    found[cell.column]?.push(cell);
    places.set(cell.case, found);
  }
  for (const found of places.values()) for (const repeats of found) repeats.sort((a, b) => a.repeat - b.repeat);
  return places;
}
