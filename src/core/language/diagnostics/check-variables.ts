import { didYouMean, nearestNames } from '../../base/nearest-name.ts';
import type { Range } from '../../prompts/prompt.ts';
import { isPartialFile } from '../../prompts/template/partial-files.ts';
import { analyzePartial } from '../analysis/analyze.ts';
import { schemaFinder } from '../analysis/file-variables.ts';
import { declaredVariables } from '../analysis/schema-variables.ts';
import { argumentsOf } from '../syntax/paths.ts';
import type { AnalyzedPrompt, Expression, LanguageWorkspace, Statement } from '../syntax/tree.ts';
import { statementsOf } from '../syntax/walk-tree.ts';
import { type CheckContext, report, suggest } from './check-context.ts';
import { isClosedSchema, unknownFields } from './unknown-names.ts';

/** Reports variables that are undeclared, unused, or used where instructions have the highest priority. */
export function checkVariables(context: CheckContext): void {
  // A partial's inputs come from its callers: it declares none.
  if (isPartialFile(context.path)) return;
  checkUndefined(context);
  checkUnused(context);
  checkSystemRole(context);
}

/** Only a file with a schema defines its inputs; one that allows any other does not. */
function checkUndefined(context: CheckContext): void {
  const { analyzed, workspace, path } = context;
  const findSchema = schemaFinder(workspace, path);
  if (!isClosedSchema(analyzed.tree, findSchema)) return;
  const declared = new Set(declaredVariables(analyzed.tree, findSchema).map(({ name }) => name));
  for (const { kind, name, range } of analyzed.references) {
    if (kind !== 'input' || declared.has(name)) continue;
    const near = nearestNames(name, declared, 1);
    const hint = didYouMean(near);
    const message = `\`${name}\` is not declared in the input schema.${hint ? ` ${hint}` : ''}`;
    report(context, 'undefined-variable', message, range, suggest(near));
  }
  checkFields(context);
}

function checkFields(context: CheckContext): void {
  for (const { owner, name, names, range } of unknownFields(
    context.analyzed,
    schemaFinder(context.workspace, context.path),
  )) {
    const known = owner.fields.map((field) => field.name);
    const near = nearestNames(name, known, 1);
    const hint = didYouMean(near) ?? `Known fields: ${known.join(', ')}.`;
    const message = `\`${names.slice(0, -1).join('.')}\` has no field \`${name}\`. ${hint}`;
    report(context, 'undefined-variable', message, range, { data: { ...suggest(near).data, kind: 'field' } });
  }
}

function checkUnused(context: CheckContext): void {
  const { analyzed, declarations, path, workspace, prompt } = context;
  const ofFile = declaredVariables(analyzed.tree, schemaFinder(workspace, path)).filter(({ from }) => from === 'file');
  if ((declarations.size === 0 && ofFile.length === 0) || prompt.template.text.trim() === '') return;
  const used = new Set<string>();
  if (!collectUsed(analyzed, { used, path, workspace, seen: new Set() })) return;
  for (const { name, range } of declarations.values()) {
    const isOfFile = ofFile.some((variable) => variable.name === name);
    if (isOfFile || used.has(name)) continue;
    report(context, 'unused-variable', `\`${name}\` is never used.`, range, { tags: ['unnecessary'] });
  }
  const unused = ofFile.filter(({ name }) => !used.has(name));
  const [first] = unused;
  if (!first) return;
  // A file is referred to once, so one diagnostic lists its unused variables; the reference itself is needed.
  const names = unused.map(({ name }) => `\`${name}\``).join(', ');
  const verb = unused.length === 1 ? 'is' : 'are';
  report(context, 'unused-variable', `${names} of the schema \`${first.file}\` ${verb} never used.`, first.range);
}

interface Collector {
  used: Set<string>;
  path: string | undefined;
  workspace: LanguageWorkspace | undefined;
  seen: Set<string>;
}

/** Adds the inputs that a file uses, including its partials; false if some use is unknown. */
function collectUsed(analyzed: AnalyzedPrompt, collector: Collector): boolean {
  for (const { kind, name } of analyzed.references)
    if (kind === 'input' || kind === 'element') collector.used.add(name);
  for (const statement of statementsOf(analyzed.tree.template.body)) {
    if (usesWhole(statement)) return false;
    if (statement.kind === 'partial' && !collectPartial(statement.name, collector)) return false;
  }
  return true;
}

function collectPartial(name: string | undefined, collector: Collector): boolean {
  if (name === undefined) return false;
  const partial = collector.workspace?.partial(name, collector.path);
  if (!partial) return false;
  if (collector.seen.has(partial.path)) return true;
  collector.seen.add(partial.path);
  // as in a run: calls in a partial are looked up from the prompt
  return collectUsed(analyzePartial(partial.source), collector);
}

/** `{{json this}}`, `{{#each this}}`, `{{#each @root}}`: every input may be in it. */
function usesWhole(statement: Statement): boolean {
  if (statement.kind === 'error') return true;
  const isWhole = (value: Expression): boolean => {
    if (value.kind === 'call') return argumentsOf(value.call).some(isWhole);
    if (value.kind !== 'path') return false;
    const [first, second] = value.segments;
    return first === undefined || (value.data && first.text === 'root' && second === undefined);
  };
  if (statement.kind === 'partial')
    return [...statement.params, ...statement.hash.map(({ value }) => value)].some(isWhole);
  if (statement.kind !== 'mustache' && statement.kind !== 'block') return false;
  const { path, params, hash } = statement.call;
  return [path, ...params, ...hash.map(({ value }) => value)].some(isWhole);
}

/**
 * Only printed values: conditions and loops are controlled by the file itself. An element of a list is as untrusted as
 * the list, and a partial's text is rendered where it is called.
 */
function checkSystemRole(context: CheckContext): void {
  const { analyzed, path, workspace } = context;
  const system = analyzed.roles.filter(({ role }) => role === 'system').map(({ range }) => range);
  if (system.length === 0) return;
  const inSystem = (range: Range) => system.some((segment) => contains(segment, range));
  const reported = new Set<string>();
  for (const { name, range } of writtenNames(analyzed)) {
    if (!inSystem(range) || reported.has(name)) continue;
    reported.add(name);
    const message = `\`${name}\` is in the system role: whoever provides its value can change the model's instructions.`;
    report(context, 'system-variable', message, range);
  }
  for (const call of statementsOf(analyzed.tree.template.body)) {
    if (call.kind !== 'partial' || call.name === undefined || !inSystem(call.range)) continue;
    const partial = workspace?.partial(call.name, path);
    const given = new Set(call.hash.filter(({ value }) => value.kind === 'literal').map(({ key }) => key));
    const name = partial && writtenNames(analyzePartial(partial.source)).find((one) => !given.has(one.name))?.name;
    if (name === undefined) continue;
    const message = `The partial \`${call.name}\` puts \`${name}\` into the system role: whoever provides its value can change the model's instructions.`;
    report(context, 'system-variable', message, call.nameRange);
  }
}

function contains(outer: Range, inner: Range): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** The inputs, and the elements of inputs, whose text a template prints. */
function writtenNames({ tree, references }: AnalyzedPrompt): { name: string; range: Range }[] {
  const written = [...statementsOf(tree.template.body)].filter(({ kind }) => kind === 'mustache');
  return references.filter(
    ({ kind, range }) =>
      (kind === 'input' || kind === 'element' || kind === 'block-param') &&
      written.some((mustache) => contains(mustache.range, range)),
  );
}
