import type { DatasetRow } from '../../datasets/row.ts';
import { columnOfRole, type DatasetColumns } from '../../datasets/row-columns.ts';

/** What is known of a new case, or changed of an old one; undefined stays as it is. */
interface CaseChanges {
  inputs?: Readonly<Record<string, unknown>> | undefined;
  /** Several are alternatives. */
  expected?: readonly unknown[] | undefined;
  tags?: readonly string[] | undefined;
}

/**
 * The columns and values of a row for `editRow`, `appendRows` and `editInlineRow`, under the names that the dataset has:
 * a reference goes to its column `ground_truth` if it has one.
 */
export function caseRow(
  { inputs = {}, expected, tags }: CaseChanges,
  { columns, mapping }: { columns: readonly string[]; mapping: DatasetColumns },
): DatasetRow {
  const row: [string, unknown][] = Object.entries(inputs).map(([name, value]) => [
    mapping.inputs?.[name] ?? name,
    value,
  ]);
  const separate = mapping.expected ?? [];
  if (expected && separate.length > 1) {
    row.push(...separate.map((name, index): [string, unknown] => [name, expected[index] ?? '']));
  } else if (expected) {
    row.push([columnOfRole('expected', columns, mapping), expected.length === 1 ? expected[0] : expected]);
  }
  if (tags) row.push([columnOfRole('tags', columns, mapping), tags]);
  return Object.fromEntries(row);
}
