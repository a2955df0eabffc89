import path from 'node:path';
import type { Diagnostic, Range } from '../../prompts/prompt.ts';
import { findEntry } from '../analysis/declarations.ts';
import { blockNamesAt } from '../analysis/find-symbol.ts';
import { guessDeclaration } from '../analysis/guess-declaration.ts';
import type { TextEdit } from '../formatting/format-prompt.ts';
import type { AnalyzedPrompt, BlockNode, SyntaxTree, YamlEntry } from '../syntax/tree.ts';
import { statementsOf } from '../syntax/walk-tree.ts';
import { braceFixes } from './brace-fixes.ts';
import { declareInput, editFrontMatter, removeInput } from './edit-front-matter.ts';
import type { ActionRequest, PromptAction } from './prompt-action.ts';

/** Fixes for one diagnostic. */
export function fixActions(diagnostic: Diagnostic, request: ActionRequest): PromptAction[] {
  const { tree } = request.analyzed;
  const { code, range, data } = diagnostic;
  const fix = (title: string, edits: (TextEdit | undefined)[], preferred?: boolean) =>
    quickFix(diagnostic, title, edits, preferred);
  const text = tree.source.slice(range.start, range.end);
  const renamed = renameFix(diagnostic, tree);
  switch (code) {
    case 'undefined-variable': {
      if (data?.kind === 'field') return renamed;
      const { lines, shown } = guessDeclaration(text, request.analyzed, request.examples);
      return [
        ...renamed,
        ...fix(`Declare ${text} in the schema (${shown})`, [declareInput(tree, text, lines)], renamed.length === 0),
      ];
    }
    case 'unused-variable':
      return fix(`Remove ${text} from the front matter`, [removeInput(tree, text)]);
    case 'misplaced-key':
      return [...renamed, ...fix(`Move ${text} to the correct place`, [moveKey(tree, diagnostic, text)])];
    case 'template-block':
      return fix('Convert to a marker without a closing tag', unwrapBlock(tree, range));
    case 'stray-braces':
      return fix(`Remove the stray ${text}`, [{ range, text: '' }]);
    case 'template-syntax':
    case 'template-unknown-helper':
      return [
        ...braceFixes(tree, closingAt(tree, range)).flatMap((brace) => fix(brace.title, [brace.edit], brace.preferred)),
        ...renamed,
        ...fix('Escape the braces to send them as text', [escapeBraces(tree, range)], false),
      ];
    case 'schema-in-code':
      return schemaActions(diagnostic, request);
    case 'json-without-schema':
      return fix('Add a schema', [
        editFrontMatter(tree, (document) => document.setIn(['output', 'schema'], { answer: 'string, the answer' })),
      ]);
    default:
      return renamed;
  }
}

function quickFix(
  diagnostic: Diagnostic,
  title: string,
  edits: (TextEdit | undefined)[],
  preferred = true,
): PromptAction[] {
  const made = edits.filter((edit) => edit !== undefined);
  return made.length === 0 ? [] : [{ title, kind: 'quickfix', edits: made, diagnostic, preferred }];
}

/** Replaces a wrong name with the one that was probably meant; in a block's closing tag, too. */
function renameFix(diagnostic: Diagnostic, tree: SyntaxTree): PromptAction[] {
  const { code, range } = diagnostic;
  const named = nearName(diagnostic, tree.source.slice(range.start, range.end));
  if (!named) return [];
  const places = code === 'template-unknown-helper' ? blockNamesAt(tree, range.start) : [];
  const edits = places.length > 0 ? places.map((at) => ({ range: at, text: named.text })) : [named];
  return quickFix(diagnostic, `Change to ${named.text}`, edits);
}

