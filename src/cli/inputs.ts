import { readFile } from 'node:fs/promises';
import { UserError } from '../core/base/errors.ts';
import { parseJson, TOO_DEEP } from '../core/base/json-depth.ts';
import { readDatasetRows } from '../core/datasets/read-rows.ts';
import type { InputField, Prompt } from '../core/prompts/prompt.ts';
import { readTypedInput } from '../core/prompts/typed-input.ts';
import { validateInput } from '../core/prompts/validate-input.ts';

export interface InputOptions {
  /** `name=value`, read by the field's type, or `name:=json`. */
  input: readonly string[];
  inputFile: string | undefined;
  /** 1-based row of the file. */
  row: number | undefined;
}

/** The values of a run: the file's row, overridden by single inputs. Throws UserError naming each wrong or missing one. */
export async function readInputs(
  options: InputOptions,
  prompt: Prompt,
  fields: InputField[],
): Promise<Record<string, unknown>> {
  const row = options.inputFile === undefined ? {} : await readRow(options.inputFile, options.row ?? 1);
  if (options.row !== undefined && options.inputFile === undefined) {
    throw new UserError('--row chooses a row of --input-file.', { code: 'usage', hint: 'Name the file as well.' });
  }
  const { typed, exact } = readPairs(options.input);
  const { values, problems } = readTypedInput(fields, { ...row, ...typed });
  const input = { ...values, ...exact };
  const checked = prompt.input.schema
    ? await validateInput(prompt.input.schema, { ...prompt.input.defaults, ...input })
    : [];
  const told = new Set(problems.map(({ path }) => path));
  const all = [...problems, ...checked.filter(({ path }) => !told.has(path))];
  if (all.length > 0) throw wrongInputs(all, fields);
  return input;
}

function wrongInputs(problems: { path: string; message: string }[], fields: InputField[]): UserError {
  const lines = problems.map(({ path, message }) => `  ${path.replace(/^\$\.?/, '') || 'the input'} ${message}`);
  const names = fields.map(({ name }) => name);
  // A name that the prompt does not know is mended by another name, not by another value.
  const first = problems.map(({ path }) => path.replace(/^\$\.?/, '')).find((name) => names.includes(name));
  const known = names.length > 0 ? `The prompt's inputs are ${names.join(', ')}.` : 'The prompt declares no inputs.';
  return new UserError(`The inputs do not fit the prompt:\n${lines.join('\n')}`, {
    code: 'invalid-input',
    hint: `${first ? `Give values with --input ${first}=… or --input-file FILE.` : known} Nothing was sent.`,
  });
}

async function readRow(file: string, row: number): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new UserError(`The input file ${file} cannot be read.`, {
      code: 'invalid-input',
      hint: 'Check the path; it is taken from the folder where the command runs.',
      cause,
    });
  }
  const rows = readDatasetRows(file, text, { limit: row });
  const found = rows[row - 1];
  if (found) return found;
  throw new UserError(
    `${file} has ${rows.length === 1 ? '1 row' : `${rows.length} rows`}, and row ${row} was asked for.`,
    {
      code: 'invalid-input',
      hint: 'Rows are counted from 1.',
    },
  );
}

function readPairs(pairs: readonly string[]): { typed: Record<string, string>; exact: Record<string, unknown> } {
  const typed = new Map<string, string>();
  const exact = new Map<string, unknown>();
  for (const pair of pairs) {
    const match = /^([^=:]+)(:?=)([\s\S]*)$/.exec(pair);
    const [, name, operator, value] = match ?? [];
    if (name === undefined || value === undefined) {
      throw new UserError(`--input ${pair} is not name=value.`, {
        code: 'usage',
        hint: 'Write --input name=value, or --input name:=JSON for a list, a map or a typed value.',
      });
    }
    if (operator === ':=') exact.set(name.trim(), readJson(name, value));
    else typed.set(name.trim(), value);
  }
  return { typed: Object.fromEntries(typed), exact: Object.fromEntries(exact) };
}

function readJson(name: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const reason = cause instanceof Error && cause.message.includes(TOO_DEEP) ? `: ${cause.message}` : '';
    throw new UserError(`--input ${name}:= is not followed by JSON${reason}: ${text.slice(0, 60)}`, {
      code: 'usage',
      hint: `Write ${name}=… for plain text. In a shell, JSON needs single quotes around it.`,
      cause,
    });
  }
}
