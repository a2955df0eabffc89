import type Anthropic from '@anthropic-ai/sdk';
import type { Capabilities } from '../catalogue/capabilities.ts';
import type { ChatRequest, ChatWarning, OutputSpec, Parameters, ReasoningEffort } from '../chat-model.ts';
import {
  type MappedRequest,
  nearestEffort,
  readExtra,
  schemaUnsupported,
  temperatureOmitted,
  toolsUnsupported,
  unsupported,
} from '../transport/request-warnings.ts';
import { toStrictSchema } from '../transport/structured/structured-output.ts';
import { readToolChoice } from '../transport/structured/tool-choice.ts';
import { toAnthropicMessages } from './anthropic-content.ts';

/** The SDK's types no longer include the sampling parameters, which models up to Claude 4.6 still accept. */
export type MessagesBody = Anthropic.MessageCreateParamsStreaming & {
  temperature?: number;
  top_p?: number;
  top_k?: number;
};

/** The API requires a limit; these are used if the prompt sets none, the larger one if the model thinks first. */
const DEFAULT_MAX_TOKENS = 8_192;
const DEFAULT_MAX_TOKENS_THINKING = 24_576;
const BUDGETS: Partial<Record<ReasoningEffort, number>> = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 24_576,
  max: 32_000,
};
const SMALLEST_BUDGET = 1_024;
const EFFORT_LEVELS: readonly EffortLevel[] = ['low', 'medium', 'high', 'xhigh', 'max'];

interface MapContext {
  can: Capabilities;
  warnings: ChatWarning[];
}

/** The request body for the Messages API; whatever the model does not support is left out, with a warning. */
export function mapMessagesRequest(request: ChatRequest, can: Capabilities = {}): MappedRequest<MessagesBody> {
  const warnings: ChatWarning[] = [];
  const context = { can, warnings };
  const { system, messages } = toAnthropicMessages(request.messages, {
    ...context,
    cache: request.promptCaching === true,
  });
  const reasoning = mapReasoning(request.parameters, context);
  const format = mapOutput(request.output, context);
  const outputConfig = { ...reasoning.output_config, ...(format ? { format } : {}) };
  const body: MessagesBody = {
    ...readExtra(request.parameters.extra, warnings),
    model: request.model,
    max_tokens: reasoning.maxTokens,
    messages,
    ...(system.length > 0 ? { system } : {}),
    stream: true,
    ...(reasoning.thinking ? { thinking: reasoning.thinking } : {}),
    ...mapSampling(request.parameters, { ...context, thinks: reasoning.thinks }),
    ...(Object.keys(outputConfig).length > 0 ? { output_config: outputConfig } : {}),
  };
  if (request.tools?.length) {
    if (can.tools === false) warnings.push(toolsUnsupported(request.model));
    else body.tools = request.tools.map(toTool);
  }
  const choice = mapToolChoice(request, { ...context, thinks: reasoning.thinks });
  if (choice !== undefined) body.tool_choice ??= choice;
  return { body, warnings };
}

/** Claude can be forced to call a tool only while it does not think. */
function mapToolChoice(
  request: ChatRequest,
  { can, warnings, thinks }: MapContext & { thinks: boolean },
): Anthropic.ToolChoice | undefined {
  const choice = readToolChoice(request, can, warnings);
  if (choice !== 'required') return choice && { type: choice };
  if (!thinks) return { type: 'any' };
  warnings.push(unsupported('toolChoice', "'required' was left out: Claude refuses it with extended thinking"));
  return undefined;
}

function toTool(tool: NonNullable<ChatRequest['tools']>[number]): Anthropic.Tool {
  const { name, description, inputSchema } = tool;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: { ...inputSchema, type: 'object' },
  };
}

interface Reasoning {
  thinks: boolean;
  maxTokens: number;
  thinking?: Anthropic.ThinkingConfigParam;
  output_config?: Anthropic.OutputConfig;
}

