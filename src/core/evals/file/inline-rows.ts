import type { ConfigChecks } from '../../config/check-config.ts';
import { createColumnReader } from '../../datasets/row-columns.ts';
import { describeDifference } from '../cases/compare-inputs.ts';
import type { DatasetSpec } from './eval-spec.ts';

/** Checks the IDs of rows in the file itself; those of datasets are checked before a run. */
export function checkInlineRows(datasets: readonly DatasetSpec[], { report }: ConfigChecks): void {
  for (const dataset of datasets) {
    if (!('rows' in dataset)) continue;
    const readColumns = createColumnReader(dataset.columns);
    const first = new Map<string, { number: number; inputs: Record<string, unknown> }>();
    for (const [index, row] of dataset.rows.entries()) {
      const { id, inputs } = readColumns(row);
      if (id === undefined) continue;
      const other = first.get(String(id));
      if (other === undefined) first.set(String(id), { number: index + 1, inputs });
      else {
        const keys = ['rows', String(index), dataset.columns.id ?? 'id'];
        const difference = describeDifference(other.inputs, inputs);
        const message = `rows: the ID "${id}" is also that of row ${other.number}. ${difference}`;
        report(keys, message, { code: 'duplicate-case-id' });
      }
    }
  }
}
