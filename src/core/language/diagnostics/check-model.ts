import { didYouMean, editDistance, nearestNames } from '../../base/nearest-name.ts';
import type { Capabilities } from '../../models/catalogue/capabilities.ts';
import { modelCapabilities } from '../../models/catalogue/catalogue.ts';
import { CONNECTION_TYPES, type ConnectionType, type Parameters } from '../../models/chat-model.ts';
import { parseModelRef } from '../../models/connection.ts';
import { createTokenCounter, type TokenFamily, tokenFamily } from '../../models/prices/tokens.ts';
import type { Range } from '../../prompts/prompt.ts';
import { findEntry } from '../analysis/declarations.ts';
import { foreignOwner, foreignTypeProblem, ownName } from '../analysis/provider-parameters.ts';
import type { LanguageModelInfo } from '../syntax/tree.ts';
import { type CheckContext, report, suggest } from './check-context.ts';

/** Checks the models of a file, and whether they support its parameters and its length. */
export function checkModel(context: CheckContext): void {
  const root = context.analyzed.tree.frontMatter?.root;
  for (const { text, range } of namedModels(context)) checkReference(context, text, range);
  const model = context.prompt.model;
  const known = model && findStatements(context, model.text);
  const config = findEntry(root, ['config'])?.value;
  for (const entry of config?.kind === 'map' ? config.entries : []) {
    const at = (entry.value ?? entry).range;
    const value = entry.value?.kind === 'scalar' ? entry.value.value : undefined;
    const problem = parameterProblem(entry.key, value, context.prompt.parameters, known);
    const who = model && known ? model.text : 'Every model';
    const written = context.prompt.parameters.extra?.[entry.key];
    const mistyped = foreignTypeProblem(entry.key, written, known?.type);
    if (problem) report(context, problem.code, `${who} ${problem.message}`, at);
    else if (mistyped) report(context, 'config-type', mistyped, at);
  }
  if (known) checkLength(context, known);
}

function namedModels({ prompt, analyzed }: CheckContext): { text: string; range: Range }[] {
  const models = findEntry(analyzed.tree.frontMatter?.root, ['llmops.models'])?.value;
  const items = models?.kind === 'seq' ? models.items : models ? [models] : [];
  const compared = items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [{ text: item.value, range: item.range }] : [],
  );
  return prompt.model ? [prompt.model, ...compared] : compared;
}

function findStatements(context: CheckContext, text: string) {
  const ref = parseModelRef(text.trim());
  const type = ref && connectionType(context, ref.connection);
  if (!ref || !type) return undefined;
  const info = context.workspace?.models().find((model) => model.ref === text.trim());
  const can = modelCapabilities(type, ref.model);
  const family = tokenFamily(type, ref.model);
  return { can, type, family, contextWindow: info?.contextWindow ?? can?.contextWindow };
}

/** If the connections are unknown, a built-in name is that of its type. */
function connectionType({ workspace }: CheckContext, id: string): ConnectionType | undefined {
  const declared = workspace?.connections() ?? [];
  const type = declared.length > 0 ? declared.find((connection) => connection.id === id)?.type : id;
  return CONNECTION_TYPES.find((known) => known === type);
}

function checkReference(context: CheckContext, written: string, range: Range): void {
  const { workspace } = context;
  const text = written.trim();
  const ref = parseModelRef(text);
  const ids = workspace?.connections().map(({ id }) => id) ?? [];
  if (!workspace || ids.length === 0) return;
  if (!ref) {
    const known = workspace.models().find((model) => model.ref.endsWith(`/${text}`));
    const hint = known
      ? `Did you mean ${known.ref}?`
      : `Write it as connection/model. Known connections: ${ids.join(', ')}.`;
    const data = suggest(known ? [known.ref] : []);
    report(context, 'unknown-connection', `A model needs a connection. ${hint}`, range, data);
    return;
  }
  if (!ids.includes(ref.connection)) {
    const near = nearestNames(ref.connection, ids, 1);
    const message = `Unknown connection \`${ref.connection}\`. ${didYouMean(near) ?? `Known connections: ${ids.join(', ')}.`}`;
    report(context, 'unknown-connection', message, range, suggest(near, ref.connection));
    return;
  }
  const info = workspace.models().find((model) => model.ref === text);
  if (info) checkSunset(context, info, range);
  else checkUnlisted(context, { connection: ref.connection, text, range });
}

/**
 * Lists lag behind what a provider serves, so a model that is not listed is reported only if its name is close to a
 * listed one, and differs in more than digits, which mean another version. The demo's own list is complete.
 */
function checkUnlisted(
  context: CheckContext,
  { connection, text, range }: { connection: string; text: string; range: Range },
) {
  const type = connectionType(context, connection);
  const listed = (context.workspace?.models() ?? [])
    .map(({ ref }) => ref)
    .filter((ref) => ref.startsWith(`${connection}/`));
  if (listed.length === 0 || !type) return;
  const id = text.slice(connection.length + 1);
  const letters = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');
  const near = nearestNames(text, listed, 1)[0];
  const isTypo = near !== undefined && letters(near) !== letters(text) && editDistance(near, text, 2) <= 2;
  if (type !== 'demo' && (!isTypo || modelCapabilities(type, id))) return;
  const hint = near ? `Did you mean ${near}?` : `Known models: ${listed.join(', ')}.`;
  report(
    context,
    'unknown-model',
    `\`${connection}\` has no model \`${id}\`. ${hint}`,
    range,
    suggest(near ? [near] : []),
  );
}

