import { type Database, inTransaction } from '../database/sqlite.ts';
import { LONGEST_INDEXED } from './encode-answer.ts';

/** Scripts without spaces: the tokenizer treats a whole sentence as one word, so they are searched as text. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const WORD_CHARACTER = /[\p{L}\p{N}]/u;

interface SearchTerms {
  /** An FTS5 expression; undefined if no word can be looked up in the index. */
  match: string | undefined;
  /** Pieces to search for literally. */
  pieces: string[];
}

/** Every word must occur, as a prefix; "a phrase" stays together. All is quoted for FTS5: nothing is special to it. */
export function parseSearch(search: string): SearchTerms {
  const terms =
    search
      .toWellFormed()
      .replaceAll('\0', ' ')
      .match(/"[^"]*"|[^\s"]+/gu) ?? [];
  const words: string[] = [];
  const pieces: string[] = [];
  for (const term of terms) {
    const phrase = term.startsWith('"');
    const text = phrase ? term.slice(1, -1).trim() : term;
    if (text === '') continue;
    if (!WORD_CHARACTER.test(text) || UNSPACED.test(text)) pieces.push(text);
    else words.push(phrase ? `"${text}"` : `"${text}"*`);
  }
  return { match: words.length > 0 ? words.join(' AND ') : undefined, pieces };
}

/** Indexes up to `limit` queued runs; returns how many. Streaming texts wait for their end unless a search needs it. */
export function indexQueued(db: Database, { limit, streaming }: { limit: number; streaming: boolean }): number {
  const pending = db.prepare(
    `SELECT q.run, r.prompt_name, a.body FROM search_queue q
     LEFT JOIN runs r ON r.seq = q.run LEFT JOIN run_answers a ON a.run = q.run
     WHERE ${streaming ? 'true' : "r.state IS NOT 'streaming'"} ORDER BY q.run LIMIT ?`,
  );
  if (pending.get(1) === undefined) return 0;
  return inTransaction(db, () => {
    const rows = pending.all(limit);
    const remove = db.prepare('DELETE FROM search_queue WHERE run = ?');
    for (const { run, prompt_name: name, body } of rows) {
      if (typeof name === 'string') indexRun(db, Number(run), { name, body });
      remove.run(Number(run));
    }
    return rows.length;
  });
}

function indexRun(db: Database, run: number, { name, body }: { name: string; body: unknown }): void {
  const answer = typeof body === 'string' ? (JSON.parse(body) as { text?: string }).text : undefined;
  indexText(db, run, { name, text: answer ?? '' });
}

export function indexText(db: Database, run: number, { name, text }: { name: string; text: string }): void {
  db.prepare('INSERT OR REPLACE INTO run_search (rowid, prompt_name, answer) VALUES (?, ?, ?)').run(
    run,
    name,
    text.slice(0, LONGEST_INDEXED).toWellFormed().replaceAll('\0', ' '),
  );
}

/** Empties a corrupted index and queues every run again; the answers themselves are not touched. */
export function resetSearchIndex(db: Database): void {
  inTransaction(db, () => {
    db.exec(`INSERT INTO run_search (run_search) VALUES ('delete-all')`);
    db.exec('INSERT OR IGNORE INTO search_queue (run) SELECT seq FROM runs');
  });
}
