import { describePrices, formatTokens, formatTokensExactly, formatUsd } from '../../../shared/format.ts';
import { markSimulated } from '../../../shared/simulated-cost.ts';
import { positionAt } from '../../prompts/position.ts';
import type { Range } from '../../prompts/prompt.ts';
import { compilePicoschema } from '../../prompts/schema/picoschema.ts';
import type { DeclaredVariable } from '../analysis/declared-variable.ts';
import { schemaFinder } from '../analysis/file-variables.ts';
import { nameOccurrences, type PromptSymbol, symbolAt } from '../analysis/find-symbol.ts';
import type { NamePath } from '../analysis/name-uses.ts';
import { findModel, pricesOf } from '../analysis/prompt-model.ts';
import {
  declaredVariables,
  entriesAt,
  findDeclared,
  scalars,
  shownType,
  yamlToData,
} from '../analysis/schema-variables.ts';
import { type FigureContext, segmentFigures } from '../analysis/segment-figures.ts';
import { scopeAt, type TemplateScope } from '../analysis/template-scope.ts';
import { DATA_VARIABLES, findHelper, findKeyDoc, helperSignature } from '../analysis/vocabulary.ts';
import { isInSchema } from '../completion/complete-front-matter.ts';
import type { AnalyzedPrompt, LanguageModelInfo, LanguageWorkspace, YamlEntry } from '../syntax/tree.ts';
import { contains } from '../syntax/walk-tree.ts';

/** The content of a hover: plain texts and code, to be escaped by the caller. */
export interface Hover {
  range: Range;
  parts: HoverPart[];
}
export type HoverPart = { kind: 'text'; text: string } | { kind: 'code'; language: string; text: string };

interface HoverContext extends FigureContext {
  path?: string | undefined;
  /** A file for display: its path in the workspace. */
  shownPath?(file: string): string;
}

const LONGEST_PARTIAL = 1200;

export async function hoverAt(
  prompt: AnalyzedPrompt,
  offset: number,
  context: HoverContext = {},
): Promise<Hover | undefined> {
  const { frontMatter } = prompt.tree;
  if (frontMatter && contains(frontMatter.range, offset)) {
    return (
      variableHover(prompt, offset, context) ??
      schemaFileHover(prompt, offset, context) ??
      keyHover(prompt, offset, context)
    );
  }
  return (
    (await roleHover(prompt, offset, context)) ??
    partialHover(prompt, offset, context) ??
    variableHover(prompt, offset, context) ??
    helperHover(prompt, offset)
  );
}

function text(...lines: (string | undefined)[]): HoverPart {
  return { kind: 'text', text: lines.filter((line) => line !== undefined && line !== '').join('\n') };
}

function variableHover(prompt: AnalyzedPrompt, offset: number, context: HoverContext): Hover | undefined {
  const findSchema = schemaFinder(context.workspace, context.path);
  const symbol = symbolAt(prompt, offset);
  if (symbol?.kind === 'block-param') return paramHover(symbol, scopeAt(prompt, symbol.range.start, findSchema));
  if (symbol?.kind !== 'variable' && symbol?.kind !== 'field') return undefined;
  const { names, range, name } = symbol;
  if (!names) return { range, parts: [text('A field of the current element.')] };
  const declared = findDeclared(declaredVariables(prompt.tree, findSchema), names);
  const owner = names.slice(0, -1).join('.');
  const of = owner === '' ? undefined : `A field of ${owner}.`;
  if (!declared && of) return { range, parts: [text(of), text(whereUsed(prompt, names))] };
  return { range, parts: [...describeVariable(name, declared), text(of), text(whereUsed(prompt, names))] };
}

function describeVariable(name: string, variable: DeclaredVariable | undefined): HoverPart[] {
  if (!variable) return [{ kind: 'code', language: 'yaml', text: name }, text('Not declared in this file.')];
  const signature = `${name}${variable.optional ? '?' : ''}: ${shownType(variable) ?? 'any'}`;
  const written = variable.defaultText === undefined ? undefined : `Default: ${oneLine(variable.defaultText)}`;
  const from = variable.from === 'file' ? `From the schema ${variable.file}.` : undefined;
  return [{ kind: 'code', language: 'yaml', text: signature }, text(variable.description, written, from)];
}