/** Effort becomes a budget of thinking tokens on older models, and an effort level on models that decide themselves. */
function mapReasoning(
  { reasoningEffort: effort, maxOutputTokens }: Parameters,
  { can, warnings }: MapContext,
): Reasoning {
  const ceiling = can.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const plain = { thinks: false, maxTokens: maxOutputTokens ?? Math.min(DEFAULT_MAX_TOKENS, ceiling) };
  const thinkingLimit = maxOutputTokens ?? Math.min(DEFAULT_MAX_TOKENS_THINKING, ceiling);
  // Newer models think by default, and their thinking counts towards the limit.
  if (effort === undefined) {
    const thinks = (can.defaultEffort ?? 'none') !== 'none';
    return thinks ? { thinks, maxTokens: thinkingLimit } : plain;
  }
  if (can.thinking === false) {
    if (effort !== 'none') warnings.push(unsupported('reasoningEffort', 'was left out: this model does not reason'));
    return plain;
  }
  const canBeOff = can.reasoningEfforts?.includes('none') ?? true;
  if (effort === 'none' && canBeOff) return { ...plain, thinking: { type: 'disabled' } };
  if (can.thinking === 'budget') return budgetReasoning(effort, maxOutputTokens, { can, warnings });
  const known = (can.reasoningEfforts ?? EFFORT_LEVELS).filter(isEffortLevel);
  const nearest = nearestEffort(effort, known);
  const level = isEffortLevel(nearest) ? nearest : 'low';
  if (level !== effort) {
    warnings.push(
      unsupported('reasoningEffort', `'${effort}' is not supported by this model; '${level}' was sent instead`),
    );
  }
  return {
    thinks: true,
    maxTokens: thinkingLimit,
    thinking: { type: 'adaptive', display: 'summarized' },
    output_config: { effort: level },
  };
}

function budgetReasoning(effort: ReasoningEffort, limit: number | undefined, { can, warnings }: MapContext): Reasoning {
  const usual = BUDGETS[effort] ?? SMALLEST_BUDGET;
  const maxTokens = limit ?? Math.min(usual + DEFAULT_MAX_TOKENS, can.maxOutputTokens ?? Number.POSITIVE_INFINITY);
  // The budget must leave room for the answer within the limit.
  const budget = Math.min(usual, Math.floor(maxTokens / 2));
  if (budget < SMALLEST_BUDGET) {
    warnings.push(
      unsupported('reasoningEffort', `needs maxOutputTokens of ${2 * SMALLEST_BUDGET} or more and was left out`),
    );
    return { thinks: false, maxTokens };
  }
  return { thinks: true, maxTokens, thinking: { type: 'enabled', budget_tokens: budget } };
}

type EffortLevel = NonNullable<Anthropic.OutputConfig['effort']>;

function isEffortLevel(effort: ReasoningEffort): effort is EffortLevel {
  return effort !== 'none' && effort !== 'minimal';
}

function mapSampling(
  parameters: Parameters,
  { can, warnings, thinks }: MapContext & { thinks: boolean },
): Partial<MessagesBody> {
  const { temperature, topP, topK, stopSequences, seed } = parameters;
  const sampling: Partial<MessagesBody> = {};
  if (temperature !== undefined) {
    // While a model thinks, it accepts no temperature except 1.
    const refused = can.temperature === false || (thinks && temperature !== 1);
    if (refused) warnings.push(temperatureOmitted(temperature, can.temperature !== false));
    else sampling.temperature = temperature;
  }
  if (topP !== undefined) {
    const both = can.oneSampler === true && sampling.temperature !== undefined;
    if (can.topP === false) warnings.push(unsupported('topP', 'is refused by this model and was left out'));
    else if (both)
      warnings.push(unsupported('topP', 'cannot be combined with temperature on this model and was left out'));
    else sampling.top_p = topP;
  }
  if (topK !== undefined) {
    if (can.topK === false) warnings.push(unsupported('topK', 'is refused by this model and was left out'));
    else if (thinks) warnings.push(unsupported('topK', 'is refused while the model thinks and was left out'));
    else sampling.top_k = topK;
  }
  if (stopSequences?.length) sampling.stop_sequences = stopSequences;
  if (seed !== undefined) warnings.push(unsupported('seed', 'is not supported by Anthropic and was left out'));
  return sampling;
}

function mapOutput(
  output: OutputSpec | undefined,
  { can, warnings }: MapContext,
): Anthropic.JSONOutputFormat | undefined {
  if (output?.format !== 'json' || output.schema === undefined) return undefined;
  if (can.structuredOutput === false) {
    warnings.push(schemaUnsupported('this model does not support schemas'));
    return undefined;
  }
  const result = toStrictSchema(output.schema, 'anthropic');
  if (result.strict) return { type: 'json_schema', schema: result.schema };
  // There is no lenient mode: a schema outside the subset would fail the request.
  warnings.push(schemaUnsupported(result.problem));
  return undefined;
}
