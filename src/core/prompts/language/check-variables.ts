import { didYouMean, nearestNames } from '../../models/lists/suggest.ts';
import type { Range } from '../prompt.ts';
import { analyzePrompt } from './analyze.ts';
import { type CheckContext, isPartialFile, report } from './check-context.ts';
import { fieldName, findEntry, schemaFields } from './declarations.ts';
import { walkStatements } from './each-statement.ts';
import type { AnalyzedPrompt, Expression, LanguageWorkspace, Statement, SyntaxTree } from './tree.ts';

/** Variables that nobody declares, that nobody uses, and that stand where an instruction is trusted most. */
export function checkVariables(context: CheckContext): void {
  if (isPartialFile(context.path)) return;
  checkUndefined(context);
  checkUnused(context);
  checkSystemRole(context);
}

/** Only a file with a schema says which inputs there are; one that allows any other says nothing. */
function checkUndefined(context: CheckContext): void {
  const { analyzed, declarations } = context;
  if (!isClosedSchema(analyzed.tree)) return;
  for (const { kind, name, range } of analyzed.references) {
    if (kind !== 'input' || declarations.has(name)) continue;
    const near = didYouMean(nearestNames(name, declarations.keys(), 1));
    const message = `\`${name}\` is not declared in the input schema.${near ? ` ${near}` : ''}`;
    report(context, 'undefined-variable', message, range);
  }
}

function isClosedSchema({ frontMatter }: SyntaxTree): boolean {
  const schema = findEntry(frontMatter?.root, ['input', 'schema'])?.value;
  if (schema?.kind !== 'map') return false;
  const fields = schemaFields(schema);
  if (fields.length === 0 || fields.some(({ key }) => fieldName(key) === '(*)')) return false;
  if (fields === schema.entries) return true;
  // JSON Schema leaves its objects open unless it says otherwise, and may compose them of several parts
  return !schema.entries.some(({ key, value }) => {
    const isClosed = value?.kind === 'scalar' && value.value === false;
    return /^(?:allOf|anyOf|oneOf|\$ref|patternProperties)$/.test(key) || (key === 'additionalProperties' && !isClosed);
  });
}

function checkUnused(context: CheckContext): void {
  const { analyzed, declarations, path, workspace, prompt } = context;
  if (declarations.size === 0 || prompt.template.text.trim() === '') return;
  const used = new Set<string>();
  if (!collectUsed(analyzed, { used, path, workspace, seen: new Set() })) return;
  for (const { name, range } of declarations.values()) {
    if (!used.has(name)) report(context, 'unused-variable', `\`${name}\` is never used.`, range);
  }
}

interface Collector {
  used: Set<string>;
  path: string | undefined;
  workspace: LanguageWorkspace | undefined;
  seen: Set<string>;
}

/** Adds the inputs that a file uses, by way of its partials too; false where some use cannot be seen. */
function collectUsed(analyzed: AnalyzedPrompt, collector: Collector): boolean {
  for (const { kind, name } of analyzed.references)
    if (kind === 'input' || kind === 'element') collector.used.add(name);
  for (const statement of walkStatements(analyzed.tree.template.body)) {
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
  return collectUsed(analyzePrompt(partial.source), { ...collector, path: partial.path });
}

/** `{{json this}}`, `{{#each this}}`, `{{#each @root}}`: every input may be in it. */
function usesWhole(statement: Statement): boolean {
  if (statement.kind === 'error') return true;
  const isWhole = (value: Expression): boolean => {
    if (value.kind === 'call')
      return [...value.call.params, ...value.call.hash.map((pair) => pair.value)].some(isWhole);
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

/** Only what is written out there: a condition and a list that is gone through are the file's own doing. */
function checkSystemRole(context: CheckContext): void {
  const { roles, references, tree } = context.analyzed;
  const system = roles.filter(({ role }) => role === 'system').map(({ range }) => range);
  if (system.length === 0) return;
  const contains = (outer: Range) => (inner: Range) => inner.start >= outer.start && inner.end <= outer.end;
  const written = [...walkStatements(tree.template.body)]
    .filter(({ kind, range }) => kind === 'mustache' && system.some((segment) => contains(segment)(range)))
    .map(({ range }) => range);
  const reported = new Set<string>();
  for (const { kind, name, range } of references) {
    if (kind !== 'input' || reported.has(name) || !written.some((mustache) => contains(mustache)(range))) continue;
    reported.add(name);
    const message = `\`${name}\` stands in the system role: whoever fills it can change the model's instructions.`;
    report(context, 'system-variable', message, range);
  }
}
