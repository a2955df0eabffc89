import { didYouMean, nearestNames } from '../../models/lists/suggest.ts';
import { type CheckContext, report } from './check-context.ts';
import { walkStatements } from './each-statement.ts';
import { parseTree } from './parse-tree.ts';
import type { LanguageWorkspace, PartialNode, Statement } from './tree.ts';

/** Partials that are not there, and those that call themselves without a condition. */
export function checkPartials(context: CheckContext): void {
  const { workspace, analyzed, path } = context;
  // without a workspace nothing is known of its files
  if (!workspace || path === undefined) return;
  const inline = inlinePartials(analyzed.tree.template.body);
  const unconditional = new Set(alwaysCalled(analyzed.tree.template.body));
  for (const statement of walkStatements(analyzed.tree.template.body)) {
    if (statement.kind !== 'partial' || statement.name === undefined || inline.has(statement.name)) continue;
    const partial = workspace.partial(statement.name, path);
    if (!partial) {
      // `{{#> name}}…{{/name}}` brings what stands in its place
      if (statement.body === undefined) reportMissing(context, statement, workspace);
    } else if (unconditional.has(statement) && reaches(partial, path, workspace)) {
      const message = `The partial \`${statement.name}\` calls itself without end: put the call behind a condition.`;
      report(context, 'circular-partial', message, statement.nameRange);
    }
  }
}

function reportMissing(
  context: CheckContext,
  { name = '', nameRange }: PartialNode,
  workspace: LanguageWorkspace,
): void {
  const near = didYouMean(nearestNames(name, workspace.partialNames(context.path), 1));
  const file = `${name.replace(/[^/]*$/, '')}_${name.replace(/^.*\//, '')}.prompt`;
  const hint = near ?? `Expected is the file ${file} in this folder or in one above it.`;
  report(context, 'missing-partial', `There is no partial \`${name}\`. ${hint}`, nameRange);
}

/** `{{#*inline "name"}}` makes a partial of the file's own. */
function inlinePartials(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  for (const statement of walkStatements(statements)) {
    if (statement.kind !== 'block') continue;
    const [name] = statement.call.params;
    if (name?.kind === 'literal') names.add(String(name.value));
  }
  return names;
}

/** The partials that rendering calls whatever the input is: those outside of every block. */
function alwaysCalled(statements: readonly Statement[]): PartialNode[] {
  return statements.filter((statement) => statement.kind === 'partial');
}

interface Source {
  path: string;
  source: string;
}

/** True where a partial is sure to call itself, or to call the file that it was called from. */
function reaches(start: Source, origin: string, workspace: LanguageWorkspace): boolean {
  const seen = new Set<string>();
  const visit = ({ path, source }: Source, trail: ReadonlySet<string>): boolean => {
    if (path === origin || trail.has(path)) return true;
    if (seen.has(path)) return false;
    seen.add(path);
    const inside = new Set([...trail, path]);
    return alwaysCalled(parseTree(source).template.body).some(({ name }) => {
      const next = name === undefined ? undefined : workspace.partial(name, path);
      return next !== undefined && visit(next, inside);
    });
  };
  return visit(start, new Set());
}
