import { UserError } from '../../core/base/errors.ts';
import { readYaml } from '../../core/config/read-yaml.ts';
import { editRow } from '../../core/datasets/edit/edit-rows.ts';
import type { TextEdit } from '../../core/datasets/edit/text-edit.ts';
import { caseRow } from '../../core/evals/cases/case-row.ts';
import { editInlineRow } from '../../core/evals/cases/edit-inline-row.ts';
import { readCases } from '../../core/evals/cases/read-cases.ts';
import type { DatasetSpec, EvalSpec } from '../../core/evals/file/eval-spec.ts';
import type { StoredPlan } from '../../core/evals/run/eval-plan.ts';
import type { EvalRecord, StoredCase } from '../../core/store/evals/eval-record.ts';
import type { CaseChanges } from '../../protocol/evaluation.ts';
import { isRecord } from '../../shared/is-record.ts';

/** The file that has the row of a case, and how its columns are read. */
export interface CaseSource {
  /** Absolute. */
  file: string;
  /** As the evaluation calls it. */
  name: string;
  dataset: DatasetSpec;
  spec: EvalSpec;
}

/** The row of a case in the text of its file. */
interface CaseRow {
  /** From 1. */
  number: number;
  columns: string[];
}

/** Undefined if the dataset is no longer known, as for results that other tools have written. */
export function caseSource({ plan }: Pick<EvalRecord, 'plan'>, dataset: string | undefined): CaseSource | undefined {
  const spec = (plan as Partial<StoredPlan> | undefined)?.spec;
  const found = spec?.datasets.find((one) => ('file' in one ? one.written : undefined) === dataset);
  if (!spec || !found) return undefined;
  const file = 'file' in found ? found.file : spec.path;
  return { file, name: dataset ?? 'the evaluation file', dataset: found, spec };
}

/**
 * The edits of a file's text that change the row of a case. The row is found by the identity of the case, because rows
 * may have been added, removed or moved since. Throws UserError if it is no longer there.
 */
export async function editCase(
  source: CaseSource,
  text: string,
  { stored, changes }: { stored: StoredCase; changes: CaseChanges },
): Promise<TextEdit[]> {
  const row = await findCaseRow(source, text, stored);
  const mapping = source.dataset.columns;
  const values = caseRow(changes, { columns: row.columns, mapping });
  const change = { row: row.number, values };
  return 'file' in source.dataset ? editRow(source.file, text, change) : editInlineRow(text, change);
}

/** The offset of the row of a case in its file's text, to show it there. */
export async function findCaseOffset(source: CaseSource, text: string, stored: StoredCase): Promise<number> {
  const { number, columns } = await findCaseRow(source, text, stored);
  const [first = ''] = columns;
  // the place of any value of the row: an edit that would change it says where it is
  const change = { row: number, values: { [first]: '' } };
  const edits = 'file' in source.dataset ? editRow(source.file, text, change) : editInlineRow(text, change);
  return edits[0]?.start ?? 0;
}

async function findCaseRow(source: CaseSource, text: string, stored: StoredCase): Promise<CaseRow> {
  const { dataset, name } = source;
  const spec = { ...source.spec, datasets: [currentRows(source, text)], sample: undefined };
  const open = () => [new TextEncoder().encode(text)];
  for await (const { id, number, row } of readCases(spec, { open, onProblem: () => undefined })) {
    if (id === stored.id) return { number, columns: Object.keys(row) };
  }
  const isOther = 'rows' in dataset ? 'Its rows were changed.' : 'The file was changed.';
  throw new UserError(`The row of this case is no longer in ${name}.`, {
    code: 'invalid-input',
    hint: `${isOther} Run the evaluation again to see its present cases.`,
  });
}

/** Rows of the evaluation file itself are read from its text as it is now. */
function currentRows({ dataset, file }: CaseSource, text: string): DatasetSpec {
  if ('file' in dataset) return dataset;
  const { value } = readYaml(text, file, 'The rows cannot be read.');
  const rows = isRecord(value) && Array.isArray(value.rows) ? value.rows.filter(isRecord) : [];
  return { ...dataset, rows };
}