function oneLine(value: string): string {
  const line = value.replace(/\s*\n\s*/g, ' ');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

function whereUsed(prompt: AnalyzedPrompt, names: NamePath): string {
  const { source } = prompt.tree;
  const lines = nameOccurrences(prompt, names)
    .filter(({ role }) => role === 'read')
    .map(({ range }) => positionAt(source, range.start).line);
  if (lines.length === 0) return 'Not used in this file.';
  const shown = [...new Set(lines)];
  const listed = shown.slice(0, 10).join(', ') + (shown.length > 10 ? ', …' : '');
  return `Used ${lines.length === 1 ? 'once' : `${lines.length} times`}, on line${shown.length === 1 ? '' : 's'} ${listed}.`;
}

function paramHover({ name, range }: PromptSymbol, scope: TemplateScope): Hover {
  const param = scope.blockParams.findLast((one) => one.name === name);
  const of = text('Defined by the enclosing block.');
  return { range, parts: param?.variable ? [...describeVariable(name, param.variable), of] : [of] };
}

/** A type that refers to a file: which one, and its compiled schema. */
function schemaFileHover(prompt: AnalyzedPrompt, offset: number, context: HoverContext): Hover | undefined {
  const { workspace, path, shownPath = (one) => one } = context;
  const symbol = symbolAt(prompt, offset);
  const file = symbol?.kind === 'schema' ? workspace?.schemaPath(symbol.name, path) : undefined;
  if (symbol?.kind !== 'schema' || file === undefined) return undefined;
  const schema = workspace?.schema(symbol.name, path);
  if (typeof schema !== 'object') return { range: symbol.range, parts: [text(shownPath(file), schema)] };
  const code: HoverPart = { kind: 'code', language: 'json', text: JSON.stringify(schema, null, 2) };
  return { range: symbol.range, parts: [text(shownPath(file), 'Compiles to this JSON Schema:'), code] };
}

function partialHover(prompt: AnalyzedPrompt, offset: number, context: HoverContext): Hover | undefined {
  const { workspace, path, shownPath = (one) => one } = context;
  const symbol = symbolAt(prompt, offset);
  if (symbol?.kind === 'argument') {
    return { range: symbol.range, parts: [text(`Passed to the partial ${symbol.partial} as ${symbol.name}.`)] };
  }
  if (symbol?.kind !== 'partial') return undefined;
  const found = workspace?.partial(symbol.name, path);
  if (!found) return { range: symbol.range, parts: [text(`Partial ${symbol.name} not found.`)] };
  const { source } = found;
  const shown = source.length > LONGEST_PARTIAL ? `${source.slice(0, LONGEST_PARTIAL)}\n…` : source;
  return {
    range: symbol.range,
    parts: [text(shownPath(found.path)), { kind: 'code', language: 'dotprompt', text: shown }],
  };
}

function helperHover({ tree, references }: AnalyzedPrompt, offset: number): Hover | undefined {
  const reference = references.find(({ range }) => contains(range, offset));
  if (!reference) return undefined;
  const { range, name, kind } = reference;
  if (kind === 'loop-data' || kind === 'context') {
    const known = DATA_VARIABLES.find((data) => data.name.replace('@', '').split('.')[0] === name.replace('@', ''));
    return known ? { range, parts: [text(known.doc)] } : undefined;
  }
  const helper = kind === 'helper' ? findHelper(tree.source.slice(range.start, range.end)) : undefined;
  if (!helper) return undefined;
  return {
    range,
    parts: [
      { kind: 'code', language: 'text', text: helperSignature(helper).label },
      text(helper.doc),
      { kind: 'code', language: 'dotprompt', text: helper.example },
    ],
  };
}

/** On a role's marker: the tokens of the message, and the cost of a thousand runs. */
async function roleHover(prompt: AnalyzedPrompt, offset: number, context: HoverContext): Promise<Hover | undefined> {
  const role = prompt.roles.find(({ markerRange }) => markerRange && contains(markerRange, offset));
  if (!role?.markerRange) return undefined;
  const { model, segments } = await segmentFigures(prompt, context);
  const figures = segments.find(({ segment }) => segment === role);
  if (!figures) return undefined;
  const cost =
    figures.usd === undefined
      ? 'The cost is unknown.'
      : `${markSimulated(`${formatUsd(figures.usd * 1000, true)} for 1,000 runs on ${model?.ref}, as input`, model?.simulated)}.`;
  const tokens = `${role.role} message: ${formatTokensExactly(figures.tokens, true)} tokens, without the values of its variables.`;
  const helper = findHelper(role.role === 'history' ? 'history' : 'role');
  return { range: role.markerRange, parts: [text(tokens, cost), text(helper?.doc)] };
}

function keyHover({ tree }: AnalyzedPrompt, offset: number, context: HoverContext): Hover | undefined {
  if (!tree.frontMatter) return undefined;
  const entries = entriesAt(tree.frontMatter.root, offset);
  const entry = entries.at(-1);
  if (!entry) return undefined;
  const path = entries.map(({ key }) => key);
  const onKey = contains(entry.keyRange, offset);
  if (!onKey && (path[0] === 'model' || path[0] === 'llmops.models'))
    return modelHover(entry, offset, context.workspace);
  const schemaAt = path.findIndex((_key, index) => isInSchema(path.slice(0, index + 1)));
  if (schemaAt >= 0 && (onKey || schemaAt < path.length - 1)) return schemaHover(entries, schemaAt, context);
  const doc = onKey ? findKeyDoc(path.slice(0, -1), entry.key) : undefined;
  if (!doc) return undefined;
  const values = doc.values ? `One of ${doc.values.join(', ')}.` : undefined;
  return { range: entry.keyRange, parts: [text(doc.doc, values)] };
}

/** The compiled JSON Schema of a schema, or of one of its fields. */
function schemaHover(
  entries: readonly YamlEntry[],
  schemaAt: number,
  { workspace, path }: HoverContext,
): Hover | undefined {
  const entry = entries.at(-1);
  const root = entries[schemaAt];
  if (!entry || !root) return undefined;
  const isRoot = entry === root;
  const source = isRoot ? yamlToData(entry.value) : { [entry.key]: yamlToData(entry.value) };
  const { schema } = compilePicoschema(source, (name) => workspace?.schema(name, path));
  if (!schema) return undefined;
  const properties = schema.properties as Record<string, unknown> | undefined;
  const shown = isRoot ? schema : (Object.values(properties ?? {})[0] ?? schema);
  const code: HoverPart = { kind: 'code', language: 'json', text: JSON.stringify(shown, null, 2) };
  return { range: entry.keyRange, parts: [text('Compiles to this JSON Schema:'), code] };
}

function modelHover({ value }: YamlEntry, offset: number, workspace: LanguageWorkspace | undefined): Hover | undefined {
  const named = scalars(value).find(({ range }) => contains(range, offset));
  if (!named) return undefined;
  const { info } = findModel(named.text, workspace);
  const parts = info ? describeModel(info) : [text(named.text, 'No information about this model.')];
  return { range: named.range, parts };
}

function describeModel(model: LanguageModelInfo): HoverPart[] {
  const { contextWindow, maxOutputTokens, sunsetDate, priceSource } = model;
  const prices = describePrices(pricesOf(model));
  const from = prices !== undefined && priceSource ? `, by ${priceSource}` : '';
  return [
    text(
      model.label === model.ref ? model.ref : `${model.label} (${model.ref})`,
      contextWindow === undefined ? undefined : `Context window: ${formatTokens(contextWindow)} tokens`,
      maxOutputTokens === undefined ? undefined : `Maximum output: ${formatTokens(maxOutputTokens)} tokens`,
      `Prices: ${prices === undefined ? 'unknown' : markSimulated(`${prices}${from}`, model.simulated)}`,
      sunsetDate === undefined ? undefined : `Retires on ${sunsetDate}.`,
    ),
  ];
}
