import { fieldColumns } from '../../datasets/field-columns.ts';
import type { DatasetRow } from '../../datasets/row.ts';
import { type DatasetColumns, RATING_COLUMNS } from '../../datasets/row-columns.ts';
import type { StoredCase } from '../../store/evals/eval-record.ts';
import { contentHash, type EvalCase } from '../cases/eval-case.ts';
import type { CasePrompt } from '../cases/prompt-inputs.ts';

interface CaseUse {
  prompts: readonly CasePrompt[];
  mapping: DatasetColumns;
}

/** A case as results keep it: of the row, only what a prompt or a metric reads. */
export function toStoredCase(evalCase: EvalCase, { prompts, mapping }: CaseUse): StoredCase {
  const { row, line: _line, ...kept } = evalCase;
  const { inputs } = kept;
  const columns = prompts.flatMap(({ fields }) => [...fieldColumns(row, fields, mapping.inputs).values()]);
  const others = new Set([...columns, ...RATING_COLUMNS].filter((name) => row[name] !== undefined));
  const read = [...others].filter((name) => inputs[name] !== row[name]).map((name) => [name, row[name]]);
  return { ...kept, contentHash: contentHash(evalCase), others: Object.fromEntries(read) };
}

/** The columns of the row again, as far as they are kept. */
export function rowOf({ inputs, others }: Pick<StoredCase, 'inputs' | 'others'>): DatasetRow {
  return { ...inputs, ...others };
}
