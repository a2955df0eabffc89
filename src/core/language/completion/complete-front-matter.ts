import type { Range } from '../../prompts/prompt.ts';
import { findEntry } from '../analysis/declarations.ts';
import type { DeclaredVariable } from '../analysis/declared-variable.ts';
import { schemaFinder } from '../analysis/file-variables.ts';
import { describeModelBriefly, modelOfPrompt, windowAndPrices } from '../analysis/prompt-model.ts';
import { declaredVariables } from '../analysis/schema-variables.ts';
import {
  configKeysFor,
  type KeyDoc,
  type KeyValueKind,
  keysAt,
  SCHEMA_FORMS,
  SCHEMA_TYPES,
} from '../analysis/vocabulary.ts';
import type { AnalyzedPrompt, SyntaxTree } from '../syntax/tree.ts';
import { frontMatterSnippets } from './complete-snippets.ts';
import type { CompletionContext, CompletionItem } from './completion-item.ts';

/** The place of an offset in the YAML, by the lines' indentation, so that it works for text that does not parse yet. */
interface YamlPlace {
  /** Keys of the enclosing maps, outermost first; `[]` is an element of a list. */
  parents: string[];
  /** The key of the value at the offset; undefined if a key is being written. */
  key: string | undefined;
  /** An element of a list. */
  inList: boolean;
  /** The word at the offset. */
  range: Range;
  /** It is followed by a colon. */
  hasColon: boolean;
}

