import type { Range } from '../prompt.ts';
import { analyzePrompt } from './analyze.ts';
import type { CompletionContext, CompletionItem } from './completion.ts';
import { schemaFinder } from './file-variables.ts';
import { type DeclaredVariable, shownType } from './schema-variables.ts';
import { resolveNames, scopeAt, type TemplateScope } from './template-scope.ts';
import type { AnalyzedPrompt, LanguageWorkspace } from './tree.ts';
import { DATA_VARIABLES, findHelper, HELPERS, type HelperDoc, ROLES } from './vocabulary.ts';
import { callName } from './walk-tree.ts';

/** The tag that an offset stands in, read from the text alone: what is being typed rarely parses. */
export interface OpenTag {
  /** `#`, `/`, `>`, `^`, `&`, `else`, or nothing. */
  sigil: string;
  /** The first word after the sigil, if it is complete. */
  head: string | undefined;
  /** The complete words before the one at the offset. */
  words: readonly string[];
  /** The word at the offset, up to it. */
  typed: string;
  /** The quote of the text that the offset stands in, and the argument's name before it. */
  quoted: { name: string | undefined } | undefined;
  range: Range;
  /** Where the braces that already follow end; undefined where none do. */
  closeEnd: number | undefined;
  /** The braces that the tag lacks: fast fingers leave an editor with one where it would have closed two. */
  missing: string;
}

