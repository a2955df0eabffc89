import { didYouMean, nearestNames } from '../../base/nearest-name.ts';
import { isPartialFile } from '../../prompts/template/partial-files.ts';
import { analyzePartial } from '../analysis/analyze.ts';
import type { LanguageWorkspace, PartialNode, Statement } from '../syntax/tree.ts';
import { statementsOf } from '../syntax/walk-tree.ts';
import { type CheckContext, report, suggest } from './check-context.ts';

/** Reports missing partials, and those that call themselves without a condition. */
export function checkPartials(context: CheckContext): void {
  const { workspace, analyzed, path } = context;
  // without a workspace nothing is known about its files
  if (!workspace || path === undefined) return;
  const inline = inlinePartials(analyzed.tree.template.body);
  const unconditional = new Set(alwaysCalled(analyzed.tree.template.body));
  for (const statement of statementsOf(analyzed.tree.template.body)) {
    if (statement.kind !== 'partial' || statement.name === undefined || inline.has(statement.name)) continue;
    const partial = workspace.partial(statement.name, path);
    if (!partial) {
      // `{{#> name}}…{{/name}}` contains its fallback
      if (statement.body === undefined && !callersFind(statement.name, path, workspace)) {
        reportMissing(context, statement, workspace);
      }
    } else if (unconditional.has(statement) && reaches(partial, path, workspace)) {
      const message = `The partial \`${statement.name}\` calls itself endlessly: put the call inside a condition.`;
      report(context, 'circular-partial', message, statement.nameRange);
    } else if (!isPartialFile(path)) reportMissingInside(context, statement, { partial, path, workspace });
  }
}

/** A partial's own calls are looked up from the prompt that is run, so its callers may see what its folder does not. */
function callersFind(name: string, path: string, workspace: LanguageWorkspace): boolean {
  return (
    isPartialFile(path) &&
    workspace.dependents(path).some((caller) => !isPartialFile(caller) && workspace.partial(name, caller))
  );
}

/** A partial that is found may call one that is not visible from this prompt's folder. */
function reportMissingInside(
  context: CheckContext,
  { name = '', nameRange }: PartialNode,
  { partial, path, workspace }: { partial: Source; path: string; workspace: LanguageWorkspace },
): void {
  const seen = new Set<string>();
  const find = ({ path: file, source }: Source): string | undefined => {
    if (seen.has(file)) return undefined;
    seen.add(file);
    const { body } = analyzePartial(source).tree.template;
    const inline = inlinePartials(body);
    for (const call of statementsOf(body)) {
      if (call.kind !== 'partial' || call.name === undefined || inline.has(call.name)) continue;
      const next = workspace.partial(call.name, path);
      const missing = next ? find(next) : call.body === undefined ? call.name : undefined;
      if (missing !== undefined) return missing;
    }
    return undefined;
  };
  const missing = find(partial);
  if (missing === undefined) return;
  const message = `The partial \`${name}\` needs the partial \`${missing}\`, which was not found in this folder or its parent folders.`;
  report(context, 'missing-partial', message, nameRange);
}

function reportMissing(
  context: CheckContext,
  { name = '', nameRange }: PartialNode,
  workspace: LanguageWorkspace,
): void {
  const refusal = workspace.partialRefusal?.(name, context.path);
  if (refusal !== undefined) {
    report(context, 'missing-partial', `The partial \`${name}\` cannot be used: ${refusal}`, nameRange);
    return;
  }
  const near = nearestNames(name, workspace.partialNames(context.path), 1);
  const file = `${name.replace(/[^/]*$/, '')}_${name.replace(/^.*\//, '')}.prompt`;
  const hint = didYouMean(near) ?? `Expected the file ${file} in this folder or a parent folder.`;
  report(context, 'missing-partial', `Partial \`${name}\` not found. ${hint}`, nameRange, suggest(near));
}

/** `{{#*inline "name"}}` defines a partial of the file itself. */
function inlinePartials(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  for (const statement of statementsOf(statements)) {
    if (statement.kind !== 'block') continue;
    const [name] = statement.call.params;
    if (name?.kind === 'literal') names.add(String(name.value));
  }
  return names;
}

/** The partials that rendering calls whatever the input is: those outside every block. */
function alwaysCalled(statements: readonly Statement[]): PartialNode[] {
  return statements.filter((statement) => statement.kind === 'partial');
}

interface Source {
  path: string;
  source: string;
}

/** True if a partial always calls itself, or the file that it was called from. */
function reaches(start: Source, origin: string, workspace: LanguageWorkspace): boolean {
  const seen = new Set<string>();
  const visit = ({ path, source }: Source, trail: ReadonlySet<string>): boolean => {
    if (path === origin || trail.has(path)) return true;
    if (seen.has(path)) return false;
    seen.add(path);
    const inside = new Set([...trail, path]);
    return alwaysCalled(analyzePartial(source).tree.template.body).some(({ name }) => {
      const next = name === undefined ? undefined : workspace.partial(name, origin);
      return next !== undefined && visit(next, inside);
    });
  };
  return visit(start, new Set());
}
