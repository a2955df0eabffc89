import { joinCases } from '../../../../shared/join-cases.ts';
import { UserError } from '../../../base/errors.ts';
import type { Database } from '../../database/sqlite.ts';
import type { HashedMatrix } from '../cells/cell-chunk.ts';
import { readMatrix } from '../cells/read-matrix.ts';
import type { EvalListed } from '../eval-record.ts';
import { type EvalLayout, layoutOf, unknownResult } from '../eval-rows.ts';
import { readIdentities } from '../read-identities.ts';
import { getListed } from '../read-results.ts';
import { type BaselineColumn, markColumn } from './case-figures.ts';
import { pairColumns } from './pair-columns.ts';

/** What filters and sorting work on. */
export interface ComparedResult {
  db: Database;
  layout: EvalLayout;
  record: EvalListed;
  matrix: HashedMatrix;
  /** The columns that decide, each with its marks and changes. */
  columns: { column: number; marks: Uint8Array; changes: Float64Array; baseline: BaselineColumn | undefined }[];
}

export function compareResult(
  db: Database,
  id: string,
  { column: only, against }: { column: number | undefined; against: string | undefined },
): ComparedResult {
  const layout = layoutOf(db, id);
  const record = getListed(db, id);
  if (record === undefined) throw unknownResult(id);
  const matrix = readMatrix(db, layout);
  const baselines =
    against === undefined ? ownBaselines(record, matrix) : storedBaselines(db, { record, layout }, against);
  const decisive = only === undefined ? record.columns.map((_, column) => column) : [only];
  const columns = decisive.map((column) => ({
    column,
    baseline: baselines[column],
    ...markColumn(matrix, column, baselines[column]),
  }));
  return { db, layout, record, matrix, columns };
}

function ownBaselines({ columns }: EvalListed, matrix: HashedMatrix): (BaselineColumn | undefined)[] {
  return columns.map(({ baselineColumn }) =>
    baselineColumn === undefined ? undefined : { matrix, column: baselineColumn, places: undefined },
  );
}

/** Cases are joined by their ids; those whose content changed are not compared. */
function storedBaselines(
  db: Database,
  { record, layout }: Pick<ComparedResult, 'record' | 'layout'>,
  against: string,
): (BaselineColumn | undefined)[] {
  const stored = layoutOf(db, against);
  const [own, other] = [readIdentities(db, layout), readIdentities(db, stored)];
  const { common } = joinCases(
    { ids: other.ids, rowHashes: other.contentHashes },
    { ids: own.ids, rowHashes: own.contentHashes },
  );
  const places = new Int32Array(layout.cases).fill(-1);
  common.b.forEach((place, index) => {
    places[place] = common.a[index]!;
  });
  const matrix = readMatrix(db, stored);
  return pairColumns(record.columns, getListed(db, against)?.columns ?? []).map((column) =>
    column === undefined ? undefined : { matrix, column, places },
  );
}

export function metricNumber({ metrics, name }: EvalListed, metric: string): number {
  const number = metrics.findIndex((known) => known.name === metric);
  if (number >= 0) return number;
  throw new UserError(`The result of ${name} has no metric ${metric}.`, {
    code: 'usage',
    hint: `It has ${metrics.map((known) => known.name).join(', ')}.`,
  });
}
