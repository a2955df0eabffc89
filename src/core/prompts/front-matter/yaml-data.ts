import { type Document, isMap, isScalar, isSeq, visit } from 'yaml';
import { isRecord } from '../../../shared/is-record.ts';
import { INEXACT, isInexact } from '../../base/json/json-numbers.ts';
import { locateInYaml, offsetsOf, type YamlMark } from '../../config/yaml-locator.ts';
import type { Diagnostic, Range } from '../prompt.ts';
import { LONGEST_FRONT_MATTER, parseYamlDocument } from './yaml-document.ts';
import { danglingAlias, yamlErrors } from './yaml-errors.ts';

/** Nobody reads more, and one broken bracket can cause thousands. */
const MAX_ERRORS = 20;

export interface YamlData {
  data: Record<string, unknown>;
  /** The range of a value in the file; if missing, that of its key or nearest parent. */
  locate(path: readonly (string | number)[]): Range;
  /** The range of a key in the file. */
  locateKey(path: readonly (string | number)[]): Range;
  diagnostics: Diagnostic[];
}

/** Reads front matter and never throws. `range` is the position of the YAML in `source`. */
export function readYaml(source: string, range: Range): YamlData {
  const text = source.slice(range.start, range.end);
  const at = (start: number, end: number): Range => ({
    start: range.start + Math.min(start, text.length),
    end: range.start + Math.min(Math.max(end, start), text.length),
  });
  const unread = (message: string): YamlData => {
    const whole = () => range;
    return { data: {}, locate: whole, locateKey: whole, diagnostics: [yamlError(message, range)] };
  };
  if (text.length > LONGEST_FRONT_MATTER)
    return unread(`front matter longer than ${LONGEST_FRONT_MATTER} characters is not read`);
  try {
    const document = parseYamlDocument(text);
    const mistakes = yamlErrors(document, text, MAX_ERRORS);
    const dangling = mistakes.length === 0 && text.includes('*') ? danglingAlias(document) : undefined;
    const diagnostics = (dangling ? [dangling] : mistakes).map(({ message, start, end }) =>
      yamlError(message, at(start, end)),
    );
    const keys = checkKeys(document, at);
    // After a broken line one key may seem to be another.
    if (diagnostics.length === 0) diagnostics.push(...keys.problems, ...findInexact(document, at));
    const value: unknown = keys.readable ? (diagnostics.length > 0 ? safeToJs(document) : document.toJS()) : {};
    if (value !== null && value !== undefined && !isRecord(value) && diagnostics.length === 0) {
      diagnostics.push({
        code: 'front-matter-type',
        severity: 'error',
        message: 'Front matter must be a map of keys such as `model: openai/…`.',
        range: trimRange(source, range),
      });
    }
    return {
      data: isRecord(value) ? value : {},
      locate: (path) => rangeIn(document, path, { at }) ?? trimRange(source, range),
      locateKey: (path) => rangeIn(document, path, { at, mark: 'key' }) ?? trimRange(source, range),
      diagnostics,
    };
  } catch (error) {
    // Too many aliases, or nested deeper than the stack.
    if (error instanceof RangeError) return unread('it is nested too deeply to be read');
    return unread(error instanceof Error ? error.message : String(error));
  }
}

function yamlError(message: string, range: Range): Diagnostic {
  return { code: 'yaml-syntax', severity: 'error', message: `YAML: ${message}`, range };
}

/** Maps and lists as keys have no meaning here, and yaml takes minutes to print nested ones: then nothing is read. */
function checkKeys(document: Document, at: At): { problems: Diagnostic[]; readable: boolean } {
  const found: Diagnostic[] = [];
  let readable = true;
  visit(document, {
    Map(_, map) {
      const keys = new Set<unknown>();
      for (const { key } of map.items) {
        if (isMap(key) || isSeq(key)) {
          readable = false;
          found.push(yamlError('a key must be text, not a map or a list', nodeRange(key, at) ?? at(0, 1)));
          return visit.BREAK;
        }
        if (!isScalar(key) || (key.value === '<<' && key.type === 'PLAIN')) continue;
        const range = keys.has(key.value) ? nodeRange(key, at) : undefined;
        if (range) found.push(yamlError(`the key \`${String(key.value)}\` is used twice`, range));
        keys.add(key.value);
      }
      return undefined;
    },
  });
  return { problems: found.slice(0, MAX_ERRORS), readable };
}

/** Numbers that parsing would change: an id in a default value would be sent as another one. */
function findInexact(document: Document, at: At): Diagnostic[] {
  const found: Diagnostic[] = [];
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== 'number' || node.source === undefined || !isInexactScalar(node.source)) return;
      const range = nodeRange(node, at);
      const message = `${node.source} ${INEXACT}.`;
      if (range) found.push({ code: 'inexact-number', severity: 'error', message, range });
    },
  });
  return found.slice(0, MAX_ERRORS);
}

function isInexactScalar(source: string): boolean {
  if (/^[-+]?\.(inf|nan)$/i.test(source)) return false;
  // Octal and hexadecimal integers are compared by their value.
  return /^0[xo]/.test(source) ? BigInt(source) !== BigInt(Number(source)) : isInexact(source);
}

function safeToJs(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

type At = (start: number, end: number) => Range;

function rangeIn(document: Document, path: readonly (string | number)[], { at, mark }: { at: At; mark?: YamlMark }) {
  const found = locateInYaml(document, path, mark);
  return found && at(found.start, found.end);
}

function nodeRange(node: unknown, at: At): Range | undefined {
  const found = offsetsOf(node);
  return found && at(found.start, found.end);
}

function trimRange(source: string, range: Range): Range {
  const text = source.slice(range.start, range.end);
  const start = range.start + text.length - text.trimStart().length;
  return { start, end: Math.max(start, range.start + text.trimEnd().length) };
}
