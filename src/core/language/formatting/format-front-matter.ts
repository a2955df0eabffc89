import { type Document, isScalar, parseDocument, visit } from 'yaml';
import { LONGEST_FRONT_MATTER } from '../../prompts/front-matter/yaml-document.ts';

/** YAML as its own document model writes it, comments and order kept; undefined where it must stay as it stands. */
export function formatYaml(yaml: string, indent: number): string | undefined {
  if (yaml.trim() === '' || yaml.length > LONGEST_FRONT_MATTER) return undefined;
  const document = parseDocument(yaml, { prettyErrors: false });
  if (document.errors.length > 0 || document.contents === null || hasFoldedText(document, yaml)) return undefined;
  try {
    // Widths of 0 fold nothing: a description stays the line that somebody wrote.
    const text = document.toString({ indent, lineWidth: 0, flowCollectionPadding: false, indentSeq: true });
    const again = parseDocument(text, { prettyErrors: false });
    if (again.errors.length > 0 || JSON.stringify(again.toJS()) !== JSON.stringify(document.toJS())) return undefined;
    return text.replace(/\s+$/, '');
  } catch {
    return undefined;
  }
}

/** A text that its writer broke over lines would come back as one line. */
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
