import { UserError } from '../../../core/base/errors.ts';
import { parseJson, TooDeepError } from '../../../core/base/json/json-depth.ts';
import { findInexactNumber, INEXACT } from '../../../core/base/json/json-numbers.ts';
import type { InputField, InputProblem, Prompt } from '../../../core/prompts/prompt.ts';
import { describeProblem } from '../../../core/prompts/schema/describe-problem.ts';
import { extraColumns, readRowInput } from '../../../core/prompts/schema/row-input.ts';
import { inputName } from '../../../shared/input-path.ts';
import { readDatasetFile } from '../../read-dataset-file.ts';

interface InputOptions {
  /** `name=value`, converted to the type of the field, or `name:=json`. */
  input: readonly string[];
  inputFile: string | undefined;
  /** 1-based row of the file. */
  row: number | undefined;
  /** Rejects columns that are not inputs, and encodings that must be guessed; without it both are reported. */
  strict?: boolean | undefined;
}

interface InputHost {
  onNotice(text: string): void;
  signal?: AbortSignal | undefined;
}

/** The values of a run: the row of the file, overridden by single inputs. Throws a UserError for all invalid inputs. */
export async function readInputs(
  options: InputOptions,
  { prompt, fields }: { prompt: Prompt; fields: InputField[] },
  host: InputHost,
): Promise<Record<string, unknown>> {
  const row = options.inputFile === undefined ? {} : await readInputRow(options.inputFile, { options, prompt, host });
  if (options.row !== undefined && options.inputFile === undefined) {
    throw new UserError('--row needs --input-file.', { code: 'usage', hint: 'Specify the file as well.' });
  }
  const { typed, exact } = readPairs(options.input);
  const { input, problems } = await readRowInput({ ...row, ...typed }, { prompt, fields }, exact);
  if (problems.length > 0) throw wrongInputs(problems, fields);
  return input;
}

function wrongInputs(problems: InputProblem[], fields: InputField[]): UserError {
  const lines = problems.map((problem) => `  ${describeProblem(problem)}`);
  const names = fields.map(({ name }) => name);
  // For an unknown name the hint lists the known names, since another value would not help.
  const first = problems.map(({ path }) => inputName(path)).find((name) => names.includes(name));
  const known = names.length > 0 ? `The prompt's inputs are ${names.join(', ')}.` : 'The prompt has no inputs.';
  return new UserError(`The inputs do not match the prompt:\n${lines.join('\n')}`, {
    code: 'invalid-input',
    hint: `${first ? `Set values with --input ${first}=… or --input-file FILE.` : known} No request was sent.`,
  });
}

interface RowContext {
  options: InputOptions;
  prompt: Prompt;
  host: InputHost;
}

/** The requested row, without columns that are not inputs. */
async function readInputRow(file: string, { options, prompt, host }: RowContext): Promise<Record<string, unknown>> {
  const row = await readRow(file, options, host);
  const extra = extraColumns(row, prompt.input.schema);
  if (extra.length === 0) return row;
  const columns = extra.length === 1 ? 'a column that is not an input' : 'columns that are not inputs';
  const names = `${file} has ${columns} of the prompt: ${extra.map((name) => name || '(no name)').join(', ')}.`;
  if (options.strict) {
    throw new UserError(names, {
      code: 'invalid-input',
      hint: `Remove ${extra.length === 1 ? 'it' : 'them'}, or omit --strict.`,
    });
  }
  host.onNotice(`${names} ${extra.length === 1 ? 'It was' : 'They were'} ignored; --strict rejects them.`);
  const ignored = new Set(extra);
  return Object.fromEntries(Object.entries(row).filter(([name]) => !ignored.has(name)));
}

/** Streams the file up to the row, since it may be larger than the memory. */
async function readRow(
  file: string,
  { row = 1, strict }: InputOptions,
  { onNotice, signal }: InputHost,
): Promise<Record<string, unknown>> {
  let count = 0;
  for await (const placed of readDatasetFile(file, { what: 'input file', strict, onNotice, signal })) {
    count = placed.number;
    if (count === row) return placed.row;
  }
  throw new UserError(`${file} has ${count === 1 ? '1 row' : `${count} rows`}, but row ${row} was requested.`, {
    code: 'invalid-input',
    hint: 'The first row is 1.',
  });
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
        hint: 'Use --input name=value, or --input name:=JSON for a list, an object or a typed value.',
      });
    }
    if (operator === ':=') exact.set(name.trim(), readJson(name, value));
    else typed.set(name.trim(), value);
  }
  return { typed: Object.fromEntries(typed), exact: Object.fromEntries(exact) };
}

function readJson(name: string, text: string): unknown {
  const inexact = findInexactNumber(text);
  if (inexact) {
    throw new UserError(`--input ${name}:= contains ${inexact.text}, which ${INEXACT}.`, {
      code: 'invalid-input',
      hint: 'No request was sent.',
    });
  }
  try {
    return parseJson(text);
  } catch (cause) {
    const reason = cause instanceof TooDeepError ? `: ${cause.message}` : '';
    throw new UserError(`--input ${name}:= is not valid JSON${reason}: ${text.slice(0, 60)}`, {
      code: 'usage',
      hint: `Use ${name}=… for plain text. In a shell, put JSON in single quotes.`,
      cause,
    });
  }
}
