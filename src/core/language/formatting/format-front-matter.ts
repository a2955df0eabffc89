import { type Document, isScalar, parseDocument, visit } from 'yaml';
import { LONGEST_FRONT_MATTER } from '../../prompts/front-matter/yaml-document.ts';

/** YAML as printed by its own document model, comments and order kept; undefined if it must not be changed. */
export function formatYaml(yaml: string, indent: number): string | undefined {
  if (yaml.trim() === '' || yaml.length > LONGEST_FRONT_MATTER) return undefined;
  const document = parseDocument(yaml, { prettyErrors: false });
  if (document.errors.length > 0 || document.contents === null || hasFoldedText(document, yaml)) return undefined;
  try {
    // A width of 0 folds nothing: a description stays on its line.
    const text = document.toString({ indent, lineWidth: 0, flowCollectionPadding: false, indentSeq: true });
    const again = parseDocument(text, { prettyErrors: false });
    if (again.errors.length > 0 || JSON.stringify(again.toJS()) !== JSON.stringify(document.toJS())) return undefined;
    return text.replace(/\s+$/, '');
  } catch {
    return undefined;
  }
}

/** A text that its author wrapped would be joined into one line. */
function hasFoldedText(document: Document, yaml: string): boolean {
  let found = false;
  visit(document, {
    Scalar(_key, node) {
      if (!isScalar(node) || !node.range || node.type === 'BLOCK_LITERAL') return undefined;
      if (!yaml.slice(node.range[0], node.range[1]).includes('\n')) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}
