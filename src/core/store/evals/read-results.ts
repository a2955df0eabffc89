import { UserError } from '../../base/errors.ts';
import { fromJson } from '../database/json.ts';
import type { Database } from '../database/sqlite.ts';
import type { EvalListed, EvalPage, EvalRecord } from './eval-record.ts';
import { decodeListed, LISTED } from './eval-rows.ts';

/** The number of results that an error names. */
const MOST_NAMED = 5;

const IS_ACTIVE = `(state IN ('running', 'paused'))`;

export function getResult(db: Database, id: string): EvalRecord | undefined {
  const listed = getListed(db, id);
  if (listed === undefined) return undefined;
  const { bytes: _, ...record } = listed;
  const row = db.prepare('SELECT plan FROM evaluations WHERE id = ?').get(id);
  return { ...record, plan: fromJson<unknown>(row?.plan, undefined) };
}

export function getListed(db: Database, id: string): EvalListed | undefined {
  const row = db.prepare(`${LISTED} WHERE id = ? AND is_deleted = 0`).get(id);
  return row && decodeListed(row);
}

export function listResults(db: Database, { file, limit, before }: EvalPage): EvalListed[] {
  const isActive = before && (before.state === 'running' || before.state === 'paused') ? 1 : 0;
  return db
    .prepare(
      `${LISTED} WHERE is_deleted = 0 AND (?1 IS NULL OR file = ?1) AND (?6 = 0 OR file IS NULL)
      AND (?2 IS NULL OR (${IS_ACTIVE}, started_at, id) < (?3, ?4, ?2))
      ORDER BY ${IS_ACTIVE} DESC, started_at DESC, id DESC LIMIT ?5`,
    )
    .all(
      ...[file ?? null, before?.id ?? null, isActive, before?.startedAt ?? 0, Math.max(0, Math.floor(limit))],
      file === null ? 1 : 0,
    )
    .map(decodeListed);
}

export function newestOf(db: Database, file: string): string | undefined {
  const row = db
    .prepare('SELECT id FROM evaluations WHERE file = ? AND is_deleted = 0 ORDER BY started_at DESC, seq DESC LIMIT 1')
    .get(file);
  return row && String(row.id);
}

export function findResult(db: Database, idOrStart: string): string | undefined {
  if (idOrStart === '') return undefined;
  const ids = db
    .prepare(
      `SELECT id FROM evaluations WHERE substr(id, 1, length(?1)) = ?1 AND is_deleted = 0
      ORDER BY id = ?1 DESC, started_at DESC LIMIT ${MOST_NAMED}`,
    )
    .all(idOrStart)
    .map(({ id }) => String(id));
  if (ids.length < 2 || ids[0] === idOrStart) return ids[0];
  throw new UserError(`Several evaluation results begin with ${idOrStart}: ${ids.join(', ')}.`, {
    code: 'unknown-result',
    hint: 'Write more characters of the ID.',
  });
}
