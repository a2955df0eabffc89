import type OpenAI from 'openai';
import type { Capabilities } from '../catalogue/capabilities.ts';
import type { ChatRequest, ChatWarning } from '../chat-model.ts';
import { recordOf } from '../transport/plain-json.ts';
import { type MappedRequest, readExtra, unsupported } from '../transport/request-warnings.ts';
import { readToolChoice } from '../transport/structured/tool-choice.ts';
import type { ChatDialect, MapContext } from './openai-messages.ts';
import { mapEffort, mapSampling, mapStrictOutput } from './openai-request.ts';
import { toResponsesInput } from './openai-responses-input.ts';

type ResponsesBody = OpenAI.Responses.ResponseCreateParamsStreaming;

/**
 * The request for the Responses API, which OpenAI's reasoning models need: over chat completions they do not support
 * tools. Nothing is stored there (`store: false`), so reasoning is returned encrypted and sent again.
 */
export function mapResponsesRequest(
  request: ChatRequest,
  dialect: ChatDialect,
  can: Capabilities,
): MappedRequest<ResponsesBody> {
  const warnings: ChatWarning[] = [];
  const { reasoning, text, ...extra } = readExtra(request.parameters.extra, warnings);
  const body: ResponsesBody = {
    ...extra,
    model: request.model,
    input: toResponsesInput(request.messages, { dialect, can, warnings }),
    stream: true,
    store: false,
    include: ['reasoning.encrypted_content'],
    ...mapParameters(request, { dialect, can, warnings, reasoning: { ...recordOf(reasoning) } }),
  };
  const format = mapStrictOutput(request, { dialect, can, warnings });
  if (format || text !== undefined) body.text = { ...recordOf(text), ...(format ? { format } : {}) };
  if (request.tools?.length) {
    body.tools = request.tools.map(({ name, description, inputSchema }) => ({
      type: 'function',
      name,
      ...(description === undefined ? {} : { description }),
      parameters: inputSchema,
      strict: false,
    }));
  }
  const choice = readToolChoice(request, can, warnings);
  if (choice !== undefined) body.tool_choice ??= choice;
  return { body, warnings };
}

interface ResponsesContext extends MapContext {
  /** The value of `config.reasoning`, such as `{ summary: auto }`. */
  reasoning: Record<string, unknown>;
}

function mapParameters(
  { parameters }: ChatRequest,
  { reasoning, ...context }: ResponsesContext,
): Partial<ResponsesBody> {
  const { warnings } = context;
  const { maxOutputTokens, topK, stopSequences, seed, reasoningEffort } = parameters;
  const body: Partial<ResponsesBody> = {};
  const effort = mapEffort(reasoningEffort, context);
  if (effort !== undefined || Object.keys(reasoning).length > 0) {
    body.reasoning = { ...reasoning, ...(effort === undefined ? {} : { effort }) };
  }
  if (maxOutputTokens !== undefined) body.max_output_tokens = maxOutputTokens;
  Object.assign(body, mapSampling(parameters, effort, context));
  const absent = { topK, stopSequences: stopSequences?.length ? stopSequences : undefined, seed };
  for (const [name, value] of Object.entries(absent)) {
    if (value !== undefined)
      warnings.push(unsupported(name, 'is not supported by OpenAI’s reasoning models and was left out'));
  }
  return body;
}
