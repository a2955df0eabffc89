import type { Range } from '../../prompts/prompt.ts';
import { analyzePrompt } from '../analysis/analyze.ts';
import type { DeclaredVariable } from '../analysis/declared-variable.ts';
import { schemaFinder } from '../analysis/file-variables.ts';
import { shownType } from '../analysis/schema-variables.ts';
import { resolveNames, scopeAt, type TemplateScope } from '../analysis/template-scope.ts';
import { DATA_VARIABLES, findHelper, HELPERS, type HelperDoc, ROLES } from '../analysis/vocabulary.ts';
import { type OpenTag, openTagAt } from '../syntax/open-tag.ts';
import type { AnalyzedPrompt, LanguageWorkspace } from '../syntax/tree.ts';
import { callName } from '../syntax/walk-tree.ts';
import type { CompletionContext, CompletionItem } from './completion-item.ts';

export function completeTemplate(prompt: AnalyzedPrompt, offset: number, context: CompletionContext): CompletionItem[] {
  const { source, template } = prompt.tree;
  const tag = openTagAt(source, template.range.start, offset);
  if (!tag) return [];
  const scope = scopeAt(prompt, offset, schemaFinder(context.workspace, context.path));
  if (tag.quoted) return quotedItems(tag, scope, context);
  if (tag.sigil === '/') return closingItems(tag, scope);
  if (tag.head === undefined) return headItems(prompt, { tag, scope, context });
  const values = variableItems(prompt, tag, scope, isLastArgument(tag)).map((item) => ({
    ...item,
    order: (item.order ?? 0) + 500,
  }));
  return [...argumentNames(tag, context), ...values];
}

function headItems(
  prompt: AnalyzedPrompt,
  { tag, scope, context }: { tag: OpenTag; scope: TemplateScope; context: CompletionContext },
): CompletionItem[] {
  if (tag.sigil === '>' || tag.sigil === '#>') return partialItems(tag, context);
  // `{{{#if}}}` is not a block
  const blocks = HELPERS.filter(({ block }) => block && tag.braces === 2);
  const blockItems = (sigil: string) => blocks.map((helper) => blockItem(helper, { tag, sigil, prompt, scope }));
  if (tag.sigil === '#' || tag.sigil === 'else') return blockItems('');
  if (tag.sigil === '^') return variableItems(prompt, tag, scope, true);
  const variables = variableItems(prompt, tag, scope, true);
  if (/[./@]/.test(tag.typed)) return variables;
  const inline = HELPERS.filter(({ block }) => !block);
  const others = [...inline.map((helper) => helperItem(helper, tag)), ...blockItems('#')];
  return tag.sigil === '' ? [...variables, ...others] : variables;
}

/** The replaced range and the new text: only the word if the tag is closed, otherwise including its end. */
function ending(tag: OpenTag, text: string): Pick<CompletionItem, 'insert' | 'range'> {
  const { start, end } = tag.range;
  return { insert: `${text}${tag.missing}`, range: { start, end: tag.missing === '' ? end : tag.missingAt } };
}

/** A helper's call, and for a block the text after its opening tag. */
function snippetParts({ snippet }: HelperDoc): { call: string; body: string } {
  const [, call = snippet, body = ''] = /^(.*?)\}\}(?!\})(.*)$/s.exec(snippet) ?? [];
  return { call, body };
}

function helperItem(helper: HelperDoc, tag: OpenTag, sigil = ''): CompletionItem {
  const call = tag.followed ? helper.name : snippetParts(helper).call;
  return {
    label: `${sigil}${helper.name}`,
    kind: helper.block ? 'block' : 'helper',
    detail: helper.parameters.map(({ name }) => name).join(' '),
    documentation: `${helper.doc}\n\n${helper.example}`,
    ...ending(tag, `${sigil}${call}`),
    snippet: true,
    order: helper.block ? 3000 : 2000,
  };
}

interface BlockPlace {
  tag: OpenTag;
  sigil: string;
  prompt: AnalyzedPrompt;
  scope: TemplateScope;
}

/** With the closing tag, unless the block has one. `{{else if x}}` has neither a body nor a closing tag of its own. */
function blockItem(helper: HelperDoc, { tag, sigil, prompt, scope }: BlockPlace): CompletionItem {
  const item = helperItem(helper, tag, sigil);
  const { body } = snippetParts(helper);
  if (tag.sigil === 'else' || tag.followed || isClosed(helper.name, { tag, prompt, scope })) return item;
  if (tag.closeEnd === undefined) return { ...item, insert: `${item.insert}${body}` };
  // The braces stay those that the editor closed, so that they can still be typed over. It forgets them if lines are
  // added directly after them, so only the closing tag is added.
  const text = body.slice(body.lastIndexOf('\n') + 1).replace('$0', '');
  return { ...item, after: { range: { start: tag.closeEnd, end: tag.closeEnd }, text } };
}

