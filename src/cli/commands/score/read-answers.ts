import { UserError } from '../../../core/base/errors.ts';
import { didYouMean, nearestNames } from '../../../core/base/nearest-name.ts';
import type { DatasetRow, PlacedRow } from '../../../core/datasets/row.ts';
import { createColumnReader, USUAL_NAMES } from '../../../core/datasets/row-columns.ts';
import { equalRowsNotice, inputsHash, NameCounts } from '../../../core/datasets/row-identity.ts';
import type { Sample } from '../../../core/evals/metrics/metric.ts';
import { readDatasetFile } from '../../read-dataset-file.ts';

export interface AnswerRow {
  id: string;
  sample: Sample;
}

interface Reading {
  prediction: string | undefined;
  reference: readonly string[];
  needsReference: boolean;
  signal: AbortSignal;
  onNotice(text: string): void;
}

/** The first name that the first row has is used. */
const { output: PREDICTIONS, expected: REFERENCES } = USUAL_NAMES;

/** The rows of a file as samples, one by one. Throws UserError with the file and the row. */
export async function* readAnswers(file: string, reading: Reading): AsyncGenerator<AnswerRow> {
  const { signal, onNotice } = reading;
  let columns: Columns | undefined;
  let identities: Identities | undefined;
  for await (const placed of readDatasetFile(file, { what: 'file', signal, onNotice })) {
    columns ??= findColumns(file, placed.row, reading);
    identities ??= new Identities(file, columns);
    const { id, inputs } = identities.identify(placed);
    yield { id, sample: { ...toSample(file, placed, columns), id, inputs } };
  }
  const notice = equalRowsNotice(identities?.equal ?? 0);
  if (notice !== undefined) onNotice(notice);
}

interface Columns {
  prediction: string;
  references: readonly string[];
  isTable: boolean;
}

function findColumns(file: string, row: DatasetRow, { prediction, reference, needsReference }: Reading): Columns {
  const find = (what: string, option: string, names: readonly string[]): string => {
    const found = names.find((name) => Object.hasOwn(row, name));
    if (found !== undefined) return found;
    const known = Object.keys(row);
    const hint = didYouMean(nearestNames(names[0] ?? '', known, 1)) ?? `Its columns are ${known.join(', ')}.`;
    const named = names.length === 1 ? `no column "${names[0]}"` : `no column with ${what}`;
    throw new UserError(`${file} has ${named}.`, { code: 'invalid-input', hint: `${hint} Set it with ${option}.` });
  };
  const usual = REFERENCES.find((name) => Object.hasOwn(row, name));
  const references =
    reference.length > 0
      ? reference.map((name) => find('references', '--reference', [name]))
      : needsReference
        ? [find('references', '--reference', REFERENCES)]
        : usual === undefined
          ? []
          : [usual];
  return {
    prediction: find('answers', '--prediction', prediction === undefined ? PREDICTIONS : [prediction]),
    references,
    isTable: /\.[ct]sv$/i.test(file),
  };
}

/**
 * As cases of an evaluation: the written ID, or else a hash of what is neither answer nor reference, so that the answers of
 * two models are compared row by row. A row of nothing else has its number.
 */
class Identities {
  /** Rows without an ID whose inputs an earlier row has, too. */
  equal = 0;
  readonly #file: string;
  readonly #readColumns: ReturnType<typeof createColumnReader>;
  readonly #counts = new NameCounts();

  constructor(file: string, { prediction, references }: Columns) {
    this.#file = file;
    this.#readColumns = createColumnReader({ output: prediction, expected: [...references] });
  }

  identify(placed: PlacedRow): { id: string; inputs: Record<string, unknown> } {
    const { id: written, inputs } = this.#readColumns(placed.row);
    const isWritten = typeof written === 'string' || typeof written === 'number';
    if (!isWritten && Object.keys(inputs).length === 0) return { id: String(placed.number), inputs };
    const id = isWritten ? String(written) : inputsHash(inputs);
    const { occurrence, firstRow } = this.#counts.add(id, placed.number);
    if (occurrence === 1) return { id, inputs };
    if (isWritten) throw rowError(this.#file, placed, `the ID "${id}" is also that of row ${firstRow}`);
    this.equal += 1;
    return { id: `${id}#${occurrence}`, inputs };
  }
}

function toSample(file: string, placed: PlacedRow, { prediction, references, isTable }: Columns): Sample {
  const { row } = placed;
  const missing = [prediction, ...references].find((name) => row[name] === undefined);
  if (missing !== undefined) throw rowError(file, placed, `there is no "${missing}"`);
  const answer = row[prediction];
  if (answer === null) throw rowError(file, placed, `"${prediction}" is null`);
  return {
    output: typeof answer === 'string' ? answer : JSON.stringify(answer),
    references: references.flatMap((name) => alternatives(row[name], isTable)),
  };
}

/** A list of texts is several references; in a table it is written as JSON. Null is none. */
function alternatives(value: unknown, isTable: boolean): unknown[] {
  const list = isTable && typeof value === 'string' && value.startsWith('[') ? parseList(value) : value;
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  return value === null ? [] : [value];
}

function parseList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function rowError(file: string, { line, number }: PlacedRow, problem: string): UserError {
  const hint = 'Fix the row and try again.';
  return new UserError(`${file}:${line}: row ${number}: ${problem}.`, { code: 'invalid-input', hint });
}
