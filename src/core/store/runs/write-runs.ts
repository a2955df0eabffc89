import { type Database, inTransaction, withSmallCache } from '../database/sqlite.ts';
import { putRunning, removeEntry, removeStale } from '../jobs/journal.ts';
import { addEntries, updateCost } from '../ledger/write-ledger.ts';
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
/** A rating given while the run was streaming survives the record that its owner writes at the end. */
const UPDATE_RUN = `UPDATE runs SET ${COLUMNS.slice(1)
  .map((name) => (name === 'rating' || name === 'note' ? `${name} = coalesce(?, ${name})` : `${name} = ?`))
  .join(', ')} WHERE id = ? RETURNING seq`;
const PUT_INPUTS = 'INSERT OR REPLACE INTO run_inputs (run, body) VALUES (?, ?)';
/** An encoded answer arrives as bytes, but is stored as text. */
const PUT_ANSWER = 'INSERT OR REPLACE INTO run_answers (run, body) VALUES (?, CAST(? AS TEXT))';
const PUT_RAW = 'INSERT INTO run_raw (run, body) VALUES (?, ?)';
const QUEUE = 'INSERT OR IGNORE INTO search_queue (run) VALUES (?)';

/** Saving progress also revives a run that another window considered dead, for example after a laptop's sleep. */
const SAVE_PROGRESS = `UPDATE runs SET state = 'streaming', ended_at = NULL, cost_usd = ?, usage = ?, preview = coalesce(?, preview)
  WHERE id = ? AND state IN ('streaming', 'interrupted') RETURNING seq`;

/** In the same transaction as their costs: other windows count a run towards the daily budget from its start. */
function addToLedger(db: Database, runs: readonly RunRecord[]): void {
  const entries = runs.map(({ id, startedAt, model, costUsd, simulated }) => {
    const connection = model.slice(0, Math.max(0, model.indexOf('/')));
    return { id, at: startedAt, connection, model, purpose: 'run' as const, usd: costUsd, simulated };
  });
  addEntries(db, entries);
}

/**
 * Inserts runs, or replaces the rows of the same ids: a start that is sent twice, an end whose start was lost with its
 * file. `expect` decides which of the two is tried first.
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
    addToLedger(db, runs);
  });
}

function inWriting(db: Database, records: readonly { answerJson?: unknown }[], work: () => void): void {
  const write = () => inTransaction(db, work);
  if (records.some(({ answerJson }) => answerJson !== undefined)) withSmallCache(db, write);
  else write();
}

/** Undefined if the id already exists. */
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

/** While the text is in memory: reading a very long one back takes several times its memory. */
function indexAtOnce(db: Database, seq: SqlValue, { promptName, text }: RunRecord): boolean {
  try {
    indexText(db, Number(seq), { name: promptName, text });
    db.prepare('DELETE FROM search_queue WHERE run = ?').run(seq);
    return true;
  } catch {
    // A corrupted index is rebuilt when the queue is processed; the answer itself is stored in any case.
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
      updateCost(db, id, costUsd);
      if (text === undefined) continue;
      const body = answerJson ?? encodeAnswer({ text, rawText, reasoning: reasoning ?? '' });
      db.prepare(PUT_ANSWER).run(Number(row.seq), body);
      db.prepare(QUEUE).run(Number(row.seq));
    }
  });
}

/** The last heartbeat becomes the end: nothing is known about the run after it. */
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