/** Whether more blocks of the name are closed after the tag than open there and around it. */
function isClosed(name: string, { tag, prompt, scope }: Omit<BlockPlace, 'sigil'>): boolean {
  const behind = prompt.tree.source.slice(tag.missingAt);
  const tags = [...behind.matchAll(/\{\{~?([#/])\s*([\w-]+)/g)].filter((found) => found[2] === name);
  const closes = tags.filter(([, sigil]) => sigil === '/').length;
  const around = scope.blocks.filter((block) => callName(block.call) === name && block.close !== undefined).length;
  return closes > tags.length - closes + around;
}

function closingItems(tag: OpenTag, scope: TemplateScope): CompletionItem[] {
  return scope.blocks
    .toReversed()
    .flatMap((block) => callName(block.call) ?? [])
    .map((name, order) => ({ label: name, kind: 'block', ...ending(tag, name), order }));
}

/** A partial may have several names, depending on the folder of its caller: the shortest one is offered. */
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
    ...ending(tag, name),
    order,
  }));
}

function quotedItems(tag: OpenTag, scope: TemplateScope, { files = [] }: CompletionContext): CompletionItem[] {
  if (tag.head === 'role') {
    return ROLES.map(({ name, doc }, order) => ({
      label: name,
      kind: 'role',
      documentation: doc,
      ...ending(tag, name),
      order,
    }));
  }
  if (tag.head === 'media' && tag.quoted?.name === 'url') {
    return files.map((label, order) => ({ label, kind: 'file', ...ending(tag, label), order }));
  }
  const values = optionsOf(tag, scope);
  return values.map((label, order) => {
    const written = isLastArgument(tag) ? ending(tag, label) : { insert: label, range: tag.range };
    return { label, kind: 'value', ...written, order };
  });
}

/** Whether the helper has no further argument, so that an accepted one ends the tag. */
function isLastArgument({ head, words, nested, sigil }: OpenTag): boolean {
  if (nested || sigil === '>' || sigil === '#>') return false;
  const positional = findHelper(head ?? '')?.parameters.filter(({ named }) => !named).length ?? 0;
  return words.slice(1).filter((word) => !word.includes('=')).length === positional - 1;
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

/** The names that a partial uses from its caller. */
function partialInputs(name: string, workspace: LanguageWorkspace | undefined, from: string | undefined): string[] {
  const partial = workspace?.partial(name, from);
  if (!partial) return [];
  const { references } = analyzePrompt(partial.source);
  return [...new Set(references.filter(({ kind }) => kind === 'input').map(({ name }) => name))];
}

function variableItems(prompt: AnalyzedPrompt, tag: OpenTag, scope: TemplateScope, closes = false): CompletionItem[] {
  const cut = Math.max(tag.typed.lastIndexOf('.'), tag.typed.lastIndexOf('/'));
  const written = (name: string): Pick<CompletionItem, 'insert' | 'range'> => {
    const { insert, range } = closes ? ending(tag, name) : { insert: name, range: tag.range };
    return { insert, range: { start: range.start + cut + 1, end: range.end } };
  };
  const make = (variable: DeclaredVariable, order: number): CompletionItem => ({
    label: variable.name,
    kind: cut < 0 ? 'variable' : 'field',
    ...(variable.type ? { detail: shownType(variable) ?? variable.type } : {}),
    ...(variable.description ? { documentation: variable.description } : {}),
    ...written(variable.name),
    order,
  });
  if (cut >= 0) return fieldsAfter(tag.typed.slice(0, cut), scope).map(make);
  const plain = (label: string, order: number, detail: string): CompletionItem => ({
    label,
    kind: label.startsWith('@') ? 'data' : 'variable',
    detail,
    ...written(label),
    order,
  });
  const declared = scope.fields.map(make);
  const params = scope.blockParams.map(({ name, variable }) => plain(name, 100, variable?.type ?? 'of this block'));
  const own = scope.atRoot ? [] : [plain('this', 200, 'current element')];
  const used = scope.atRoot ? undeclared(prompt, scope, tag.range).map((name) => plain(name, 300, 'not declared')) : [];
  const data = DATA_VARIABLES.filter(({ inLoop }) => !inLoop || scope.inLoop).map(({ name, doc }) => ({
    ...plain(name, 400, 'provided by Dotprompt'),
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

/** Names that the template uses elsewhere without declaring them. */
function undeclared({ references }: AnalyzedPrompt, scope: TemplateScope, here: Range): string[] {
  const names = references
    .filter(({ kind, range }) => kind === 'input' && !(range.start <= here.start && here.start <= range.end))
    .map(({ name }) => name);
  return [...new Set(names)].filter((name) => !scope.input.some((variable) => variable.name === name));
}