/** A file for a schema that only a program knows; for a field, `any` means that its value is not checked. */
function schemaActions(diagnostic: Diagnostic, { analyzed, path: from, exists }: ActionRequest): PromptAction[] {
  const { range, data } = diagnostic;
  const name = data?.owner;
  if (name === undefined) return [];
  const { source, frontMatter } = analyzed.tree;
  const file = from && path.join(path.dirname(from), 'schemas', `${name}.yaml`);
  const isInput = holds(findEntry(frontMatter?.root, ['input', 'schema']), range);
  const create = file && !exists?.(file) ? { path: file, text: schemaText(analyzed, isInput) } : undefined;
  const at = range.start + source.slice(range.start, range.end).indexOf(name);
  const any = { range: { start: at, end: at + name.length }, text: 'any' };
  return [
    ...(create
      ? [
          {
            title: `Add schemas/${name}.yaml`,
            kind: 'quickfix' as const,
            edits: [],
            create,
            diagnostic,
            preferred: true,
          },
        ]
      : []),
    ...(data?.kind === 'whole'
      ? []
      : [{ title: 'Change to any', kind: 'quickfix' as const, edits: [any], diagnostic, preferred: false }]),
  ];
}

function holds(entry: YamlEntry | undefined, { start, end }: Range): boolean {
  return entry !== undefined && entry.range.start <= start && end <= entry.range.end;
}

/** The inputs that the template uses, as strings; for an answer a single field to start with. */
function schemaText({ references }: AnalyzedPrompt, isInput: boolean): string {
  const names = new Set(references.flatMap(({ kind, name }) => (kind === 'input' ? name : [])));
  if (!isInput || names.size === 0) return 'answer: string, the answer\n';
  return [...names].map((name) => `${name}: string\n`).join('');
}

function nearName({ range, data }: Diagnostic, text: string): TextEdit | undefined {
  if (data?.suggestion === undefined) return undefined;
  if (data.replaces === undefined) {
    const quote = /^["']/.exec(text)?.[0] ?? '';
    return { range, text: `${quote}${data.suggestion}${quote}` };
  }
  const start = range.start + text.indexOf(data.replaces);
  if (start < range.start) return undefined;
  return { range: { start, end: start + data.replaces.length }, text: data.suggestion };
}

/** The parent has to be a key of the top level, since a dotted one is not a path. */
function moveKey(tree: SyntaxTree, { data }: Diagnostic, key: string): TextEdit | undefined {
  const { place, owner } = data ?? {};
  if (place === undefined || (owner !== undefined && /\W/.test(owner))) return undefined;
  const from = owner === undefined ? [key] : [owner, key];
  const to = place === '' ? [key] : [place, key];
  return editFrontMatter(tree, (document) => {
    const value: unknown = document.getIn(from, true);
    document.deleteIn(from);
    document.setIn(to, value);
  });
}

/** `{{#role "user"}}…{{/role}}` becomes `{{role "user"}}…`; a closing tag alone on its line is removed with it. */
function unwrapBlock({ source, template }: SyntaxTree, range: Range): TextEdit[] {
  const block = [...statementsOf(template.body)].find(
    (statement): statement is BlockNode =>
      statement.kind === 'block' && statement.openRange.start <= range.start && range.end <= statement.openRange.end,
  );
  if (!block?.close || block.inverse) return [];
  const open = source.slice(block.openRange.start, block.openRange.end);
  if (!/^\{\{~?#\s*(?:role|history|section|media)\b/.test(open)) return [];
  const { start, end } = block.close.range;
  const alone = (source[start - 1] === '\n' || start === 0) && /^\r?\n/.exec(source.slice(end, end + 2));
  return [
    { range: block.openRange, text: open.replace(/#\s*/, '') },
    { range: { start, end: end + (alone ? alone[0].length : 0) }, text: '' },
  ];
}

/** The start of a problem's closing braces: an error covers only them, or its whole tag. */
function closingAt({ source }: SyntaxTree, { start, end }: Range): number {
  const at = source.indexOf('}}', start);
  return at >= 0 && at < end ? at : start;
}

/** A backslash before the braces at, around or directly before the problem. */
function escapeBraces({ source, template }: SyntaxTree, range: Range): TextEdit | undefined {
  const line = source.lastIndexOf('\n', Math.max(0, range.start - 1)) + 1;
  const at = source.startsWith('{{', range.start) ? range.start : source.lastIndexOf('{{', range.start);
  if (at < Math.max(line, template.range.start) || source[at - 1] === '\\') return undefined;
  const start = source[at - 1] === '{' ? at - 1 : at;
  return { range: { start, end: start }, text: '\\' };
}
