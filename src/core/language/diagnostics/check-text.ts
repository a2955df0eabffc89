import { findKeys } from '../../base/secrets/redact.ts';
import type { Range } from '../../prompts/prompt.ts';
import { statementsOf } from '../syntax/walk-tree.ts';
import { type CheckContext, report } from './check-context.ts';
import { findStrayBraces, findSurplusBraces } from './stray-braces.ts';

/** Checks the text itself: pasted keys, merge conflicts, unbalanced braces, broken tags. */
export function checkText(context: CheckContext): void {
  const { source, template } = context.analyzed.tree;
  for (const range of findKeys(source)) {
    const message = 'This looks like an API key: it would be sent to the provider and committed. Remove and revoke it.';
    report(context, 'pasted-secret', message, range);
  }
  checkConflicts(context);
  checkSyntax(context);
  const surplus = findSurplusBraces(context.analyzed.tree);
  for (const statement of statementsOf(template.body)) {
    if (statement.kind === 'text') checkBraces(context, statement.range, surplus);
  }
  checkStrayBraces(context);
}

/** One error per conflict, for all of it; the content of its sides is checked once it is resolved. */
function checkConflicts(context: CheckContext): void {
  const message = 'Unresolved merge conflict: choose one side and remove the marker lines.';
  for (const { range } of context.conflicts) report(context, 'conflict-marker', message, range);
}

/** `{name}}`: only a plain name whose second brace closes nothing, since JSON and LaTeX may end in two braces. */
function checkBraces(context: CheckContext, { start, end }: Range, surplus: ReadonlySet<number>): void {
  const text = context.analyzed.tree.source.slice(start, end);
  for (const { 0: found, index } of text.matchAll(/(?<![{\w\\])\{[ \t]*[A-Za-z_][\w.]*[ \t]*\}\}(?!\})/g)) {
    if (!surplus.has(start + index + found.indexOf('}'))) continue;
    const message = `Braces do not match in \`${found}\`: a variable is written \`{${found}\`.`;
    report(context, 'unbalanced-braces', message, { start: start + index, end: start + index + found.length });
  }
}

/** A tag that cannot be parsed has its own error, and its remains are not counted. */
function checkStrayBraces(context: CheckContext): void {
  if (context.prompt.errors?.some(({ code }) => code === 'template-syntax')) return;
  const { tree } = context.analyzed;
  for (const range of findStrayBraces(tree)) {
    const braces = tree.source.slice(range.start, range.end);
    report(context, 'stray-braces', `\`${braces}\` closes nothing and is sent as text.`, range);
  }
}

/** Handlebars stops at the first error of a template; the tolerant tree has the following ones. */
function checkSyntax(context: CheckContext): void {
  const first = context.prompt.errors?.find(({ code }) => code === 'template-syntax');
  if (!first) return;
  const add = (message: string, range: Range) => {
    const isReported = range.start < first.range.end && first.range.start < range.end;
    // a block that is closed with another name is reported at its opening tag
    const isOwner = first.data?.owner === context.analyzed.tree.source.slice(range.start, range.end);
    if (!isReported && !isOwner && range.start > first.range.start) report(context, 'template-syntax', message, range);
  };
  for (const statement of statementsOf(context.analyzed.tree.template.body)) {
    if (statement.kind === 'error') add(statement.message, statement.range);
    if (statement.kind !== 'block' || isChained(context, statement.openRange)) continue;
    const { start, end } = statement.call.path.range;
    const name = context.analyzed.tree.source.slice(start, end);
    const { close } = statement;
    if (!close) add(`\`{{#${name}}}\` is never closed by \`{{/${name}}}\`.`, statement.openRange);
    else if (close.name !== name) add(`\`{{#${name}}}\` is closed by \`{{/${close.name}}}\`.`, close.range);
  }
}

function isChained({ analyzed }: CheckContext, { start }: Range): boolean {
  return /^\{\{~?\s*else\b/.test(analyzed.tree.source.slice(start, start + 40));
}
