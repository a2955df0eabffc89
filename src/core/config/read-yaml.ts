import { type Document, isCollection, LineCounter, parseDocument, visit, type YAMLParseError } from 'yaml';
import type { ConfigProblem } from './config-problem.ts';
import { locateInYaml, offsetsOf } from './yaml-locator.ts';

/** A YAML file as plain data, with the positions of its keys. */
interface YamlFile {
  /** Undefined if the file cannot be read as a whole; `problem` says why. */
  value: unknown;
  problem?: ConfigProblem;
  /** Of a syntax error, from 1: for places that show a problem without its position. */
  line?: number;
  /** A map or a list is always marked at its key: marking all of it would underline half the file. */
  rangeOf(keys: readonly string[], mark?: 'key'): ConfigProblem['range'];
}

/** Never throws. `consequence` ends a message about an error that makes the whole file unusable. */
export function readYaml(text: string, path: string, consequence: string): YamlFile {
  if (text.includes('\0')) {
    const message = `This is not text in UTF-8. ${consequence} Save the file as UTF-8.`;
    return { value: undefined, problem: { where: path, message }, rangeOf: () => undefined };
  }
  const lines = new LineCounter();
  // With "silent" a second document would be dropped without an error.
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    const range = { start: error.pos[0], end: Math.max(error.pos[1], error.pos[0] + 1) };
    const what = describeSyntaxError(error);
    const message = `${what.replace(/[.!]?$/, '.')} ${consequence}`;
    const problem: ConfigProblem = { where: path, range, message, bySchema: true };
    return { value: undefined, problem, line, rangeOf: () => undefined };
  }
  const rangeOf: YamlFile['rangeOf'] = (keys, mark) =>
    keys.length > 0 ? locateInYaml(document, keys, mark ?? 'key-of-collection') : offsetsOf(document.contents);
  try {
    return { value: toPlain(document), rangeOf };
  } catch (thrown) {
    const what = thrown instanceof Error ? thrown.message : String(thrown);
    const message = `${what.replace(/[.!]?$/, '.')} ${consequence}`;
    return { value: undefined, problem: { where: path, message }, rangeOf };
  }
}

/** The problem of a file as a list, whose messages name the line because they are also shown without their position. */
export function problemWithLine({ problem, line }: Pick<YamlFile, 'problem' | 'line'>): ConfigProblem[] {
  if (!problem) return [];
  return [line === undefined ? problem : { ...problem, message: `Line ${line}: ${problem.message}` }];
}

function describeSyntaxError({ code, message }: YAMLParseError): string {
  if (code === 'MULTIPLE_DOCS') return 'A second document starts here; use a single document';
  return /call stack/.test(message) ? 'The values are nested too deeply' : message;
}

/**
 * Aliases that expand too much make `toJS` throw; nested keys would keep it busy for minutes, and an alias to a value that
 * contains it would be a value without an end.
 */
function toPlain(document: Document.Parsed): unknown {
  visit(document, {
    Pair(_, { key }) {
      if (isCollection(key)) throw new Error('A key must be text, not a map or a list.');
    },
    Alias(_, alias, path) {
      const target = alias.resolve(document);
      if (target && path.includes(target)) throw new Error(`*${alias.source} is inside the value that it stands for.`);
    },
  });
  return document.toJS();
}
