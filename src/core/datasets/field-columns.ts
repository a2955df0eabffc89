import type { DatasetRow } from './row.ts';

/** What fills an input: a form's field, or a prompt's. */
interface Field {
  name: string;
  required: boolean;
}

/** The names of other tools for what a user asks. */
const QUESTION_NAMES: readonly string[] = ['question', 'user_input', 'input'];

/**
 * The column of a row for each field that has one: by a mapping from fields to columns, or else by the field's own name.
 * A column with the question fills a field with another of its names, or else the only field that is required.
 */
export function fieldColumns(
  row: DatasetRow,
  fields: readonly Field[],
  mapping?: Readonly<Record<string, string>>,
): Map<string, string> {
  const has = (column: string) => Object.hasOwn(row, column) && row[column] !== undefined;
  if (mapping) {
    const mapped = fields.flatMap(({ name }) =>
      Object.hasOwn(mapping, name) ? [[name, mapping[name] ?? ''] as const] : [],
    );
    return new Map(mapped.filter(([, column]) => has(column)));
  }
  const columns = new Map(fields.filter(({ name }) => has(name)).map(({ name }) => [name, name]));
  // a list of messages is a conversation, not a question
  const question = QUESTION_NAMES.find((name) => has(name) && !Array.isArray(row[name]));
  const asking = askingField(
    fields.filter(({ name }) => !columns.has(name)),
    fields.length === 1,
  );
  if (question !== undefined && asking && !columns.has(question)) columns.set(asking.name, question);
  return columns;
}

function askingField(open: readonly Field[], isOnly: boolean): Field | undefined {
  const named = open.find(({ name }) => QUESTION_NAMES.includes(name));
  const required = open.filter(({ required }) => required);
  return named ?? (isOnly ? open[0] : required.length === 1 ? required[0] : undefined);
}
