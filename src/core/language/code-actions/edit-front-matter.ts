import { type Document, isMap, parse, parseDocument } from 'yaml';
import { LONGEST_FRONT_MATTER } from '../../prompts/front-matter/yaml-document.ts';
import { compilePicoschema } from '../../prompts/schema/picoschema.ts';
import { findEntry, inputDeclarations, schemaFields } from '../analysis/declarations.ts';
import type { TextEdit } from '../formatting/format-prompt.ts';
import type { SyntaxTree } from '../syntax/tree.ts';

/** Changes front matter as a YAML document, keeping comments; creates it if it is missing. Undefined if broken. */
export function editFrontMatter(tree: SyntaxTree, change: (document: Document) => void): TextEdit | undefined {
  const { source, frontMatter } = tree;
  const yaml = frontMatter ? source.slice(frontMatter.range.start, frontMatter.range.end) : '';
  if (yaml.length > LONGEST_FRONT_MATTER) return undefined;
  const document = parseDocument(yaml, { prettyErrors: false });
  const { contents } = document;
  if (document.errors.length > 0 || (contents !== null && !isMap(contents))) return undefined;
  change(document);
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false }).replace(/\s+$/, '');
  if (frontMatter) {
    const isEmpty = frontMatter.range.start === frontMatter.range.end;
    return { range: frontMatter.range, text: isEmpty ? `${text}\n` : text };
  }
  return { range: { start: tree.template.range.start, end: tree.template.range.start }, text: `---\n${text}\n---\n` };
}

/** Declares an input in Picoschema's lines, below the others, if it has that form; otherwise in the YAML document. */
export function declareInput(tree: SyntaxTree, name: string, lines: readonly string[]): TextEdit | undefined {
  const schema = findEntry(tree.frontMatter?.root, ['input', 'schema'])?.value;
  // a file declares the inputs, and it is not part of this one
  if (schema?.kind === 'scalar' && typeof schema.value === 'string' && schema.value !== '') return undefined;
  const last = schemaFields(schema).at(-1);
  const isPlain = schema?.kind === 'map' && !schema.flow && schemaFields(schema) === schema.entries;
  if (isPlain && last) {
    const lineStart = tree.source.lastIndexOf('\n', last.keyRange.start) + 1;
    const margin = tree.source.slice(lineStart, last.keyRange.start);
    const lineEnd = tree.source.indexOf('\n', last.range.end);
    const end = lineEnd < 0 ? last.range.end : lineEnd - (tree.source[lineEnd - 1] === '\r' ? 1 : 0);
    const inside = tree.source.slice(last.range.start, last.range.end).endsWith('\n') ? last.range.end : end;
    if (margin.trim() === '' && inside === end)
      return { range: { start: end, end }, text: lines.map((line) => `\n${margin}${line}`).join('') };
  }
  const [[key = name, value] = []] = Object.entries(parse(lines.join('\n')) as Record<string, unknown>);
  const isJson = schema?.kind === 'map' && schemaFields(schema) !== schema.entries;
  return editFrontMatter(tree, (document) => {
    if (isJson) {
      const { properties } = compilePicoschema({ [key]: value }).schema as { properties: Record<string, unknown> };
      document.setIn(['input', 'schema', 'properties', name], document.createNode(properties[name]));
    } else document.setIn(['input', 'schema', key], document.createNode(value));
  });
}

/** Removes an input's declaration, its default value and maps that are empty then. */
export function removeInput(tree: SyntaxTree, name: string): TextEdit | undefined {
  const declared = inputDeclarations(tree).get(name);
  if (!declared) return undefined;
  const properties = findEntry(tree.frontMatter?.root, ['input', 'schema', 'properties']);
  return editFrontMatter(tree, (document) => {
    const schema = ['input', 'schema', ...(properties ? ['properties'] : [])];
    if (declared.schema) document.deleteIn([...schema, declared.schema.key]);
    if (declared.default) document.deleteIn(['input', 'default', declared.default.key]);
    for (const path of [schema, ['input', 'schema'], ['input', 'default'], ['input']]) {
      const node = document.getIn(path);
      if (isMap(node) && node.items.length === 0) document.deleteIn(path);
    }
  });
}
