import { UserError } from '../../base/errors.ts';
import { readYamlText, yamlKeyProblem } from './yaml-text.ts';

/** Far above any prompt, and fast to read. */
const MOST_CHARACTERS = 4_000_000;

const OWN_FILE = 'Put the prompt into its own file and import that file.';

/** Throws UserError for content that cannot contain a prompt in any format; text that merely looks odd passes. */
export function refuseUnreadable(path: string, text: string, format: string | undefined): void {
  if (text.trim() === '') throw refusal(`${path} is empty.`, 'Choose a file that contains a prompt.');
  if (text.length > MOST_CHARACTERS) {
    const size = `${Math.round(text.length / 1_000_000)} million characters`;
    throw refusal(`${path} is too large to be a prompt: ${size}.`, OWN_FILE);
  }
  const broken = text.match(/[\0\ufffd]/g)?.length ?? 0;
  if (text.includes('\0') || broken > text.length / 100) {
    throw refusal(`${path} is not text: it is binary, or not in UTF-8.`, 'Save it as UTF-8 if it is text.');
  }
  if (format === 'format' || format === 'jinja' || format === 'mlflow') return;
  const kind = /\.(json|ipynb|ya?ml)$/i.exec(path)?.[1]?.toLowerCase();
  if (kind !== undefined) refuseBrokenData(path, text, kind.startsWith('y') ? 'YAML' : 'JSON');
}

interface ReachedPlace {
  path: string;
  text: string;
  /** How far the file was read, if known. */
  offset?: number | undefined;
}

/** The error of a file that could not be read to its end: `a.py takes too long to read (line 12).` */
export function refuseAt(reason: string, { path, text, offset }: ReachedPlace, cause: unknown): UserError {
  // the offset in a notebook counts the code of its cells
  const line =
    offset === undefined || path.endsWith('.ipynb') ? '' : ` (line ${text.slice(0, offset).split('\n').length})`;
  return new UserError(`${path} ${reason}${line}.`, { code: 'usage', hint: OWN_FILE, cause });
}

function refuseBrokenData(path: string, text: string, kind: 'JSON' | 'YAML'): void {
  const problem = kind === 'JSON' ? jsonProblem(text) : yamlProblem(text);
  if (problem === undefined) return;
  throw refusal(
    `${path} is not valid ${kind}: ${problem}`,
    'Fix it. If it is a template that only looks like data, use --format jinja, mlflow or format.',
  );
}

/** YAML's parser also accepts JSON, but takes far longer. */
function isJson(text: string): boolean {
  try {
    return /^\s*[[{]/.test(text) && typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

function jsonProblem(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? undefined
      : 'it contains a single value, not an object or a list.';
  } catch (error) {
    return `${error instanceof Error ? error.message.replace(/\.?$/, '.') : String(error)}`;
  }
}

function yamlProblem(text: string): string | undefined {
  return isJson(text) ? undefined : (readYamlText(text).problem ?? yamlKeyProblem(text));
}

function refusal(message: string, hint: string): UserError {
  return new UserError(message, { code: 'usage', hint });
}
