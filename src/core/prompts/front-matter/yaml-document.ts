import { type Document, parseDocument } from 'yaml';
import { keepRecent } from '../../base/keep-recent.ts';

/** Far beyond any front matter; the time that yaml takes over mistakes grows with the square of their number. */
export const LONGEST_FRONT_MATTER = 100_000;

/** The documents of a few open editors, and the one that is being typed. */
const KEPT = 4;

/**
 * A file's YAML; whoever gets it must not change it. `yaml` compares every key with every other to find one that stands
 * twice: that is left to `readYaml`.
 */
export const parseYamlDocument: (text: string) => Document = keepRecent(KEPT, (text) =>
  parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' }),
);