function checkSunset(context: CheckContext, { ref, sunsetDate }: LanguageModelInfo, range: Range): void {
  const last = sunsetDate === undefined ? Number.NaN : Date.parse(sunsetDate);
  if (!(last < context.now)) return;
  report(context, 'model-sunset', `The provider retired ${ref} on ${sunsetDate?.slice(0, 10)}.`, range);
}

const SWITCHES = { topP: 'topP', topK: 'topK', seed: 'seed', stopSequences: 'stopSequences' } as const;

interface ParameterProblem {
  code: 'config-parameter' | 'config-value';
  /** Follows the model's name. */
  message: string;
}

function parameterProblem(
  key: string,
  value: unknown,
  parameters: Parameters,
  known: { can: Capabilities | undefined; type: ConnectionType } | undefined,
): ParameterProblem | undefined {
  const owner = known && foreignOwner(key, known.type);
  if (owner !== undefined) {
    return { code: 'config-parameter', message: `does not support \`${key}\`: it is a parameter of ${owner}.` };
  }
  const can = known?.can ?? {};
  const own = ownName(key);
  if (own in SWITCHES && can[own as keyof typeof SWITCHES] === false) {
    return { code: 'config-parameter', message: `does not support \`${key}\`.` };
  }
  switch (own) {
    case 'temperature':
      return temperatureProblem(value, can, parameters);
    case 'topP':
      return typeof value === 'number' && (value < 0 || value > 1)
        ? { code: 'config-value', message: `accepts \`${key}\` from 0 to 1, not ${value}.` }
        : undefined;
    case 'maxOutputTokens':
      return typeof value === 'number' && value > (can.maxOutputTokens ?? Number.POSITIVE_INFINITY)
        ? { code: 'config-value', message: `generates at most ${can.maxOutputTokens} tokens, not ${value}.` }
        : undefined;
    case 'stopSequences':
      return typeof can.stopSequences === 'number' && stopCount(key, parameters) > can.stopSequences
        ? { code: 'config-value', message: `accepts at most ${can.stopSequences} stop sequences.` }
        : undefined;
    case 'reasoningEffort':
      return effortProblem(key, value, can);
    default:
      return undefined;
  }
}

function temperatureProblem(
  value: unknown,
  { temperature: takes, oneSampler, defaultEffort }: Capabilities,
  parameters: Parameters,
): ParameterProblem | undefined {
  if (takes === false) return { code: 'config-parameter', message: 'does not support `temperature`.' };
  if (typeof value !== 'number') return undefined;
  if (takes === 'without-reasoning' && (parameters.reasoningEffort ?? defaultEffort ?? 'medium') !== 'none') {
    return { code: 'config-parameter', message: 'supports `temperature` only with `reasoningEffort: none`.' };
  }
  const { min, max } = typeof takes === 'object' ? takes : { min: 0, max: undefined };
  if (value < min || value > (max ?? Number.POSITIVE_INFINITY)) {
    const range = max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
    return { code: 'config-value', message: `accepts a temperature ${range}, not ${value}.` };
  }
  const other = parameters.topP === undefined ? 'top_p' : 'topP';
  if (!oneSampler || (parameters.topP ?? parameters.extra?.top_p) === undefined) return undefined;
  return { code: 'config-parameter', message: `accepts \`temperature\` or \`${other}\`, but not both.` };
}

function stopCount(key: string, { stopSequences, extra }: Parameters): number {
  const written = key === 'stopSequences' ? stopSequences : extra?.[key];
  return Array.isArray(written) ? written.length : 0;
}

function effortProblem(
  key: string,
  value: unknown,
  { reasoningEfforts: efforts }: Capabilities,
): ParameterProblem | undefined {
  if (!efforts || typeof value !== 'string') return undefined;
  if (efforts.length === 0) {
    return value === 'none' ? undefined : { code: 'config-parameter', message: `does not support \`${key}\`.` };
  }
  if (efforts.some((effort) => effort === value)) return undefined;
  return { code: 'config-value', message: `supports only these values of \`${key}\`: ${efforts.join(', ')}.` };
}

/** No tokenizer produces more tokens per UTF-16 unit, so that a short text need not be counted. */
const MOST_TOKENS_A_UNIT = 1.1;

/** Counted without the tokenizer: it would be loaded for every keystroke. */
function checkLength(
  context: CheckContext,
  { contextWindow, family }: { contextWindow: number | undefined; family: TokenFamily },
): void {
  const { text, range } = context.prompt.template;
  if (contextWindow === undefined || text.length * MOST_TOKENS_A_UNIT < contextWindow) return;
  const tokens = createTokenCounter(family).add(text);
  if (tokens <= contextWindow) return;
  const message = `The prompt has about ${tokens} tokens, but ${context.prompt.model?.text} accepts at most ${contextWindow}.`;
  report(context, 'context-window', message, { start: range.start, end: Math.min(range.end, range.start + 200) });
}