export function yamlPlaceAt(source: string, frontMatter: Range, offset: number): YamlPlace {
  const lineStart = Math.max(frontMatter.start, source.lastIndexOf('\n', offset - 1) + 1);
  const nextBreak = source.indexOf('\n', offset);
  const after = source.slice(offset, nextBreak < 0 ? source.length : nextBreak);
  const before = source.slice(lineStart, offset);
  const [, indent = '', dashes = '', content = ''] = /^(\s*)((?:-\s+)*)(.*)$/.exec(before) ?? [];
  const above = source.slice(frontMatter.start, lineStart).split('\n').slice(0, -1);
  const column = indent.length + dashes.length;
  const parents = dashes === '' ? parentsOf(above, column, false) : [...parentsOf(above, indent.length, true), '[]'];
  const written = /^([\w.$?()*,' -]+?|"[^"]*")\s*:(?:\s+|$)(.*)$/.exec(content);
  const value = written ? (written[2] ?? '') : content;
  const inFlow = written !== null && /^\[[^\]]*$/.test(value);
  const typed = (inFlow ? /[^[,\s"']*$/ : /[^\s"']*$/).exec(value)?.[0] ?? '';
  const tail = /^[^\s,\]"':]*/.exec(after)?.[0] ?? '';
  const range = {
    start: offset - typed.length,
    end: offset + (written ? tail.length : (/^[\w.]*/.exec(after)?.[0].length ?? 0)),
  };
  const hasColon = /^[\w.]*\s*:/.test(after);
  return {
    parents,
    key: written?.[1]?.replaceAll('"', ''),
    inList: inFlow || (dashes !== '' && !written),
    range,
    hasColon,
  };
}

/** The keys above a line that contain it. `dash`: the line is a list item, which may be indented like its key. */
function parentsOf(lines: readonly string[], column: number, dash: boolean): string[] {
  const parents: string[] = [];
  let want = column;
  let sameColumn = dash;
  for (let at = lines.length - 1; at >= 0 && (want > 0 || sameColumn); at--) {
    const match = /^(\s*)((?:-\s+)*)(?:("[^"]*"|[^#:\s][^:]*):(?:\s|$))?/.exec(lines[at] ?? '');
    const [, indent = '', dashes = '', key] = match ?? [];
    if ((lines[at] ?? '').trim() === '' || /^\s*#/.test(lines[at] ?? '')) continue;
    const keyColumn = indent.length + dashes.length;
    if (key !== undefined && (keyColumn < want || (sameColumn && keyColumn === want && dashes === ''))) {
      parents.unshift(key.replaceAll('"', ''));
      want = keyColumn;
      sameColumn = false;
    }
    if (dashes !== '' && indent.length < want && keyColumn <= want) {
      parents.unshift('[]');
      want = indent.length;
      sameColumn = true;
    }
  }
  return parents;
}

/** Schemas contain names of the user's choice; below these keys only types are offered. */
export function isInSchema(parents: readonly string[]): boolean {
  const path = parents.join('.');
  return /^(?:input\.schema|output\.schema|toolDefs\.\[\]\.inputSchema)(?:\.|$)/.test(path);
}

export function completeFrontMatter(
  prompt: AnalyzedPrompt,
  offset: number,
  context: CompletionContext,
): CompletionItem[] {
  const { tree } = prompt;
  if (!tree.frontMatter) return [];
  const place = yamlPlaceAt(tree.source, tree.frontMatter.range, offset);
  const path = place.parents.join('.');
  const isElement = place.inList && keysAt(path) === undefined;
  if (place.key !== undefined || isElement) return completeValue(tree, place, context);
  if (isInSchema(place.parents)) return schemaForms(place);
  if (path === 'input.default') return defaultNames(variablesOf(tree, context), place);
  const model = modelOfPrompt(tree, context);
  const keys = path === 'config' ? configKeysFor(model?.type, model?.id ?? '') : (keysAt(path) ?? []);
  const parent = path === '' ? tree.frontMatter.root : findEntry(tree.frontMatter.root, place.parents)?.value;
  const taken =
    parent?.kind === 'map' ? parent.entries.filter(({ keyRange }) => keyRange.start !== place.range.start) : [];
  const isTaken = (key: string) => taken.some((entry) => entry.key === key);
  const plain = keys.filter(({ key }) => !isTaken(key)).map((doc, order) => keyItem(doc, order, place));
  const isRoot = path === '' && !place.hasColon;
  return isRoot ? [...plain, ...frontMatterSnippets(place.range, isTaken)] : plain;
}

const AFTER_KEY: Record<KeyValueKind, string> = {
  text: ': $0',
  number: ': $0',
  boolean: ': $0',
  model: ': $0',
  path: ': $0',
  map: ':\n  $0',
  schema: ':\n  $0',
  list: ':\n  - $0',
  models: ':\n  - $0',
};

function keyItem(doc: KeyDoc, order: number, place: YamlPlace): CompletionItem {
  return {
    label: doc.key,
    kind: 'key',
    detail: doc.values ? doc.values.join(' | ') : doc.value,
    documentation: doc.doc,
    insert: place.hasColon ? doc.key : `${doc.key}${AFTER_KEY[doc.value]}`,
    snippet: !place.hasColon,
    suggestNext: !place.hasColon && ['model', 'models', 'path', 'map', 'boolean'].includes(doc.value),
    range: place.range,
    order,
  };
}

function completeValue(tree: SyntaxTree, place: YamlPlace, context: CompletionContext): CompletionItem[] {
  const parents = place.parents.filter((name) => name !== '[]');
  const path = [...parents, ...(place.key === undefined ? [] : [place.key])].join('.');
  const plain =
    (kind: CompletionItem['kind']) =>
    (label: string, order: number): CompletionItem => ({ label, kind, insert: label, range: place.range, order });
  if (path === 'model' || path === 'llmops.models') return modelItems(place.range, context);
  if (path === 'llmops.dataset') return (context.files ?? []).filter(isDataset).map(plain('file'));
  if (path === 'llmops.media')
    return variablesOf(tree, context)
      .map(({ name }) => name)
      .map(plain('variable'));
  if (isInSchema(place.parents) || /(?:^|\.)(?:schema|inputSchema)$/.test(path)) {
    return /\(enum/.test(place.key ?? '') ? [] : typeItems(place.range, context);
  }
  if (parents.join('.') === 'input.default') return defaultValues(variablesOf(tree, context), place);
  const model = modelOfPrompt(tree, context);
  const keys = parents[0] === 'config' ? configKeysFor(model?.type, model?.id ?? '') : keysAt(place.parents.join('.'));
  return (keys?.find(({ key }) => key === place.key)?.values ?? []).map(plain('value'));
}

function modelItems(range: Range, { workspace, unreadyModels = [] }: CompletionContext): CompletionItem[] {
  const ready = workspace?.models() ?? [];
  const others = unreadyModels.filter(({ ref }) => !ready.some((model) => model.ref === ref));
  return [...ready, ...others].map((model, order) => ({
    label: model.ref,
    kind: 'model',
    brief: windowAndPrices(model),
    detail: describeModelBriefly(model),
    insert: model.ref,
    range,
    order,
    ...(model.label === model.ref ? {} : { documentation: model.label }),
  }));
}

function typeItems(range: Range, { workspace, path }: CompletionContext): CompletionItem[] {
  const scalars = SCHEMA_TYPES.map(
    ({ name, doc }): CompletionItem => ({ label: name, kind: 'type', documentation: doc, insert: name, range }),
  );
  const named = (workspace?.schemaNames(path) ?? []).map(
    (name): CompletionItem => ({ label: name, kind: 'type', detail: 'schema in this workspace', insert: name, range }),
  );
  return [...scalars, ...named].map((item, order) => ({ ...item, order }));
}

function schemaForms(place: YamlPlace): CompletionItem[] {
  if (place.hasColon) return [];
  const scalar = {
    name: 'field',
    doc: 'A field of a simple type.',
    snippet: '${1:name}: ${2:string}, ${3:description}',
  };
  return [scalar, ...SCHEMA_FORMS].map(({ name, doc, snippet }, order) => ({
    label: name,
    kind: 'type',
    documentation: doc,
    insert: snippet,
    snippet: true,
    range: place.range,
    order,
  }));
}

function variablesOf(tree: SyntaxTree, { workspace, path }: CompletionContext): DeclaredVariable[] {
  return declaredVariables(tree, schemaFinder(workspace, path));
}

function defaultNames(variables: readonly DeclaredVariable[], place: YamlPlace): CompletionItem[] {
  return variables
    .filter(({ defaultText }) => defaultText === undefined)
    .map(({ name, type, description }, order) => ({
      label: name,
      kind: 'variable',
      ...(type ? { detail: type } : {}),
      ...(description ? { documentation: description } : {}),
      insert: place.hasColon ? name : `${name}: `,
      range: place.range,
      order,
    }));
}

function defaultValues(variables: readonly DeclaredVariable[], place: YamlPlace): CompletionItem[] {
  const variable = variables.find(({ name }) => name === place.key);
  const options = variable?.type?.startsWith('one of ')
    ? variable.type.slice('one of '.length).split(', ')
    : variable?.type === 'boolean'
      ? ['true', 'false']
      : [];
  return options.map((label, order) => ({ label, kind: 'value', insert: label, range: place.range, order }));
}

function isDataset(file: string): boolean {
  return /\.(?:jsonl|ndjson|json|csv|tsv)$/i.test(file);
}
