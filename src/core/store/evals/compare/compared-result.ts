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

function storedBaselines(
  db: Database,
  { record, layout }: Pick<ComparedResult, 'record' | 'layout'>,
  against: string,
): (BaselineColumn | undefined)[] {
  const stored = layoutOf(db, against);
  const of = [record.id, layout.cases, against, stored.cases].join(' ');
  const places = joinPlaces(db, [layout, stored], of);
  const matrix = readMatrix(db, stored);
  return pairColumns(record.columns, getListed(db, against)?.columns ?? []).map((column) =>
    column === undefined ? undefined : { matrix, column, places },
  );
}

/** The last join: every filter of a panel needs it again, and cases never change once they are stored. */
const lastJoin = new WeakMap<Database, { of: string; places: Int32Array }>();

/** The place in another result of each case, −1 if it has none or its content changed. */
function joinPlaces(db: Database, [own, other]: [EvalLayout, EvalLayout], of: string): Int32Array {
  const last = lastJoin.get(db);
  if (last?.of === of) return last.places;
  const [identities, others] = [readIdentities(db, own), readIdentities(db, other)];
  const { common } = joinCases(
    { ids: others.ids, rowHashes: others.contentHashes },
    { ids: identities.ids, rowHashes: identities.contentHashes },
  );
  const places = new Int32Array(own.cases).fill(-1);
  for (const [index, place] of common.b.entries()) places[place] = common.a[index]!;
  lastJoin.set(db, { of, places });
  return places;
}

export function metricNumber({ metrics, name }: EvalListed, metric: string): number {
  const number = metrics.findIndex((known) => known.name === metric);
  if (number >= 0) return number;
  throw new UserError(`The result of ${name} has no metric ${metric}.`, {
    code: 'usage',
    hint: `It has ${metrics.map((known) => known.name).join(', ')}.`,
  });
}
