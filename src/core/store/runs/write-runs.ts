import { type Database, inTransaction, withSmallCache } from '../database/sqlite.ts';
import { putRunning, removeEntry, removeStale } from '../jobs/journal.ts';
import { LONGEST_INDEXED } from './encode-answer.ts';
import {
  encodeAnswer,
  encodeInputs,
  encodeNumber,
  encodePreview,
  encodeRaw,
  encodeRun,
  type SqlValue,
} from './rows.ts';
import type { RunProgress, RunRating, RunRecord } from './run-record.ts';
import { indexText } from './search.ts';

/** The kind of a run in the journal of jobs, where its entry has its own id. */
const RUN_JOB = 'run';

const COLUMNS = [
  'id',
  'comparison_id',
  'column_no',
  'repeat_no',
  'started_at',
  'ended_at',
  'state',
  'model',
  'prompt_path',
  'prompt_name',
  'cost_usd',
  'rating',
  'note',
  'usage',
  'preview',
  'details',
  'content_hash',
  'simulated',
] as const;

const INSERT_RUN = `INSERT INTO runs (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT (id) DO NOTHING`;
/** A rating given while the run was streaming outlives the record that its owner hands in at the end. */
const UPDATE_RUN = `UPDATE runs SET ${COLUMNS.slice(1)
  .map((name) => (name === 'rating' || name === 'note' ? `${name} = coalesce(?, ${name})` : `${name} = ?`))
  .join(', ')} WHERE id = ? RETURNING seq`;
const PUT_INPUTS = 'INSERT OR REPLACE INTO run_inputs (run, body) VALUES (?, ?)';
/** An encoded answer comes as bytes, and is text all the same. */
const PUT_ANSWER = 'INSERT OR REPLACE INTO run_answers (run, body) VALUES (?, CAST(? AS TEXT))';
const PUT_RAW = 'INSERT INTO run_raw (run, body) VALUES (?, ?)';
const QUEUE = 'INSERT OR IGNORE INTO search_queue (run) VALUES (?)';

/** A progress report also revives a run that another window took for dead, after a laptop's sleep for example. */
const SAVE_PROGRESS = `UPDATE runs SET state = 'streaming', ended_at = NULL, cost_usd = ?, usage = ?, preview = coalesce(?, preview)
  WHERE id = ? AND state IN ('streaming', 'interrupted') RETURNING seq`;

/**
 * Inserts runs, or replaces the rows of the same ids: a start that is sent twice, an end whose start was lost with its
 * file. `expect` says which of the two is tried first.
 */
export function putRuns(
  db: Database,
  runs: RunRecord[],
  { at, expect }: { at: number; expect: 'new' | 'known' },
): void {
  inWriting(db, runs, () => {
    for (const run of runs) {
      const values = encodeRun(run);
      let seq = expect === 'new' ? insertRun(db, values) : undefined;
      if (seq === undefined) {
        seq = updateRun(db, values) ?? insertRun(db, values);
        db.prepare('DELETE FROM run_raw WHERE run = ?').run(seq ?? null);
      }
      putTexts(db, seq ?? null, run);
      if (run.state === 'streaming') putRunning(db, { id: run.id, kind: RUN_JOB }, at);
      else if (expect === 'known') removeEntry(db, run.id);
    }
  });
}

function inWriting(db: Database, records: readonly { answerJson?: unknown }[], work: () => void): void {
  const write = () => inTransaction(db, work);
  if (records.some(({ answerJson }) => answerJson !== undefined)) withSmallCache(db, write);
  else write();
}

/** Undefined where the id is there already. */
function insertRun(db: Database, values: Record<string, SqlValue>): SqlValue | undefined {
  const { changes, lastInsertRowid } = db.prepare(INSERT_RUN).run(...COLUMNS.map((name) => values[name] ?? null));
  return Number(changes) === 0 ? undefined : Number(lastInsertRowid);
}

function updateRun(db: Database, values: Record<string, SqlValue>): SqlValue | undefined {
  const [id, ...rest] = COLUMNS.map((name) => values[name] ?? null);
  const row = db.prepare(UPDATE_RUN).get(...rest, id ?? null);
  return row === undefined ? undefined : Number(row.seq);
}

function putTexts(db: Database, seq: SqlValue, run: RunRecord): void {
  db.prepare(PUT_INPUTS).run(seq, encodeInputs(run));
  db.prepare(PUT_ANSWER).run(seq, run.answerJson ?? encodeAnswer(run));
  const raw = encodeRaw(run);
  if (raw !== undefined) db.prepare(PUT_RAW).run(seq, raw);
  const isLong = run.answerJson !== undefined || run.text.length > LONGEST_INDEXED;
  if (!isLong || !indexAtOnce(db, seq, run)) db.prepare(QUEUE).run(seq);
}

/** While the text is here: to read a very long one back takes several times its memory. */
function indexAtOnce(db: Database, seq: SqlValue, { promptName, text }: RunRecord): boolean {
  try {
    indexText(db, Number(seq), { name: promptName, text });
    db.prepare('DELETE FROM search_queue WHERE run = ?').run(seq);
    return true;
  } catch {
    // A damaged index is made again when the queue is worked off; the answer itself is kept whatever it says.
    return false;
  }
}

export function saveProgress(db: Database, progress: RunProgress[], at: number): void {
  inWriting(db, progress, () => {
    for (const { id, text, rawText, reasoning, usage, costUsd, answerJson } of progress) {
      const row = db
        .prepare(SAVE_PROGRESS)
        .get(encodeNumber(costUsd), JSON.stringify(usage), text === undefined ? null : encodePreview(text), id);
      if (row === undefined) continue;
      putRunning(db, { id, kind: RUN_JOB }, at);
      if (text === undefined) continue;
      const body = answerJson ?? encodeAnswer({ text, rawText, reasoning: reasoning ?? '' });
      db.prepare(PUT_ANSWER).run(Number(row.seq), body);
      db.prepare(QUEUE).run(Number(row.seq));
    }
  });
}

/** The last heartbeat becomes the end: nothing is known of the run after it. */
export function markInterrupted(db: Database, staleBefore: number): string[] {
  const statement = db.prepare(
    `UPDATE runs SET state = 'interrupted', ended_at = ? WHERE id = ? AND state = 'streaming'`,
  );
  return inTransaction(db, () => {
    const stale = removeStale(db, RUN_JOB, staleBefore);
    return stale.flatMap(({ id, heartbeat }) => (Number(statement.run(heartbeat, id).changes) > 0 ? [id] : []));
  });
}

export function rateRun(db: Database, id: string, { rating, note }: RunRating): void {
  db.prepare('UPDATE runs SET rating = ?, note = ? WHERE id = ?').run(
    rating ?? null,
    note === undefined ? null : JSON.stringify(note),
    id,
  );
}

export function deleteRuns(db: Database, ids: string[]): void {
  inTransaction(db, () => {
    const statement = db.prepare('DELETE FROM runs WHERE id = ?');
    for (const id of ids) {
      statement.run(id);
      removeEntry(db, id);
    }
  });
}
