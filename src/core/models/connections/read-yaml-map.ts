import type { Document, Node, YAMLMap } from 'yaml';
import { FileRefusal } from '../../base/files/read-file.ts';
import type { FileReader } from '../../base/ports.ts';
import type { ConnectionProblem } from '../models.ts';

/** A YAML file as plain data, with the places of its keys. */
export interface YamlFile {
  /** Undefined where the file cannot be read as a whole; `problem` says why. */
  value: unknown;
  problem?: ConnectionProblem;
  rangeOf(keys: readonly string[]): ConnectionProblem['range'];
}

/** Characters. Of a longer file yaml would not be done with all mistakes for minutes. */
export const LONGEST_YAML = 100_000;
/** A character has at most this many bytes; a longer file is refused without being read. */
const BYTES_A_CHARACTER = 3;

/** The text of a YAML file of the workspace, or a sentence that says why nothing of it is used. */
export async function readYamlText(
  files: FileReader,
  path: string,
  { folder, tooLong, consequence }: { folder: string; tooLong: string; consequence: string },
): Promise<{ text: string } | { problem: string }> {
  try {
    return { text: await files.readText(path, { within: [folder], maxBytes: LONGEST_YAML * BYTES_A_CHARACTER }) };
  } catch (error) {
    if (!(error instanceof FileRefusal)) {
      return { problem: `This file cannot be read: ${error instanceof Error ? error.message : String(error)}` };
    }
    return { problem: error.reason === 'too-large' ? tooLong : `${error.message} ${consequence} ${error.hint}` };
  }
}

/** Loads the YAML parser. `consequence` ends a message about a mistake that leaves nothing of the file. */
export async function readYamlMap(text: string, path: string, consequence: string): Promise<YamlFile> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  // Under "silent" a second document would be dropped without an error.
  const document = yaml.parseDocument(text, { prettyErrors: false, lineCounter: lines, logLevel: 'error' });
  const [error] = document.errors;
  const nowhere = () => undefined;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    const range = { start: error.pos[0], end: Math.max(error.pos[1], error.pos[0] + 1) };
    const what = error.code === 'MULTIPLE_DOCS' ? 'A second document begins here; put all into one' : error.message;
    const message = `Line ${line}: ${what.replace(/[.!]?$/, '.')} ${consequence}`;
    return { value: undefined, problem: { where: path, range, message }, rangeOf: nowhere };
  }
  const rangeOf = (keys: readonly string[]) => findRange(yaml, document.contents, keys);
  try {
    return { value: toPlain(yaml, document), rangeOf };
  } catch (thrown) {
    const what = thrown instanceof Error ? thrown.message : String(thrown);
    const message = `${what.replace(/[.!]?$/, '.')} ${consequence}`;
    return { value: undefined, problem: { where: path, message }, rangeOf };
  }
}

type Yaml = typeof import('yaml');

/** Where a key is; of a path that is not there, where its nearest container is. Entries of lists go by their index. */
function findRange(yaml: Yaml, contents: unknown, keys: readonly string[]): ConnectionProblem['range'] {
  let node = contents;
  let range = yaml.isNode(node) ? nodeRange(node) : undefined;
  for (const key of keys) {
    if (yaml.isSeq(node)) {
      node = node.items[Number(key)];
      range = (yaml.isNode(node) ? nodeRange(node) : undefined) ?? range;
      continue;
    }
    const pair = yaml.isMap(node) ? findPair(yaml, node, key) : undefined;
    if (pair === undefined) return range;
    node = pair.value;
    // A container is marked at its name: the whole of it would underline half the file.
    const marked = yaml.isScalar(node) && node.range?.[0] !== node.range?.[1] ? node : pair.key;
    range = (yaml.isNode(marked) ? nodeRange(marked) : undefined) ?? range;
  }
  return range;
}

function findPair(yaml: Yaml, map: YAMLMap, key: string) {
  return map.items.find((item) => yaml.isScalar(item.key) && String(item.key.value) === key);
}

/** Aliases that would blow up the document make `toJS` throw; nested keys would keep it busy for minutes. */
function toPlain(yaml: Yaml, document: Document.Parsed): unknown {
  yaml.visit(document, {
    Pair(_, { key }) {
      if (yaml.isCollection(key)) throw new Error('A key must be a text, not a map or a list.');
    },
  });
  return document.toJS();
}

function nodeRange(node: Node): { start: number; end: number } | undefined {
  return node.range ? { start: node.range[0], end: node.range[1] } : undefined;
}
