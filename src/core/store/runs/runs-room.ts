import type { Room, RoomContext } from '../room.ts';
import { listContents, summarizeContents } from './content-results.ts';
import { orderRuns, readByKey, readWholeByKey } from './order-runs.ts';
import { purge } from './purge.ts';
import { distinctValues, getComparison, getRun, listDays, listRuns } from './read-runs.ts';
import type {
  ContentSummary,
  RunContent,
  RunDay,
  RunFilter,
  RunPage,
  RunProgress,
  RunRating,
  RunRecord,
  RunSort,
  RunSummary,
} from './run-record.ts';
import { deleteRuns, markInterrupted, putRuns, rateRun, saveProgress } from './write-runs.ts';

/** The history: runs with their inputs and results. */
export const runsRoom = {
  tables: ['runs', 'run_inputs', 'run_answers', 'run_raw', 'run_search', 'search_queue'],
  methods: {
    /** Inserts runs at their start, in one transaction. */
    start({ db, at }: RoomContext, runs: RunRecord[]): void {
      putRuns(db, runs, { at, expect: 'new' });
    },
    /** Saves partial answers; also the heartbeat of these runs. */
    saveProgress({ db, at }: RoomContext, progress: RunProgress[]): void {
      saveProgress(db, progress, at);
    },
    /** Replaces the rows of finished runs, in one transaction. */
    finish({ db, at }: RoomContext, runs: RunRecord[]): void {
      putRuns(db, runs, { at, expect: 'known' });
    },
    /** Newest first. `before` is the cursor of the previous page. */
    list: ({ db }: RoomContext, page: RunPage): RunSummary[] => listRuns(db, page),
    /** The keys of all matching runs, in order, for a table of any length; runs are read page by page. */
    order: ({ db }: RoomContext, options: { filter: RunFilter; sort: RunSort }): Float64Array => orderRuns(db, options),
    /** In the order of the keys; undefined for a deleted run. */
    read: ({ db }: RoomContext, keys: readonly number[]): (RunSummary | undefined)[] => readByKey(db, keys),
    /** With inputs and answers, but not the raw exchanges; deleted runs are omitted. */
    readWhole: ({ db }: RoomContext, keys: readonly number[]): RunRecord[] => readWholeByKey(db, keys),
    listDays: ({ db }: RoomContext, filter: RunFilter): RunDay[] => listDays(db, filter),
    get: ({ db }: RoomContext, id: string): RunRecord | undefined => getRun(db, id),
    /** In the order of columns and repeats. */
    comparison: ({ db }: RoomContext, comparisonId: string): RunRecord[] => getComparison(db, comparisonId),
    rate({ db }: RoomContext, id: string, rating: RunRating): void {
      rateRun(db, id, rating);
    },
    delete({ db }: RoomContext, ids: string[]): void {
      deleteRuns(db, ids);
    },
    /** One entry for each of these contents that has runs. */
    summarizeContents: ({ db }: RoomContext, contentHashes: readonly string[]): ContentSummary[] =>
      summarizeContents(db, contentHashes),
    /** Contents run since, with the last recorded path of the prompt: candidates for git notes. */
    listContents: ({ db }: RoomContext, since: number): RunContent[] => listContents(db, since),
    /** Marks `streaming` runs without a heartbeat since `staleBefore` as interrupted; returns their ids. */
    markInterrupted: ({ db }: RoomContext, staleBefore: number): string[] => markInterrupted(db, staleBefore),
    /** Names for the filter's quick picks. */
    distinctValues: ({ db }: RoomContext): { models: string[]; promptPaths: string[] } => distinctValues(db),
    /** Deletes runs older than `olderThan` (rated ones stay when `keepRated`), then compacts. Returns how many. */
    purge: (context: RoomContext, options: { olderThan: number; keepRated: boolean }): Promise<number> =>
      purge(context, options),
  },
} satisfies Room;
