import { LineCounter, parseDocument } from 'yaml';

/** The result of YAML's parser for a text. */
interface YamlText {
  value: unknown;
  /** The first error, and its position. */
  problem: string | undefined;
}

/** Longer YAML is data that a program wrote; its parser would need many seconds. */
const MOST_CHARACTERS = 1_000_000;
/** More than a line of YAML has: the parser's time is quadratic in the number of these in a line. */
const MOST_MARKS = 30_000;
/** Every key is compared with every other one: only for a few keys. */
const MOST_KEYS = 5_000;

/** A file is examined several times, for its format and for its content. */
let last: { text: string; read: YamlText } | undefined;

export function readYamlText(text: string): YamlText {
  if (last?.text !== text) last = { text, read: parse(text) };
  const { read } = last;
  if (text.length > MOST_CHARACTERS) last = undefined;
  return read;
}

function parse(text: string): YamlText {
  if (text.length > MOST_CHARACTERS) return { value: undefined, problem: 'it is too long to be read as YAML.' };
  if (isCostly(text))
    return { value: undefined, problem: 'a line contains too many brackets, quotes or special characters.' };
  const lineCounter = new LineCounter();
  try {
    // A broken text may have an error per character, and pretty errors include their lines.
    const options = { logLevel: 'silent', prettyErrors: false, lineCounter, uniqueKeys: false } as const;
    const document = parseDocument(text, options);
    const [error] = document.errors;
    if (!error) return { value: document.toJS(), problem: undefined };
    const { line, col } = lineCounter.linePos(error.pos[0]);
    const message = error.message.slice(0, 300).replace(/[.:]?$/, '');
    return { value: undefined, problem: `${message} at line ${line}, column ${col}.` };
  } catch (error) {
    return { value: undefined, problem: error instanceof Error ? `${error.message}.` : String(error) };
  }
}

/** True for a text with so many marks in a line that nobody wrote it as YAML. */
function isCostly(text: string): boolean {
  let marks = 0;
  for (const [mark] of text.matchAll(/[[\]{}!&*%"\n]/g)) {
    marks = mark === '\n' ? 0 : marks + 1;
    if (marks > MOST_MARKS) return true;
  }
  return false;
}

/** Errors in the keys of a text that is valid YAML otherwise: a duplicate key, of which one would be lost. */
export function yamlKeyProblem(text: string): string | undefined {
  if (text.split('\n', MOST_KEYS + 1).length > MOST_KEYS) return undefined;
  const lineCounter = new LineCounter();
  const [error] = parseDocument(text, { logLevel: 'silent', prettyErrors: false, lineCounter }).errors;
  if (!error) return undefined;
  const { line, col } = lineCounter.linePos(error.pos[0]);
  return `${error.message.replace(/[.:]?$/, '')} at line ${line}, column ${col}.`;
}