export function openTagAt(source: string, templateStart: number, offset: number): OpenTag | undefined {
  const open = source.lastIndexOf('{{', offset - 1);
  if (open < templateStart || open + 2 > offset) return undefined;
  const inner = source.slice(open + 2, offset);
  if (inner.includes('}}') || /^[{~]*!/.test(inner)) return undefined;
  const [, sigil = '', rest = ''] = /^[{~]*((?:#>|#\*|[#/>^&]|else(?=\s))?)\s*(.*)$/s.exec(inner) ?? [];
  // The innermost call in parentheses is the one whose arguments are being written.
  const call = rest.slice(unclosedParenthesis(rest) + 1);
  const quoted = openQuote(call);
  const typed = (quoted ? /[^"']*$/ : /[^\s=("'|]*$/).exec(call)?.[0] ?? '';
  const words = call.slice(0, call.length - typed.length).match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  const after = source.slice(offset);
  const tail = (quoted ? /^[^"'\n{}]*/ : /^[\w.@/-]*/).exec(after)?.[0] ?? '';
  const close = /^\s*~?(\}{1,3})/.exec(after.slice(tail.length));
  return {
    sigil,
    head: words[0],
    words,
    typed,
    quoted,
    range: { start: offset - typed.length, end: offset + tail.length },
    closeEnd: close ? offset + tail.length + close[0].length : undefined,
    missing: '}}'.slice(close?.[1]?.length ?? 0),
  };
}

function unclosedParenthesis(text: string): number {
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') open.push(at);
    else if (text[at] === ')') open.pop();
  }
  return open.at(-1) ?? -1;
}

function openQuote(text: string): OpenTag['quoted'] {
  const rest = text.replace(/"[^"]*"|'[^']*'/g, '');
  const quote = /(?:([\w-]+)=)?["'][^"']*$/.exec(rest);
  return quote ? { name: quote[1] } : undefined;
}

export function completeTemplate(prompt: AnalyzedPrompt, offset: number, context: CompletionContext): CompletionItem[] {
  const { source, template } = prompt.tree;
  const tag = openTagAt(source, template.range.start, offset);
  if (!tag) return [];
  const scope = scopeAt(prompt, offset, schemaFinder(context.workspace, context.path));
  if (tag.quoted) return quotedItems(tag, scope, context);
  if (tag.sigil === '/') return closingItems(tag, scope);
  if (tag.head === undefined) return headItems(prompt, { tag, scope, context });
  const values = variableItems(prompt, tag, scope).map((item) => ({ ...item, order: (item.order ?? 0) + 500 }));
  return [...argumentNames(tag, context), ...values];
}

function headItems(
  prompt: AnalyzedPrompt,
  { tag, scope, context }: { tag: OpenTag; scope: TemplateScope; context: CompletionContext },
): CompletionItem[] {
  if (tag.sigil === '>' || tag.sigil === '#>') return partialItems(tag, context);
  const blocks = HELPERS.filter(({ block }) => block);
  if (tag.sigil === '#' || tag.sigil === 'else') return blocks.map((helper) => helperItem(helper, tag));
  if (tag.sigil === '^') return variableItems(prompt, tag, scope);
  const variables = variableItems(prompt, tag, scope, true);
  if (/[./@]/.test(tag.typed)) return variables;
  const inline = HELPERS.filter(({ block }) => !block);
  const others = [
    ...inline.map((helper) => helperItem(helper, tag)),
    ...blocks.map((helper) => helperItem(helper, tag, '#')),
  ];
  return tag.sigil === '' ? [...variables, ...others] : variables;
}

function helperItem(helper: HelperDoc, tag: OpenTag, sigil = ''): CompletionItem {
  const isElse = tag.sigil === 'else';
  // `{{else if x}}` has neither a body nor a close of its own.
  const snippet = isElse ? helper.snippet.slice(0, helper.snippet.indexOf('}}}') + 3) : helper.snippet;
  return {
    label: `${sigil}${helper.name}`,
    kind: helper.block ? 'block' : 'helper',
    detail: helper.parameters.map(({ name }) => name).join(' '),
    documentation: `${helper.doc}\n\n${helper.example}`,
    insert: `${sigil}${snippet}`,
    snippet: true,
    range: { start: tag.range.start, end: tag.closeEnd ?? tag.range.end },
    order: helper.block ? 3000 : 2000,
  };
}

function closingItems(tag: OpenTag, scope: TemplateScope): CompletionItem[] {
  const end = tag.closeEnd ?? tag.range.end;
  return scope.blocks
    .toReversed()
    .flatMap((block) => callName(block.call) ?? [])
    .map((name, order) => ({
      label: name,
      kind: 'block',
      insert: `${name}}}`,
      range: { start: tag.range.start, end },
      order,
    }));
}

/** A partial may have several names, by the folder that it is looked for from: the shortest one is offered. */
function partialItems(tag: OpenTag, { workspace, path }: CompletionContext): CompletionItem[] {
  const shortest = new Map<string, { name: string; source: string }>();
  const names = (workspace?.partialNames(path) ?? []).toSorted((a, b) => a.length - b.length);
  for (const name of names) {
    const found = workspace?.partial(name, path);
    if (found && !shortest.has(found.path)) shortest.set(found.path, { name, source: found.source });
  }
  return [...shortest.values()].map(({ name, source }, order) => ({
    label: name,
    kind: 'partial',
    documentation: source.slice(0, 600),
    insert: `${name}${tag.missing}`,
    range: tag.range,
    order,
  }));
}

function quotedItems(tag: OpenTag, scope: TemplateScope, { files = [] }: CompletionContext): CompletionItem[] {
  const { range } = tag;
  if (tag.head === 'role') {
    return ROLES.map(({ name, doc }, order) => ({
      label: name,
      kind: 'role',
      documentation: doc,
      insert: name,
      range,
      order,
    }));
  }
  if (tag.head === 'media' && tag.quoted?.name === 'url') {
    return files.map((label, order) => ({ label, kind: 'file', insert: label, range, order }));
  }
  return optionsOf(tag, scope).map((label, order) => ({ label, kind: 'value', insert: label, range, order }));
}

/** In `ifEquals plan "…"` the values that the schema allows for the plan. */
function optionsOf({ head, words }: OpenTag, scope: TemplateScope): string[] {
  if (head !== 'ifEquals' && head !== 'unlessEquals') return [];
  const type = resolveNames((words[1] ?? '').split('.'), scope)?.type;
  return type?.startsWith('one of ') ? type.slice('one of '.length).split(', ') : [];
}

/** `url=` for media, and the variables of a partial's text for its call. */
function argumentNames(tag: OpenTag, { workspace, path }: CompletionContext): CompletionItem[] {
  if (/[./@]/.test(tag.typed)) return [];
  const names =
    tag.sigil === '>' || tag.sigil === '#>'
      ? partialInputs(tag.head ?? '', workspace, path)
      : (findHelper(tag.head ?? '')?.parameters ?? []).filter(({ named }) => named).map(({ name }) => name);
  return names.map((name, order) => ({
    label: `${name}=`,
    kind: 'field',
    detail: 'named argument',
    insert: `${name}=`,
    range: tag.range,
    order,
  }));
}

/** The names that a partial reads from whoever calls it. */
export function partialInputs(
  name: string,
  workspace: LanguageWorkspace | undefined,
  from: string | undefined,
): string[] {
  const partial = workspace?.partial(name, from);
  if (!partial) return [];
  const { references } = analyzePrompt(partial.source, { path: partial.path });
  return [...new Set(references.filter(({ kind }) => kind === 'input').map(({ name }) => name))];
}

function variableItems(prompt: AnalyzedPrompt, tag: OpenTag, scope: TemplateScope, closes = false): CompletionItem[] {
  const cut = Math.max(tag.typed.lastIndexOf('.'), tag.typed.lastIndexOf('/'));
  const insertEnd = closes ? tag.missing : '';
  const range = { start: tag.range.start + cut + 1, end: tag.range.end };
  const make = (variable: DeclaredVariable, order: number): CompletionItem => ({
    label: variable.name,
    kind: cut < 0 ? 'variable' : 'field',
    ...(variable.type ? { detail: shownType(variable) ?? variable.type } : {}),
    ...(variable.description ? { documentation: variable.description } : {}),
    insert: `${variable.name}${insertEnd}`,
    range,
    order,
  });
  if (cut >= 0) return fieldsAfter(tag.typed.slice(0, cut), scope).map(make);
  const plain = (label: string, order: number, detail: string): CompletionItem => ({
    label,
    kind: label.startsWith('@') ? 'data' : 'variable',
    detail,
    insert: `${label}${insertEnd}`,
    range,
    order,
  });
  const declared = scope.fields.map(make);
  const params = scope.blockParams.map(({ name, stands }) => plain(name, 100, stands?.type ?? 'of this block'));
  const own = scope.atRoot ? [] : [plain('this', 200, 'the element')];
  const used = scope.atRoot ? undeclared(prompt, scope, tag.range).map((name) => plain(name, 300, 'not declared')) : [];
  const data = DATA_VARIABLES.filter(({ inLoop }) => !inLoop || scope.inLoop).map(({ name, doc }) => ({
    ...plain(name, 400, 'given by dotprompt'),
    documentation: doc,
  }));
  return [...params, ...declared, ...own, ...used, ...data];
}

function fieldsAfter(path: string, scope: TemplateScope): readonly DeclaredVariable[] {
  if (path === '@root') return scope.input;
  const [up = ''] = /^(?:\.\.\/?)*/.exec(path) ?? [];
  if (up !== '') {
    const fields = scope.contexts.at(-1 - up.split('..').length + 1) ?? [];
    const rest = path
      .slice(up.length)
      .split('.')
      .filter((name) => name !== '');
    return rest.length === 0 ? fields : (resolveNames(rest, { ...scope, blockParams: [], fields })?.fields ?? []);
  }
  const names = path
    .replace(/^@root\./, '')
    .split('.')
    .filter((name) => name !== 'this');
  if (path.startsWith('@root.'))
    return resolveNames(names, { ...scope, blockParams: [], fields: scope.input })?.fields ?? [];
  return names.length === 0 ? scope.fields : (resolveNames(names, scope)?.fields ?? []);
}

/** Names that the template reads elsewhere without declaring them. */
function undeclared({ references }: AnalyzedPrompt, scope: TemplateScope, here: Range): string[] {
  const names = references
    .filter(({ kind, range }) => kind === 'input' && !(range.start <= here.start && here.start <= range.end))
    .map(({ name }) => name);
  return [...new Set(names)].filter((name) => !scope.input.some((variable) => variable.name === name));
}
