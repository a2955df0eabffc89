import type OpenAI from 'openai';
import type { Capabilities } from '../catalogue/capabilities.ts';
import type { ChatRequest, ChatWarning, JsonSchema, Parameters, ReasoningEffort } from '../chat-model.ts';
import {
  limitStops,
  type MappedRequest,
  offeredEffort,
  readExtra,
  schemaUnsupported,
  temperatureOmitted,
  toolsUnsupported,
  unsupported,
} from '../transport/request-warnings.ts';
import { toStrictSchema } from '../transport/structured/structured-output.ts';
import { readToolChoice } from '../transport/structured/tool-choice.ts';
import { type ChatDialect, type MapContext, toOpenAiMessages } from './openai-messages.ts';

export type ChatBody = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;

/** The request body for chat completions; whatever the model does not support is left out, with a warning. */
export function mapChatRequest(
  request: ChatRequest,
  dialect: ChatDialect,
  can: Capabilities = {},
): MappedRequest<ChatBody> {
  const warnings: ChatWarning[] = [];
  const body: ChatBody & Record<string, unknown> = {
    ...readExtra(request.parameters.extra, warnings),
    model: request.model,
    messages: toOpenAiMessages(request.messages, { dialect, can, warnings }),
    stream: true,
    // `stream_options: null` in the file's config removes them, for servers that reject them.
    ...(request.parameters.extra?.stream_options === null ? {} : { stream_options: { include_usage: true } }),
    ...mapParameters(request.parameters, { dialect, can, warnings }),
    ...mapOutput(request, { dialect, can, warnings }),
  };
  if (request.tools?.length) {
    if (can.tools === false) warnings.push(toolsUnsupported(request.model));
    else
      body.tools = request.tools.map(({ name, description, inputSchema }) => ({
        type: 'function' as const,
        function: { name, ...(description === undefined ? {} : { description }), parameters: inputSchema },
      }));
  }
  // The file's `config` in the provider's own terms (`config.tool_choice`) is more specific.
  const choice = readToolChoice(request, can, warnings);
  if (choice !== undefined) body.tool_choice ??= choice;
  if (request.promptCaching && dialect.name !== 'OpenAI') {
    warnings.push({
      code: 'caching-unsupported',
      message: `${dialect.name} has no setting for prompt caching; where it caches, it does so automatically.`,
    });
  }
  return { body, warnings };
}

function mapParameters(
  parameters: Parameters,
  { dialect, can, warnings }: MapContext,
): Partial<ChatBody> & Record<string, unknown> {
  const body: Partial<ChatBody> & Record<string, unknown> = {};
  const { maxOutputTokens, topK, stopSequences, seed, reasoningEffort } = parameters;
  const effort = mapEffort(reasoningEffort, { dialect, can, warnings });
  if (effort !== undefined) body.reasoning_effort = effort;
  if (maxOutputTokens !== undefined) body[dialect.maxTokensField] = maxOutputTokens;
  Object.assign(body, mapSampling(parameters, effort, { can, warnings }));
  if (topK !== undefined) {
    if (dialect.topK) body.top_k = topK;
    else warnings.push(unsupported('topK', `is not supported by ${dialect.name} and was left out`));
  }
  if (stopSequences?.length) {
    if (can.stopSequences === false)
      warnings.push(unsupported('stopSequences', 'is refused by this model and was left out'));
    else body.stop = limitStops(stopSequences, can.stopSequences, warnings);
  }
  if (seed !== undefined) {
    if (can.seed === false) warnings.push(unsupported('seed', 'is not supported by this model and was left out'));
    else body.seed = seed;
  }
  return body;
}

/** What may be sent with this effort, by the rules of the catalogue. */
export function mapSampling(
  { temperature, topP }: Parameters,
  effort: ReasoningEffort | undefined,
  { can, warnings }: Pick<MapContext, 'can' | 'warnings'>,
): { temperature?: number; top_p?: number } {
  const reasons = (effort ?? can.defaultEffort ?? 'none') !== 'none';
  const supports = (rule: Capabilities['temperature'] | Capabilities['topP']) =>
    rule === undefined || (rule === 'without-reasoning' ? !reasons : rule !== false);
  const sampling: { temperature?: number; top_p?: number } = {};
  if (temperature !== undefined) {
    if (supports(can.temperature)) sampling.temperature = temperature;
    else warnings.push(temperatureOmitted(temperature, can.temperature === 'without-reasoning'));
  }
  if (topP !== undefined) {
    if (supports(can.topP)) sampling.top_p = topP;
    else warnings.push(unsupported('topP', 'is refused by this model and was left out'));
  }
  return sampling;
}

export function mapEffort(
  effort: ReasoningEffort | undefined,
  { dialect, can, warnings }: MapContext,
): ReasoningEffort | undefined {
  return effort && offeredEffort(effort, can.reasoningEfforts ?? dialect.efforts, warnings);
}

function mapOutput(request: ChatRequest, { dialect, can, warnings }: MapContext): Partial<ChatBody> {
  const schema = request.output?.format === 'json' ? request.output.schema : undefined;
  if (schema !== undefined && can.structuredOutput !== false && dialect.structuredOutput === 'as-is') {
    const { $schema: _, ...plain } = schema;
    return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: plain } } };
  }
  const format = mapStrictOutput(request, { dialect, can, warnings });
  if (format === undefined || format.type === 'json_object') return format ? { response_format: format } : {};
  const { type, ...jsonSchema } = format;
  return { response_format: { type, json_schema: jsonSchema } };
}

type StrictFormat =
  | { type: 'json_object' }
  | { type: 'json_schema'; name: string; schema: JsonSchema; strict: boolean };

/** The schema in OpenAI's strict subset if possible, otherwise not strict with a warning, or plain JSON mode. */
export function mapStrictOutput(
  request: ChatRequest,
  { dialect, can, warnings }: MapContext,
): StrictFormat | undefined {
  if (request.output?.format !== 'json') return undefined;
  const { schema } = request.output;
  if (schema === undefined || can.structuredOutput === false) {
    if (schema !== undefined) warnings.push(schemaUnsupported(`${request.model} does not support schemas`));
    return mentionsJson(request) ? { type: 'json_object' } : undefined;
  }
  const result = toStrictSchema(schema, 'openai');
  if (!result.strict) {
    warnings.push({
      code: 'schema-not-strict',
      message: `The schema is not enforced by ${dialect.name}: ${result.problem}. The answer is still checked against it.`,
    });
  }
  return { type: 'json_schema', name: 'answer', schema: result.schema, strict: result.strict };
}

/** OpenAI rejects JSON mode unless the word occurs in the messages. */
function mentionsJson(request: ChatRequest): boolean {
  return request.messages.some(({ parts }) => parts.some((part) => part.type === 'text' && /json/i.test(part.text)));
}
