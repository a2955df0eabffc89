import type { Capabilities } from '../../models/catalogue/capabilities.ts';
import { modelCapabilities } from '../../models/catalogue/catalogue.ts';
import type { ConnectionType, Parameters } from '../../models/chat-model.ts';
import { parseModelRef } from '../../models/connection.ts';
import { createTokenCounter, type TokenFamily, tokenFamily } from '../../models/prices/tokens.ts';
import type { Range } from '../../prompts/prompt.ts';
import { findEntry } from '../analysis/declarations.ts';
import { foreignOwner, foreignTypeProblem, ownName } from '../analysis/provider-parameters.ts';
import type { LanguageModelInfo } from '../syntax/tree.ts';
import { type CheckContext, report } from './check-context.ts';
import { connectionType, modelReferenceProblem } from './model-reference.ts';

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
  const type = ref && connectionType(context.workspace, ref.connection);
  if (!ref || !type) return undefined;
  const info = context.workspace?.models().find((model) => model.ref === text.trim());
  const can = modelCapabilities(type, ref.model);
  const family = tokenFamily(type, ref.model);
  return { can, type, family, contextWindow: info?.contextWindow ?? can?.contextWindow };
}

function checkReference(context: CheckContext, written: string, range: Range): void {
  const { workspace } = context;
  if (!workspace) return;
  const problem = modelReferenceProblem(written, workspace);
  if (problem) report(context, problem.code, problem.message, range, { ...(problem.data && { data: problem.data }) });
  const info = workspace.models().find((model) => model.ref === written.trim());
  if (info && !problem) checkSunset(context, info, range);
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
