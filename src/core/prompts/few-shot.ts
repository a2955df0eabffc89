import { UserError } from '../base/errors.ts';

/** The number of examples in the prompt; one more row becomes the question to try it with. */
const MOST_EXAMPLES = 4;
const LONGEST_VALUE = 2000;
/** Names that a template can use without quoting, and that Picoschema reads as only a name. */
const PLAIN_NAME = /^[A-Za-z_]\w*$/;
const TAKEN = new Set('examples this true false null undefined if each with unless role'.split(' '));

export const SAMPLE_ROWS: readonly Record<string, unknown>[] = [
  { review: 'Arrived late, but it works very well.', sentiment: 'mixed' },
  { review: 'The best purchase of this year.', sentiment: 'positive' },
  { review: 'Broke on the second day.', sentiment: 'negative' },
  { review: 'Easy to set up, and the support was quick.', sentiment: 'positive' },
];

/**
 * A prompt that shows rows of a dataset as examples: the last column is the model's answer, the others are its input.
 * Throws UserError if the rows have fewer than two columns that a template can name.
 */
export function fewShotPrompt(rows: readonly Record<string, unknown>[]): string {
  const names = columnsOf(rows);
  const columns = names.slice(0, -1);
  const answer = names.at(-1);
  if (answer === undefined || columns.length === 0) {
    throw new UserError('This dataset cannot be used as examples.', {
      code: 'usage',
      hint: 'It needs at least two columns whose names consist of letters, digits and underscores; the last column is the answer.',
    });
  }
  const examples = rows.slice(0, Math.max(1, Math.min(MOST_EXAMPLES, rows.length - 1)));
  const tried = rows[examples.length] ?? rows[0] ?? {};
  const types = (name: string) => typeOf(rows.map((row) => row[name]));
  const values = (row: Record<string, unknown>, of: readonly string[]) =>
    of.map((name) => `${name}: ${toYaml(row[name], types(name))}`);
  return [
    '---',
    `description: Returns the ${answer}, as in the examples.`,
    'model: demo/balanced',
    'config:',
    '  temperature: 0',
    'input:',
    '  schema:',
    ...columns.map((name) => `    ${name}: ${types(name)}, what to answer`),
    '    examples(array, questions with correct answers):',
    ...names.map((name) => `      ${name}: ${types(name)}`),
    '  default:',
    ...values(tried, columns).map((line) => `    ${line}`),
    '    examples:',
    ...examples.flatMap((row) => values(row, names).map((line, at) => `      ${at === 0 ? '-' : ' '} ${line}`)),
    '---',
    ...templateOf(columns, answer),
    '',
  ].join('\n');
}

function templateOf(columns: readonly string[], answer: string): string[] {
  return [
    '{{role "system"}}',
    `Answer only with the ${answer}, in the same form as in the examples.`,
    '',
    '{{#each examples}}',
    '{{role "user"}}',
    ...columns.map((name) => `${name}: {{this.${name}}}`),
    '',
    '{{role "model"}}',
    `{{this.${answer}}}`,
    '{{/each}}',
    '',
    '{{role "user"}}',
    ...columns.map((name) => `${name}: {{${name}}}`),
  ];
}

/** Columns that every example has; one with only nested data would print as `[object Object]`. */
function columnsOf(rows: readonly Record<string, unknown>[]): string[] {
  const [first, ...others] = rows;
  if (!first) return [];
  return Object.keys(first).filter((name) => {
    const simple = rows.every(
      (row) => row[name] !== undefined && (typeof row[name] !== 'object' || row[name] === null),
    );
    return PLAIN_NAME.test(name) && !TAKEN.has(name) && simple && others.every((row) => Object.hasOwn(row, name));
  });
}

function typeOf(values: unknown[]): string {
  if (values.every((value) => typeof value === 'boolean')) return 'boolean';
  if (values.every((value) => Number.isInteger(value))) return 'integer';
  return values.every((value) => typeof value === 'number') ? 'number' : 'string';
}

/** A JSON string is a YAML string. Text columns may contain a number here and there, which `string` would reject. */
function toYaml(value: unknown, type: string): string {
  if (type !== 'string') return JSON.stringify(value);
  const text = value === null || value === undefined ? '' : String(value);
  return JSON.stringify(text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text);
}
