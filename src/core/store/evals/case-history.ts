import type { Database } from '../database/sqlite.ts';
import { readCells } from './cells/read-cells.ts';
import type { EvalRecord, PastCell } from './eval-record.ts';
import { layoutOf } from './eval-rows.ts';
import { getListed } from './read-results.ts';

interface HistoryOf {
  caseId: string;
  /** Results of an evaluation without a file are found by its name. */
  of: Pick<EvalRecord, 'file' | 'name'>;
  limit: number;
}

export function readHistory(db: Database, { caseId, of, limit }: HistoryOf): PastCell[] {
  const results = db
    .prepare(
      `SELECT evaluations.id AS evaluation, place, content_hash FROM
      (SELECT evaluation, place, content_hash FROM eval_cases WHERE substr(id, -9) = substr(?1, -9) AND id = ?1) AS found
      CROSS JOIN evaluations ON seq = found.evaluation
      WHERE file IS ?2 AND (file IS NOT NULL OR name = ?3) AND is_deleted = 0
      ORDER BY started_at DESC, seq DESC LIMIT ?4`,
    )
    .all(JSON.stringify(caseId), of.file ?? null, of.name, limit);
  return results.flatMap(({ evaluation, place, content_hash: contentHash }) => {
    const record = getListed(db, String(evaluation));
    if (record === undefined) return [];
    const { id, name, startedAt, columns, metrics } = record;
    return readCells(db, layoutOf(db, id), [Number(place)]).flatMap((cell) => {
      const column = columns[cell.column];
      if (column === undefined) return [];
      return [{ evaluation: { id, name, startedAt }, column, metrics, contentHash: String(contentHash), cell }];
    });
  });
}
