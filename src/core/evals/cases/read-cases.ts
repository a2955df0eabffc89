import path from 'node:path';
import { throwIfAborted } from '../../base/abort.ts';
import { UserError } from '../../base/errors.ts';
import { type DatasetBytes, readDataset } from '../../datasets/read-rows.ts';
import { type PlacedRow, RowProblem } from '../../datasets/row.ts';
import { createColumnReader, MissingColumns, type RowParts } from '../../datasets/row-columns.ts';
import { equalRowsNotice, NameCounts } from '../../datasets/row-identity.ts';
import { sampleRows } from '../../datasets/sample-rows.ts';
import type { DatasetSpec, EvalSpec } from '../file/eval-spec.ts';
import { describeDifference } from './compare-inputs.ts';
import { caseHash, type EvalCase, readCase } from './eval-case.ts';

/** A fault of a dataset that is found before a request is sent. */
export interface CaseProblem {
  code: 'no-cases' | 'duplicate-case-id' | 'missing-column' | 'wrong-type' | 'no-common-cases';
  /** A sentence that begins with the file and the row. */
  message: string;
  /** The dataset as written, and the row in it from 1; undefined for a fault of no single one. */
  dataset?: string;
  row?: number;
}

export interface ReadCasesOptions {
  /** The bytes of a dataset, by its absolute path. */
  open(file: string): DatasetBytes;
  /** Gets each problem, and the row is left out; without it, the first one is thrown. */
  onProblem?: ((problem: CaseProblem) => void) | undefined;
  /** Gets a sentence about what was understood in another way than it may be meant. */
  onNotice?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * The cases of an evaluation in the order of its datasets, one by one; of a sample, only so many are in memory. Throws
 * UserError for a dataset that cannot be read, with the file and the line.
 */
export async function* readCases(spec: EvalSpec, options: ReadCasesOptions): AsyncGenerator<EvalCase> {
  if (spec.sample) yield* await sampleRows(readAll(spec.datasets, options), { ...spec.sample, idOf: ({ id }) => id });
  else yield* readAll(spec.datasets, options);
}

/** Names a row: by its line in a file, because an editor shows it, and by its number, because a table does. */
type Place = Pick<EvalCase, 'dataset' | 'number' | 'line'>;

async function* readAll(datasets: readonly DatasetSpec[], options: ReadCasesOptions): AsyncGenerator<EvalCase> {
  const identities = new Identities();
  let count = 0;
  let compared = 0;
  const withDifference = async (problem: CaseProblem, { inputs }: Content, other: RowPlace) => {
    const dataset = datasets[other.dataset];
    const first = dataset && (await contentAt(dataset, other.row, options));
    return first ? { ...problem, message: `${problem.message} ${describeDifference(first.inputs, inputs)}` } : problem;
  };
  const report = (problem: CaseProblem) => {
    if (!options.onProblem) throw caseError([problem]);
    options.onProblem(problem);
  };
  for (const dataset of datasets) {
    const name = 'file' in dataset ? dataset.written : undefined;
    const missing = new MissingColumns(dataset.columns);
    const readColumns = createColumnReader(dataset.columns);
    identities.startDataset(name);
    for await (const { row, number, line } of rowsOf(dataset, options)) {
      throwIfAborted(options.signal);
      missing.add(row);
      count += 1;
      const place: Place = { dataset: name, number, line: name === undefined ? undefined : line };
      const read = caseOrProblem(readColumns(row), place);
      const identified = 'code' in read ? read : identities.identify(read, place);
      if ('code' in identified) {
        const { other } = identified as Partial<Duplicate>;
        report(
          other && compared < MOST_COMPARED ? await withDifference(identified, read as Content, other) : identified,
        );
        if (other) compared += 1;
      } else yield { ...identified, ...place, row };
    }
    for (const text of missing.problems()) {
      report({ code: 'missing-column', message: `${name ?? 'rows'}: ${text}`, ...(name && { dataset: name }) });
    }
  }
  if (count === 0) report(noCases(datasets));
  const notice = identities.notice();
  if (notice !== undefined) options.onNotice?.(notice);
}

/** The datasets are read again for so many rows with the ID of another one. */
const MOST_COMPARED = 3;

/** Of a row that was read before. */
async function contentAt(
  dataset: DatasetSpec,
  number: number,
  { open, signal }: ReadCasesOptions,
): Promise<Content | undefined> {
  const readColumns = createColumnReader(dataset.columns);
  for await (const placed of rowsOf(dataset, { open, signal })) {
    if (placed.number === number) return readCase(readColumns(placed.row), placed.line);
  }
  return undefined;
}

async function* rowsOf(dataset: DatasetSpec, { open, onNotice, signal }: ReadCasesOptions): AsyncGenerator<PlacedRow> {
  if ('rows' in dataset) {
    yield* dataset.rows.map((row, index) => ({ row, number: index + 1, line: index + 1 }));
    return;
  }
  try {
    yield* readDataset(dataset.written, open(dataset.file), { onNotice, signal });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof UserError || code === undefined) throw cause;
    throw new UserError(`The dataset ${dataset.written} could not be read (${code}).`, {
      code: 'unreadable-file',
      hint: `Check the path. It is relative to the evaluation file, so it means ${path.normalize(dataset.file)}.`,
      cause,
    });
  }
}

