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
  'retrieved',
  'relevant',
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
export const USUAL_NAMES: Readonly<Record<ColumnRole, readonly string[]>> = {
  id: ['id'],
  expected: ['reference', 'references', 'expected', 'ground_truth', 'label'],
  contexts: ['contexts', 'retrieved_contexts'],
  messages: ['messages'],
  toolCalls: ['expected_tool_calls', 'reference_tool_calls'],
  tags: ['tags'],
  weight: ['weight'],
  group: ['group'],
  retrieved: ['retrieved_ids', 'retrieved_context_ids'],
  relevant: ['relevant_ids', 'reference_context_ids'],
  output: ['prediction', 'output', 'answer', 'response', 'hypothesis'],
};

/** What users said about an answer: scored by metrics, never an input. */
export const RATING_COLUMNS = ['thumbs', 'csat', 'completed', 'escalated'];
const NOT_INPUTS: ReadonlySet<string> = new Set([...Object.values(USUAL_NAMES).flat(), ...RATING_COLUMNS]);

/** A row by the roles of its columns. Absent and empty columns are undefined, except for an empty answer. */
export interface RowParts extends Partial<Record<Exclude<ColumnRole, 'expected'>, unknown>> {
  inputs: Record<string, unknown>;
  expected: unknown[];
}

/** What columns mean, for rows with the same columns. */
interface ColumnPlan {
  columns: string[];
  /** The columns that may have a role, the best first. */
  roles: [role: Exclude<ColumnRole, 'expected'>, candidates: readonly string[]][];
  expected: readonly string[];
  inputs: [input: string, column: string][];
}

/** Reads rows by the roles of their columns. Mostly all rows of a dataset have the same columns. */
export function createColumnReader(mapping: DatasetColumns): (row: DatasetRow) => RowParts {
  let plan: ColumnPlan | undefined;
  return (row) => {
    const columns = Object.keys(row);
    const isKnown = plan?.columns.length === columns.length && columns.every((name, at) => plan?.columns[at] === name);
    if (!plan || !isKnown) plan = planFor(columns, mapping);
    const { inputs, roles } = plan;
    const given = plan.expected.filter((name) => isGiven(row[name]));
    const parts: RowParts = {
      inputs: Object.fromEntries(inputs.map(([input, column]) => [input, row[column]])),
      // of the usual names only one has the answer, but a mapping may name several
      expected: (mapping.expected ? given : given.slice(0, 1)).map((name) => row[name]),
    };
    for (const [role, candidates] of roles) {
      // an application may have answered with an empty text, which is scored like any other answer
      const empty = role === 'output' ? candidates.find((candidate) => row[candidate] === '') : undefined;
      const name = candidates.find((candidate) => isGiven(row[candidate])) ?? empty;
      if (name !== undefined) parts[role] = row[name];
    }
    return parts;
  };
}

function planFor(columns: string[], mapping: DatasetColumns): ColumnPlan {
  const there = new Set(columns);
  const mapped = new Set(namesIn(mapping));
  const candidatesOf = (role: ColumnRole) => {
    const names = mapping[role] === undefined ? USUAL_NAMES[role] : [mapping[role]].flat();
    return names.filter((name) => there.has(name));
  };
  const plain = columns
    .filter((name) => !mapped.has(name) && !NOT_INPUTS.has(name))
    .map((name) => [name, name] as const);
  const inputs = mapping.inputs ? Object.entries(mapping.inputs).filter(([, column]) => there.has(column)) : plain;
  return {
    columns,
    roles: ROLES.flatMap((role) => (role === 'expected' ? [] : [[role, candidatesOf(role)]])),
    expected: candidatesOf('expected'),
    inputs: inputs.map(([input, column]) => [input, column]),
  };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** The column that a value of a role is written to: the mapped one, a usual one that the dataset has, or a new one. */
export function columnOfRole(role: ColumnRole, columns: readonly string[], mapping: DatasetColumns): string {
  const mapped = mapping[role] === undefined ? [] : [mapping[role]].flat();
  const usual = USUAL_NAMES[role];
  return (
    mapped[0] ?? usual.find((name) => columns.includes(name)) ?? (usual.includes(role) ? role : (usual[0] ?? role))
  );
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
