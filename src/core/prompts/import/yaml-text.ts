import { LineCounter, parseDocument } from 'yaml';

/** What YAML's parser makes of a text. */
export interface YamlText {
  value: unknown;
  /** What is wrong with it first, and where. */
  problem: string | undefined;
}

/** Longer YAML is data that a program wrote; its parser would need many seconds. */
const MOST_CHARACTERS = 1_000_000;
/** More than a line of YAML has: the parser's time grows with the square of these in a line. */
const MOST_MARKS = 30_000;
/** Every key is compared with every other one: only as long as there are few. */
const MOST_KEYS = 5_000;

/** A file is looked at several times, for its kind and for its content. */
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
    // Of a broken text there may be an error a character, and pretty ones are told with their lines.
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

/** True for a text of so many marks in a line that it is no YAML of anybody's. */
function isCostly(text: string): boolean {
  let marks = 0;
  for (const [mark] of text.matchAll(/[[\]{}!&*%"\n]/g)) {
    marks = mark === '\n' ? 0 : marks + 1;
    if (marks > MOST_MARKS) return true;
  }
  return false;
}

/** What is wrong with the keys of a text that is YAML otherwise: a key twice, of which one would be lost. */
export function yamlKeyProblem(text: string): string | undefined {
  if (text.split('\n', MOST_KEYS + 1).length > MOST_KEYS) return undefined;
  const lineCounter = new LineCounter();
  const [error] = parseDocument(text, { logLevel: 'silent', prettyErrors: false, lineCounter }).errors;
  if (!error) return undefined;
  const { line, col } = lineCounter.linePos(error.pos[0]);
  return `${error.message.replace(/[.:]?$/, '')} at line ${line}, column ${col}.`;
}
