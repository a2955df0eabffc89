import { type Document, parseDocument } from 'yaml';
import { memoizeRecent } from '../../base/memoize-recent.ts';

/** Far above any front matter; the time that yaml spends on errors grows with the square of their number. */
export const LONGEST_FRONT_MATTER = 100_000;

/** The documents of a few open editors, and the one that is being edited. */
const KEPT = 4;

/** A file's YAML, not to be changed. `readYaml` checks for duplicate keys: yaml itself would compare all with all. */
export const parseYamlDocument: (text: string) => Document = memoizeRecent(KEPT, (text) =>
  parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' }),
);
