import { type Document, parseDocument } from 'yaml';

/** Far beyond any front matter; the time that yaml takes over mistakes grows with the square of their number. */
export const LONGEST_FRONT_MATTER = 100_000;

let last: { text: string; document: Document } | undefined;

/**
 * A file's YAML; whoever gets it must not change it. The last one is kept, since the tree and the metadata of one text
 * are asked for in a row and reading it is most of their work. `yaml` compares every key with every other to find one
 * that stands twice: that is left to `readYaml`.
 */
export function parseYamlDocument(text: string): Document {
  if (last?.text === text) return last.document;
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
  last = { text, document };
  return document;
}
