import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { Room, RoomContext } from '../room.ts';
import { readHistory } from './case-history.ts';
import { encodeCells, encodeScoredCells } from './cells/encode-cells.ts';
import { placesWith, rateCell, readRated } from './cells/rate-cells.ts';
import { findAnswer, readAnswers, readCases, readCells } from './cells/read-cells.ts';
import { readMatrix } from './cells/read-matrix.ts';
import { rescoreCells } from './cells/rescore-cells.ts';
import { addCells, type PaidFigures } from './cells/write-cells.ts';
import { listCases } from './compare/list-cases.ts';
import { deleteResults } from './delete-results.ts';
import type {
  AnswerRating,
  CaseFilter,
  CaseIdentities,
  CaseList,
  CaseSort,
  CellPlace,
  CellWithAnswer,
  EvalChanges,
  EvalListed,
  EvalMatrix,
  EvalMetric,
  EvalPage,
  EvalRecord,
  NewCell,
  PastCell,
  RatedAnswers,
  RescoredCell,
  StoredAnswer,
  StoredCase,
} from './eval-record.ts';
import { layoutOf } from './eval-rows.ts';
import { readIdentities } from './read-identities.ts';
import { findResult, getResult, listResults, newestOf } from './read-results.ts';
import { addCases, claimResult, createResult, markInterrupted, pinResult, updateResult } from './write-results.ts';

/** Results of evaluations. Every method that names a result throws `unknown-result` if it does not exist, except where noted. */
export const evalsRoom = {
  tables: ['evaluations', 'eval_metric_sets', 'eval_cases', 'eval_answers', 'eval_cells', 'eval_chunks'],
  methods: {
    /** In the state `running`, as it is given; the counts and totals are those of the record, usually zeros. */
    create({ db }: RoomContext, record: EvalRecord): void {
      createResult(db, record);
    },
    /** Cases from the place `first` on. Announces them in the counts of cases and cells if these are too small. */
    addCases({ db }: RoomContext, id: string, first: number, cases: readonly StoredCase[]): void {
      addCases(db, id, { first, cases });
    },
    /**
     * Finished cells, in one transaction with what they cost: all of it is stored, or nothing. A cell that exists is
     * replaced, with its rating and comment. An answer that is the same object in several cells is stored once, and the
     * totals have the cost of each request once. `unused` are answers that were paid for, but belong to no cell.
     */
    addCells(
      { db }: RoomContext,
      id: string,
      cells: readonly NewCell[],
      spent: readonly LedgerEntry[] = [],
      unused: readonly PaidFigures[] = [],
    ): void {
      addCells(db, id, { cells: encoded(cells, encodeCells), spent, unused });
    },
    update({ db }: RoomContext, id: string, changes: EvalChanges): void {
      updateResult(db, id, changes);
    },
    /**
     * Takes over a result in order to continue it: sets it to `running` and puts it in the journal of jobs under its own
     * ID. False if another window is still at it, which had a heartbeat since `staleBefore`.
     */
    claim: ({ db, at }: RoomContext, id: string, owner: string, staleBefore: number): boolean =>
      claimResult(db, id, { owner, staleBefore, at }),
    /** Undefined if it does not exist. */
    get: ({ db }: RoomContext, id: string): EvalRecord | undefined => getResult(db, id),
    /** Running and paused ones first, then the newest. */
    list: ({ db }: RoomContext, page: EvalPage): EvalListed[] => listResults(db, page),
    /** The newest result of an evaluation file. */
    newestOf: ({ db }: RoomContext, file: string): string | undefined => newestOf(db, file),
    /** By ID or the beginning of one. Undefined if there is none; throws `unknown-result` if several begin so. */
    find: ({ db }: RoomContext, idOrStart: string): string | undefined => findResult(db, idOrStart),
    /** With the answers that no other result uses; unknown IDs are ignored. What was spent stays in the ledger. */
    delete: (context: RoomContext, ids: readonly string[]): Promise<void> => deleteResults(context, ids),
    pin({ db }: RoomContext, id: string, isPinned: boolean): void {
      pinResult(db, id, isPinned);
    },
    /** In the order of the places; undefined for a case that is not stored. */
    cases: ({ db }: RoomContext, id: string, places: readonly number[]): (StoredCase | undefined)[] =>
      readCases(db, layoutOf(db, id), places),
    /** The finished cells of these cases, in the order of the places, then by column and repeat. */
    cells: ({ db }: RoomContext, id: string, places: readonly number[]): CellWithAnswer[] =>
      readCells(db, layoutOf(db, id), places),
    identities: ({ db }: RoomContext, id: string): CaseIdentities => readIdentities(db, layoutOf(db, id)),
    matrix: ({ db }: RoomContext, id: string): EvalMatrix => {
      const { hashes: _, ...matrix } = readMatrix(db, layoutOf(db, id));
      return matrix;
    },
    /** One byte for each cell, 0 if it is not finished: the `states` of the matrix. */
    finished: ({ db }: RoomContext, id: string): Uint8Array => readMatrix(db, layoutOf(db, id)).states,
    /**
     * Searching texts takes a while for large results, and ends early with the call's signal. Throws `usage` for an
     * invalid pattern, and for one that takes too long.
     */
    listCases: (
      context: RoomContext,
      id: string,
      options: { filter: CaseFilter; sort: CaseSort; against?: string | undefined },
    ): Promise<CaseList> => listCases(context, id, options),
    /** The number of the newest answer for each key, or undefined. */
    findAnswers: ({ db }: RoomContext, cacheKeys: readonly string[]): (number | undefined)[] =>
      cacheKeys.map((key) => findAnswer(db, key)),
    /** By their numbers, in this order; undefined for one that was deleted. */
    answers: ({ db }: RoomContext, ids: readonly number[]): (StoredAnswer | undefined)[] => readAnswers(db, ids),
    /** New scores of stored answers. `metrics` replaces those of the result: scores of cells that follow later stay if the metric's hash does. */
    rescored({ db }: RoomContext, id: string, cells: readonly RescoredCell[], metrics?: readonly EvalMetric[]): void {
      rescoreCells(db, id, { cells: encoded(cells, encodeScoredCells), metrics });
    },
    /** What is missing in the rating stays as it is. Scores do not change. */
    rate({ db }: RoomContext, id: string, place: CellPlace, rating: Partial<AnswerRating>): void {
      rateCell(db, id, { place, rating });
    },
    rated: ({ db }: RoomContext, id: string): RatedAnswers => readRated(db, layoutOf(db, id)),
    /** The places of the cases whose row has one of these columns. */
    placesWith: ({ db }: RoomContext, id: string, columns: readonly string[]): number[] =>
      placesWith(db, layoutOf(db, id), columns),
    /** The cells of a case in up to `limit` results of the same evaluation, newest first. */
    history: ({ db }: RoomContext, caseId: string, of: Pick<EvalRecord, 'file' | 'name'>, limit: number): PastCell[] =>
      readHistory(db, { caseId, of, limit }),
    /** Marks running and paused results whose window had no heartbeat since `staleBefore`; returns their IDs. */
    markInterrupted: ({ db }: RoomContext, staleBefore: number): string[] => markInterrupted(db, staleBefore),
  },
} satisfies Room;

/** The client encodes cells before it sends them. */
function encoded<Cell, Encoded>(cells: readonly Cell[], encode: (cells: readonly Cell[]) => Encoded): Encoded {
  return Array.isArray(cells) ? encode(cells) : (cells as unknown as Encoded);
}