type Content = ReturnType<typeof readCase>;

function caseOrProblem(parts: RowParts, place: Place): Content | CaseProblem {
  try {
    return readCase(parts, place.line ?? place.number);
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    return rowProblem('wrong-type', `${error.message}.`, place);
  }
}

export function rowProblem(code: CaseProblem['code'], text: string, { dataset, number, line }: Place): CaseProblem {
  const where =
    dataset === undefined
      ? `rows: row ${number}`
      : line === undefined
        ? `${dataset}: row ${number}`
        : `${dataset}:${line}: row ${number}`;
  return { code, message: `${where}: ${text}`, ...(dataset !== undefined && { dataset }), row: number };
}

function noCases(datasets: readonly DatasetSpec[]): CaseProblem {
  const names = datasets.map((dataset) => ('file' in dataset ? dataset.written : 'rows'));
  return { code: 'no-cases', message: `${names.join(', ')}: there is no case. Add at least one row.` };
}

/** A row from 1, in a dataset by its index. */
interface RowPlace {
  dataset: number;
  row: number;
}

/** A row with the written ID of an earlier one. */
type Duplicate = CaseProblem & { other: RowPlace };

/** Gives cases their identity, and knows which were given before. */
class Identities {
  readonly #counts = new NameCounts();
  readonly #datasets: { name: string | undefined; start: number }[] = [];
  #total = 0;
  #equal = 0;

  startDataset(name: string | undefined): void {
    this.#datasets.push({ name, start: this.#total });
  }

  identify(content: Content, place: Place): (Content & { id: string }) | Duplicate {
    this.#total += 1;
    const id = content.id ?? caseHash(content);
    const { occurrence, firstRow } = this.#counts.add(id, this.#total);
    if (occurrence === 1) return { ...content, id };
    if (content.id !== undefined) {
      const other = this.#placeOf(firstRow);
      const text = `the ID "${id}" is also that of ${this.#describe(other, place.dataset)}.`;
      return { ...rowProblem('duplicate-case-id', text, place), other };
    }
    this.#equal += 1;
    return { ...content, id: this.#numbered(id, occurrence) };
  }

  /** A number may be taken by a row that has it as its written ID, and is taken for rows that follow. */
  #numbered(id: string, occurrence: number): string {
    for (let number = occurrence; ; number += 1) {
      const numbered = `${id}#${number}`;
      if (this.#counts.add(numbered, this.#total).occurrence === 1) return numbered;
    }
  }

  #placeOf(ordinal: number): RowPlace {
    const dataset = this.#datasets.findLastIndex(({ start }) => start < ordinal);
    return { dataset, row: ordinal - (this.#datasets[dataset]?.start ?? 0) };
  }

  #describe({ dataset, row }: RowPlace, from: string | undefined): string {
    const name = this.#datasets[dataset]?.name;
    return name === from ? `row ${row}` : `row ${row} of ${name ?? 'rows'}`;
  }

  notice(): string | undefined {
    return equalRowsNotice(this.#equal);
  }
}

const MOST_SHOWN = 20;

/** All problems as one error, for everything that sends requests. */
export function caseError(problems: readonly CaseProblem[]): UserError {
  const [first] = problems;
  const lines = problems.slice(0, MOST_SHOWN).map(({ message }) => message);
  const more = problems.length > lines.length ? [`and ${problems.length - lines.length} more problems.`] : [];
  const whole = [...lines, ...more];
  const message =
    whole.length === 1 ? lines.join('') : `The cases cannot be used:\n${whole.map((line) => `  ${line}`).join('\n')}`;
  return new UserError(message, {
    code: first?.code ?? 'invalid-input',
    hint: 'Fix the dataset and try again. No request was sent.',
  });
}
