import { canonicalJson } from '../../datasets/row-identity.ts';
import type { EvalRecord, StoredAnswer, StoredCase } from '../../store/evals/eval-record.ts';
import type { Store } from '../../store/store.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { StoredPlan } from '../run/eval-plan.ts';

interface CellKey {
  evalCase: StoredCase;
  column: number;
  repeat: number;
}

interface EarlierAnswer {
  /** The number of the stored answer. */
  id: number;
  answer: StoredAnswer;
}

/**
 * Answers of targets in an earlier result. What a target does is not known, so that its answers are never reused by
 * themselves, only when a user requests that what has not changed is kept.
 */
export interface EarlierAnswers {
  /** Whether the row is the same as then, and its answer was no error. */
  has(cell: CellKey): boolean;
  /** In the order of the cells; undefined where there is none. */
  find(cells: readonly CellKey[]): Promise<(EarlierAnswer | undefined)[]>;
}

/** Undefined if none are taken over, the result was deleted meanwhile, or has none of the targets. */
export async function openEarlierAnswers(
  { store }: { store: Pick<Store, 'evals'> },
  { reusedId, spec }: Pick<StoredPlan, 'reusedId' | 'spec'>,
): Promise<EarlierAnswers | undefined> {
  const record = reusedId === undefined ? undefined : await store.evals.get(reusedId);
  if (!record) return undefined;
  const columns = equalTargets(spec, record);
  if (columns.every((column) => column < 0)) return undefined;
  const [{ ids, contentHashes }, states] = await Promise.all([
    store.evals.identities(record.id),
    store.evals.finished(record.id),
  ]);
  return new StoredAnswers({ store, record, columns, states, contentHashes, ids });
}

/** For each target, its column in the result; −1 if it was another one. */
export function equalTargets({ targets }: EvalSpec, { plan }: EvalRecord): number[] {
  const { spec, sources } = plan as StoredPlan;
  const earlier = sources.map((source) => {
    return source.kind === 'target' ? canonicalJson(spec.targets[source.target]) : undefined;
  });
  return targets.map((target) => earlier.indexOf(canonicalJson(target)));
}

interface Known {
  store: Pick<Store, 'evals'>;
  record: EvalRecord;
  columns: readonly number[];
  states: Uint8Array;
  ids: readonly string[];
  contentHashes: readonly string[];
}

const PASSED = 1;
const FAILED = 2;

class StoredAnswers implements EarlierAnswers {
  readonly #known: Known;
  readonly #places: ReadonlyMap<string, number>;

  constructor(known: Known) {
    this.#known = known;
    this.#places = new Map(known.ids.map((id, place) => [id, place]));
  }

  has(cell: CellKey): boolean {
    return this.#placeOf(cell) !== undefined;
  }

  async find(cells: readonly CellKey[]): Promise<(EarlierAnswer | undefined)[]> {
    const { store, record, columns } = this.#known;
    const places = cells.map((cell) => this.#placeOf(cell));
    const wanted = [...new Set(places.filter((place) => place !== undefined))];
    if (wanted.length === 0) return cells.map(() => undefined);
    const stored = await store.evals.cells(record.id, wanted);
    return cells.map(({ column, repeat }, index) => {
      const found = stored.find(
        (one) => one.case === places[index] && one.column === columns[column] && one.repeat === repeat,
      );
      return found && { id: found.answerId, answer: found.answer };
    });
  }

  /** In the earlier result; undefined for a cell that is new or has changed. */
  #placeOf({ evalCase, column, repeat }: CellKey): number | undefined {
    const { record, columns, states, contentHashes } = this.#known;
    const place = this.#places.get(evalCase.id);
    const before = columns[column] ?? -1;
    if (place === undefined || before < 0 || repeat > record.repeats) return undefined;
    if (contentHashes[place] !== evalCase.contentHash) return undefined;
    const state = states[(place * record.columns.length + before) * record.repeats + repeat - 1];
    return state === PASSED || state === FAILED ? place : undefined;
  }
}
