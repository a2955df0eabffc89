import { UserError } from '../../../core/base/errors.ts';
import type { DatasetRow, PlacedRow } from '../../../core/datasets/row.ts';
import type { CaseList } from '../../../shared/join-cases.ts';
import { LARGEST_SCORE } from '../../../shared/statistics.ts';
import { readDatasetFile } from '../../read-dataset-file.ts';

/** The cases of one result and their scores of one metric. */
export interface ScoredResult extends CaseList {
  /** What the user called it. */
  name: string;
  scores: Float64Array;
  groups: readonly (string | undefined)[];
  /** Where each case is, for errors. */
  lines: readonly number[];
  /** The field that has the score; passed cases have the score 1. */
  field: Field;
}

type Field = 'score' | 'passed';

const SHAPE = 'Each line is { "id", "group"?, "score" } or { "id", "group"?, "passed" }.';

interface ReadOptions {
  onNotice(text: string): void;
  signal?: AbortSignal | undefined;
}

/** Reads `{ id, group?, score | passed }` from each row. Throws a UserError with the file and the line. */
export async function readResultFile(file: string, options: ReadOptions): Promise<ScoredResult> {
  if (!/\.(jsonl|ndjson|json)$/i.test(file)) {
    throw new UserError(`${file} is not a JSONL file.`, { code: 'usage', hint: SHAPE });
  }
  const lineOfId = new Map<string, number>();
  const scores: number[] = [];
  const groups: (string | undefined)[] = [];
  let field: Field | undefined;
  for await (const placed of readDatasetFile(file, { what: 'result', ...options })) {
    const read = new RowReader(file, placed);
    const id = read.id();
    const other = lineOfId.get(id);
    if (other !== undefined) throw read.problem(`the id ${JSON.stringify(id)} is also on line ${other}`);
    lineOfId.set(id, placed.line);
    field ??= read.field();
    scores.push(read.score(field));
    groups.push(read.group());
  }
  if (field === undefined) throw new UserError(`${file} has no cases.`, { code: 'invalid-input', hint: SHAPE });
  const [ids, lines] = [[...lineOfId.keys()], [...lineOfId.values()]];
  return { name: file, ids, lines, scores: Float64Array.from(scores), groups, field };
}

class RowReader {
  readonly #file: string;
  readonly #row: DatasetRow;
  readonly #line: number;

  constructor(file: string, { row, line }: PlacedRow) {
    this.#file = file;
    this.#row = row;
    this.#line = line;
  }

  id(): string {
    const id = readName(this.#row.id);
    if (id === undefined) {
      throw this.problem(this.#row.id === undefined ? 'the case has no id' : 'id must be a text or a number');
    }
    return id;
  }

  group(): string | undefined {
    const { group } = this.#row;
    if (group === undefined || group === null) return undefined;
    const name = readName(group);
    if (name === undefined) throw this.problem('group must be a text or a number');
    return name;
  }

  field(): Field {
    const { score, passed } = this.#row;
    if (score === undefined && passed === undefined) throw this.problem('the case has neither score nor passed');
    return score === undefined ? 'passed' : 'score';
  }

  /** NaN for null: the case has no score. */
  score(field: Field): number {
    const { score, passed } = this.#row;
    if (score !== undefined && passed !== undefined) throw this.problem('the case has both score and passed');
    const value = this.#row[field];
    if (value === undefined) throw this.problem(`the case has no ${field}, but those before have`);
    if (value === null) return Number.NaN;
    if (field === 'passed') {
      if (typeof value !== 'boolean') throw this.problem('passed must be true, false or null');
      return value ? 1 : 0;
    }
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.problem('score must be a number or null');
    if (Math.abs(value) > LARGEST_SCORE) {
      throw this.problem(`the score ${value} is not from -${LARGEST_SCORE} to ${LARGEST_SCORE}`);
    }
    return value;
  }

  problem(text: string): UserError {
    return new UserError(`${this.#file}:${this.#line}: ${text}.`, { code: 'invalid-input', hint: SHAPE });
  }
}

function readName(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
