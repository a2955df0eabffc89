import type { StoredCase } from '../../store/evals/eval-record.ts';
import type { Store } from '../../store/store.ts';

/** The cases of a result, as they were at the start. */
export interface CaseSource {
  count: number;
  /** In this order. */
  read(places: readonly number[]): Promise<StoredCase[]>;
}

export function casesInMemory(cases: readonly StoredCase[]): CaseSource {
  return {
    count: cases.length,
    read: async (places) => places.flatMap((place) => cases[place] ?? []),
  };
}

export function casesInStore(store: Pick<Store, 'evals'>, id: string, count: number): CaseSource {
  return {
    count,
    async read(places) {
      if (places.length === 0) return [];
      const cases = await store.evals.cases(id, [...places]);
      return cases.map((one, index) => {
        if (one) return one;
        throw new Error(`The result ${id} has no case ${places[index]}.`);
      });
    },
  };
}
