import type { Database } from '../database/sqlite.ts';
import type { CaseIdentities } from './eval-record.ts';
import type { EvalLayout } from './eval-rows.ts';

/** One text for all cases: reading each as a row from SQLite would take ten times as long. */
export function readIdentities(db: Database, { seq }: EvalLayout): CaseIdentities {
  const row = db
    .prepare(
      `SELECT group_concat(id) AS ids, group_concat(json_quote(content_hash)) AS hashes,
      group_concat(coalesce(group_name, 'null')) AS groups, count(group_name) AS grouped
      FROM (SELECT id, content_hash, group_name FROM eval_cases WHERE evaluation = ? ORDER BY place)`,
    )
    .get(seq);
  const list = <T>(text: unknown): T[] => (typeof text === 'string' ? (JSON.parse(`[${text}]`) as T[]) : []);
  const ids = list<string>(row?.ids);
  const groups =
    Number(row?.grouped) === 0
      ? Array.from<undefined>({ length: ids.length })
      : list<string | null>(row?.groups).map((group) => group ?? undefined);
  return { ids, contentHashes: list<string>(row?.hashes), groups };
}
