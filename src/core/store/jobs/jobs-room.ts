import type { ErrorInfo } from '../../base/errors.ts';
import { fromJson, toJson } from '../database/json.ts';
import { inTransaction } from '../database/sqlite.ts';
import type { Room, RoomContext } from '../room.ts';
import type { JobChanges, JobEntry, JobState } from './job-entry.ts';
import { putRunning } from './journal.ts';

/** Runs had heartbeats of their own before. */
export const JOBS_1 = `
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  owner TEXT,
  started_at INTEGER NOT NULL,
  heartbeat INTEGER NOT NULL,
  ended_at INTEGER,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  remote_id TEXT,
  cursor TEXT,
  progress TEXT,
  detail TEXT,
  error TEXT
) WITHOUT ROWID;
CREATE INDEX jobs_running ON jobs (heartbeat) WHERE state = 'running';
INSERT INTO jobs (id, kind, state, started_at, heartbeat)
  SELECT id, 'run', 'running', started_at, heartbeat FROM runs WHERE state = 'streaming';
`;

type NewJob = OwnJob & Pick<JobEntry, 'kind' | 'detail'>;
type OwnJob = Pick<JobEntry, 'id'> & { owner: string };
type EndState = Exclude<JobState, 'running'>;

interface JobFilter {
  kind?: string;
  state?: JobState;
  /** 100 by default. */
  limit?: number;
}

/** Jobs with tables of their own have no window here: their rows have the outcome. */
const IS_OWN = '(owner IS NULL OR owner = ?)';

/** The journal of unfinished jobs of this and other windows, and of the outcome of finished ones. */
export const jobsRoom = {
  tables: ['jobs'],
  methods: {
    start({ db, at }: RoomContext, { id, kind, owner, detail }: NewJob): void {
      inTransaction(db, () => putRunning(db, { id, kind, owner, detail: toJson(detail) }, at));
    },
    /** Updates these jobs' heartbeats; returns those to stop, which another window cancelled or took over. */
    beat({ db, at }: RoomContext, ids: readonly string[], owner: string): string[] {
      const beat = db.prepare(`UPDATE jobs SET heartbeat = ? WHERE id = ? AND state = 'running' AND ${IS_OWN}`);
      const lost = db.prepare(`SELECT 1 FROM jobs WHERE id = ? AND (cancel_requested = 1 OR NOT ${IS_OWN})`);
      return inTransaction(db, () => {
        for (const id of ids) beat.run(at, id, owner);
        return ids.filter((id) => lost.get(id, owner) !== undefined);
      });
    },
    save({ db, at }: RoomContext, { id, owner }: OwnJob, { remoteId, cursor, progress }: JobChanges): void {
      db.prepare(
        `UPDATE jobs SET heartbeat = ?, remote_id = coalesce(?, remote_id), cursor = coalesce(?, cursor),
        progress = coalesce(?, progress) WHERE id = ? AND ${IS_OWN}`,
      ).run(at, remoteId ?? null, toJson(cursor) ?? null, toJson(progress) ?? null, id, owner);
    },
    end({ db, at }: RoomContext, { id, owner }: OwnJob, state: EndState, error?: ErrorInfo): void {
      db.prepare(`UPDATE jobs SET state = ?, ended_at = ?, error = ? WHERE id = ? AND ${IS_OWN}`).run(
        state,
        at,
        toJson(error) ?? null,
        id,
        owner,
      );
    },
    /** Deletes entries of jobs that ended before. Returns how many. */
    purge({ db }: RoomContext, endedBefore: number): number {
      return Number(db.prepare(`DELETE FROM jobs WHERE state <> 'running' AND ended_at < ?`).run(endedBefore).changes);
    },
    /** Asks the window that runs the job to cancel it. */
    requestCancel({ db }: RoomContext, id: string): void {
      db.prepare(`UPDATE jobs SET cancel_requested = 1 WHERE id = ? AND state = 'running'`).run(id);
    },
    get({ db }: RoomContext, id: string): JobEntry | undefined {
      const row = db.prepare('SELECT * FROM jobs WHERE id = ?').get(id);
      return row && decodeEntry(row);
    },
    /** Newest first. */
    list({ db }: RoomContext, { kind, state, limit = 100 }: JobFilter = {}): JobEntry[] {
      return db
        .prepare(
          `SELECT * FROM jobs WHERE kind = coalesce(?, kind) AND state = coalesce(?, state)
          ORDER BY started_at DESC, id DESC LIMIT ?`,
        )
        .all(kind ?? null, state ?? null, limit)
        .map(decodeEntry);
    },
    /** Assigns orphaned jobs, whose window has sent no heartbeat since, to this window and to no other. */
    claimStale({ db, at }: RoomContext, kind: string, owner: string, staleBefore: number): JobEntry[] {
      const statement = db.prepare(
        `UPDATE jobs SET state = 'running', ended_at = NULL, heartbeat = ?, owner = ?, cancel_requested = 0
        WHERE kind = ? AND ((state = 'running' AND heartbeat < ?) OR state = 'interrupted') RETURNING *`,
      );
      return inTransaction(db, () => statement.all(at, owner, kind, staleBefore).map(decodeEntry));
    },
    /** Marks orphaned jobs of other kinds than these as interrupted. Returns their ids. */
    interruptStale({ db }: RoomContext, staleBefore: number, exceptKinds: readonly string[] = []): string[] {
      const statement = db.prepare(
        `UPDATE jobs SET state = 'interrupted', ended_at = heartbeat WHERE state = 'running' AND heartbeat < ?
        AND kind NOT IN (SELECT value FROM json_each(?)) RETURNING id`,
      );
      return inTransaction(db, () =>
        statement.all(staleBefore, JSON.stringify(exceptKinds)).map(({ id }) => String(id)),
      );
    },
  },
} satisfies Room;

function decodeEntry(row: Record<string, unknown>): JobEntry {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    id: String(row.id),
    kind: String(row.kind),
    state: row.state as JobState,
    owner: text(row.owner),
    startedAt: Number(row.started_at),
    heartbeat: Number(row.heartbeat),
    endedAt: typeof row.ended_at === 'number' ? row.ended_at : undefined,
    isCancelRequested: row.cancel_requested === 1,
    remoteId: text(row.remote_id),
    cursor: fromJson<unknown>(row.cursor, undefined),
    progress: fromJson<JobEntry['progress']>(row.progress, undefined),
    detail: fromJson<unknown>(row.detail, undefined),
    error: fromJson<ErrorInfo | undefined>(row.error, undefined),
  };
}
