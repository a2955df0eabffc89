import { parse } from 'yaml';
import type { Range } from '../../prompts/prompt.ts';
import { picoschemaFromExample } from '../../prompts/schema/schema-from-example.ts';
import type { SyntaxTree } from '../syntax/tree.ts';
import { statementsOf } from '../syntax/walk-tree.ts';
import { editFrontMatter } from './edit-front-matter.ts';
import { extractPartial, isInside } from './extract-partial.ts';
import { inlinePartial } from './inline-partial.ts';
import type { ActionRequest, PromptAction } from './prompt-action.ts';

/** Refactorings of the selection, or at the cursor. */
export function rewriteActions(request: ActionRequest): PromptAction[] {
  const { tree } = request.analyzed;
  const selection = trimmed(tree.source, request.selection);
  const inTemplate = selection.start >= tree.template.range.start && selection.end <= tree.template.range.end;
  return [
    ...(inTemplate && selection.end > selection.start
      ? [...wrapInRole(request, selection), ...extractPartial(request, selection), ...escapeSelection(tree, selection)]
      : []),
    ...inlinePartial(request),
    ...convertFields(tree, request.selection),
    ...schemaFromSelection(tree, selection),
  ];
}

function trimmed(source: string, { start, end }: Range): Range {
  const text = source.slice(start, end);
  const from = start + text.length - text.trimStart().length;
  return { start: Math.min(from, end), end: Math.max(Math.min(from, end), start + text.trimEnd().length) };
}

/** The text after the selection keeps its current role. */
function wrapInRole({ analyzed: { tree, roles } }: ActionRequest, { start, end }: Range): PromptAction[] {
  const isTop = tree.template.body.every(
    ({ kind, range }) => kind !== 'block' || range.end <= start || range.start >= end,
  );
  const current = roles.findLast(({ range }) => range.start <= start)?.role ?? 'user';
  if (!isTop || roles.some(({ markerRange }) => markerRange && markerRange.start < end && markerRange.end > start))
    return [];
  const rest = tree.source.slice(end, tree.template.range.end);
  const needsMarker = rest.trim() !== '' && !/^\s*\{\{\s*(?:role|history)\b/.test(rest);
  return ['system', 'user', 'model'].flatMap((role): PromptAction[] => {
    if (role === current) return [];
    const edits = [{ range: { start, end: start }, text: `{{role "${role}"}}\n` }];
    if (needsMarker) edits.push({ range: { start: end, end }, text: `\n{{role "${current}"}}` });
    return [{ title: `Wrap in role ${role}`, kind: 'refactor.rewrite', edits }];
  });
}

const FIELD = /(?<![{\\$])\{([A-Za-z_]\w*)\}(?!\})/g;

/** All `{name}` in the selection, or in the whole template if nothing is selected. */
function convertFields(tree: SyntaxTree, selection: Range): PromptAction[] {
  const isSelected = selection.end > selection.start;
  const edits = [...statementsOf(tree.template.body)].flatMap(({ kind, range }) => {
    if (kind !== 'text') return [];
    return [...tree.source.slice(range.start, range.end).matchAll(FIELD)].map((match) => {
      const start = range.start + match.index;
      return { range: { start, end: start + match[0].length }, text: `{{${match[1]}}}` };
    });
  });
  const chosen = edits.filter(({ range }) => !isSelected || isInside(range, selection));
  const isAt = isSelected || chosen.some(({ range }) => range.start <= selection.start && selection.end <= range.end);
  if (chosen.length === 0 || !isAt) return [];
  const what = isSelected ? 'the selected {name} placeholders' : 'all {name} placeholders';
  return [{ title: `Convert ${what} to {{name}}`, kind: 'refactor.rewrite', edits: chosen }];
}

function escapeSelection(tree: SyntaxTree, { start, end }: Range): PromptAction[] {
  const text = tree.source.slice(start, end);
  const edits = [...text.matchAll(/(?<!\\)\{\{/g)].map(({ index }) => ({
    range: { start: start + index, end: start + index },
    text: '\\',
  }));
  return edits.length === 0 ? [] : [{ title: 'Escape the braces in the selection', kind: 'refactor.rewrite', edits }];
}

const LONGEST_EXAMPLE = 100_000;

function schemaFromSelection(tree: SyntaxTree, { start, end }: Range): PromptAction[] {
  const text = tree.source.slice(start, end);
  if (text.length > LONGEST_EXAMPLE || !/^[{[][\s\S]*[}\]]$/.test(text)) return [];
  let lines: string[] | undefined;
  try {
    lines = picoschemaFromExample(JSON.parse(text));
  } catch {
    return [];
  }
  if (!lines) return [];
  const schema: unknown = parse(lines.join('\n'));
  return (['input', 'output'] as const).flatMap((place): PromptAction[] => {
    const edit = editFrontMatter(tree, (document) => {
      if (place === 'output' && !document.hasIn(['output', 'format'])) document.setIn(['output', 'format'], 'json');
      document.setIn([place, 'schema'], document.createNode(schema));
    });
    return edit
      ? [{ title: `Add the ${place} schema from this JSON example`, kind: 'refactor.rewrite', edits: [edit] }]
      : [];
  });
}
