import { didYouMean, nearestNames } from '../base/nearest-name.ts';
import type { DatasetRow } from './row.ts';

/** What a column can mean besides an input. */
export const ROLES = [
  'id',
  'expected',
  'contexts',
  'messages',
  'toolCalls',
  'tags',
  'weight',
  'group',
  'output',
] as const;
export type ColumnRole = (typeof ROLES)[number];

/** Which column has what; what is omitted is found by usual names. */
export interface DatasetColumns extends Partial<Record<Exclude<ColumnRole, 'expected'>, string>> {
  /** Several columns with an expected answer each. */
  expected?: string[];
  /** From inputs to columns. If omitted, all columns without another role. */
  inputs?: Record<string, string>;
}

/** The names that other tools use, the first that a row has is taken. */
const USUAL_NAMES: Readonly<Record<ColumnRole, readonly string[]>> = {
  id: ['id'],
  expected: ['expected', 'reference', 'ground_truth', 'label'],
  contexts: ['contexts', 'retrieved_contexts'],
  messages: ['messages'],
  toolCalls: ['expected_tool_calls', 'reference_tool_calls'],
  tags: ['tags'],
  weight: ['weight'],
  group: ['group'],
  output: ['output', 'answer', 'response'],
};

/** A prompt's only input, or one of these names, is found in any of these columns. */
export const QUESTION_NAMES: readonly string[] = ['question', 'user_input', 'input'];

/** What users said about an answer: scored by metrics, never an input. */
const RATINGS = ['thumbs', 'csat', 'completed', 'escalated'];
const NOT_INPUTS: ReadonlySet<string> = new Set([...Object.values(USUAL_NAMES).flat(), ...RATINGS]);

/** A row by the roles of its columns. Absent and empty columns are undefined. */
export interface RowParts extends Partial<Record<Exclude<ColumnRole, 'expected'>, unknown>> {
  inputs: Record<string, unknown>;
  expected: unknown[];
}

export function readColumns(row: DatasetRow, columns: DatasetColumns): RowParts {
  const read = (role: Exclude<ColumnRole, 'expected'>) => {
    const name = columns[role] ?? USUAL_NAMES[role].find((usual) => isGiven(row, usual));
    return name !== undefined && isGiven(row, name) ? row[name] : undefined;
  };
  const roles = ROLES.filter((role) => role !== 'expected').map((role) => [role, read(role)] as const);
  const usual = USUAL_NAMES.expected.find((name) => isGiven(row, name));
  const expected = columns.expected ?? (usual === undefined ? [] : [usual]);
  return {
    ...Object.fromEntries(roles.filter(([, value]) => value !== undefined)),
    inputs: inputsOf(row, columns),
    expected: expected.filter((name) => isGiven(row, name)).map((name) => row[name]),
  };
}

function isGiven(row: DatasetRow, name: string): boolean {
  return Object.hasOwn(row, name) && row[name] !== undefined && row[name] !== null && row[name] !== '';
}

function inputsOf(row: DatasetRow, columns: DatasetColumns): Record<string, unknown> {
  const { inputs } = columns;
  if (inputs) {
    const given = Object.entries(inputs).filter(([, column]) => Object.hasOwn(row, column));
    return Object.fromEntries(given.map(([input, column]) => [input, row[column]]));
  }
  const mapped = new Set(namesIn(columns));
  return Object.fromEntries(Object.entries(row).filter(([name]) => !mapped.has(name) && !NOT_INPUTS.has(name)));
}

/** The columns that a mapping names. */
function namesIn({ inputs = {}, expected = [], ...others }: DatasetColumns): string[] {
  return [...Object.values(others), ...expected, ...Object.values(inputs)];
}

/** Finds columns that a mapping names and no row has: a row of JSON may lack what others have. */
export class MissingColumns {
  readonly #missing: Set<string>;
  readonly #seen = new Set<string>();

  constructor(columns: DatasetColumns) {
    this.#missing = new Set(namesIn(columns));
  }

  add(row: DatasetRow): void {
    if (this.#missing.size === 0) return;
    for (const name of Object.keys(row)) {
      this.#missing.delete(name);
      this.#seen.add(name);
    }
  }

  /** Each as a sentence, after the last row. */
  problems(): string[] {
    return [...this.#missing].map((name) => {
      const hint = didYouMean(nearestNames(name, this.#seen, 1)) ?? `Columns: ${[...this.#seen].join(', ')}.`;
      return `no row has the column \`${name}\`. ${hint}`;
    });
  }
}
