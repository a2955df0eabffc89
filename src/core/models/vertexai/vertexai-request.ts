import { isRecord } from '../../../shared/is-record.ts';
import type { Capabilities } from '../catalogue/capabilities.ts';
import type {
  ChatRequest,
  ChatWarning,
  Message,
  Parameters,
  Part,
  ReasoningEffort,
  ToolChoice,
} from '../chat-model.ts';
import { readThoughtSignatures } from '../openai/openai-messages.ts';
import { readMedia } from '../transport/media.ts';
import {
  limitStops,
  offeredEffort,
  schemaUnsupported,
  temperatureOmitted,
  toolsUnsupported,
  unsupported,
} from '../transport/request-warnings.ts';
import { readToolChoice } from '../transport/structured/tool-choice.ts';
import { toVertexSchema } from './vertexai-schema.ts';

/** The body of generateContent for the REST API; `toProtoBody` converts it to messages for gRPC. */
export interface GenerateBody {
  contents: VertexContent[];
  systemInstruction?: VertexContent;
  tools?: { functionDeclarations: Record<string, unknown>[] }[];
  generationConfig?: Record<string, unknown>;
  [field: string]: unknown;
}

export interface VertexContent {
  role?: string;
  parts: VertexPart[];
}
export type VertexPart = Record<string, unknown>;

interface MapContext {
  can: Capabilities;
  model: string;
  warnings: ChatWarning[];
}

/** Fields of the request itself; every other passed-through key belongs to generationConfig. */
const REQUEST_FIELDS = new Set(['safetySettings', 'labels', 'cachedContent', 'toolConfig', 'modelArmorConfig']);
const CONFIG_FIELDS = new Set(
  `candidateCount presencePenalty frequencyPenalty responseLogprobs logprobs responseMimeType responseModalities
  mediaResolution speechConfig thinkingConfig audioTimestamp imageConfig routingConfig`.split(/\s+/),
);

const CALLING_MODES: Record<ToolChoice, string> = { auto: 'AUTO', required: 'ANY', none: 'NONE' };

/** The request in Gemini's terms; whatever the model does not support is left out, with a warning. */
export function mapGeminiRequest(
  request: ChatRequest,
  can: Capabilities = {},
): { body: GenerateBody; warnings: ChatWarning[] } {
  const warnings: ChatWarning[] = [];
  const context: MapContext = { can, model: request.model, warnings };
  const system = request.messages.filter(({ role }) => role === 'system').flatMap(({ parts }) => parts);
  const body: GenerateBody = { contents: mergeTurns(request.messages, context) };
  if (system.length > 0) body.systemInstruction = { parts: toParts(system, context) };
  const config = { ...mapParameters(request.parameters, context), ...mapOutput(request, context) };
  for (const [key, value] of Object.entries(request.parameters.extra ?? {})) {
    if (key.startsWith('demo.')) continue;
    if (REQUEST_FIELDS.has(key)) body[key] = value;
    else if (CONFIG_FIELDS.has(key)) config[key] = mergeField(config[key], value);
    else warnings.push(unsupported(key, 'is not a field of a Vertex AI request and was left out'));
  }
  if (Object.keys(config).length > 0) body.generationConfig = config;
  if (request.tools?.length) {
    if (can.tools === false) warnings.push(toolsUnsupported(request.model));
    else body.tools = [{ functionDeclarations: request.tools.map((tool) => declareTool(tool, warnings)) }];
  }
  const choice = readToolChoice(request, can, warnings);
  if (choice !== undefined) body.toolConfig ??= { functionCallingConfig: { mode: CALLING_MODES[choice] } };
  if (request.promptCaching) {
    const message = 'Gemini has no setting for prompt caching: it caches long common prefixes automatically.';
    warnings.push({ code: 'caching-unsupported', message });
  }
  return { body, warnings };
}

/** One content per turn: Gemini requires all results of parallel calls in the message after them. */
function mergeTurns(messages: readonly Message[], context: MapContext): VertexContent[] {
  const contents: VertexContent[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts = toParts(message.parts, context);
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else if (parts.length > 0) contents.push({ role, parts });
  }
  return contents;
}

function toParts(parts: readonly Part[], context: MapContext): VertexPart[] {
  const signatures = readThoughtSignatures(parts);
  return parts.flatMap((part): VertexPart[] => {
    if (part.type === 'text') return part.text === '' ? [] : [{ text: part.text }];
    if (part.type === 'media') return toMedia(part, context);
    if (part.type === 'tool-result') return [{ functionResponse: { name: part.name, response: toResponse(part) } }];
    // Thought summaries are not sent back; their signatures are attached to the calls they led to.
    if (part.type === 'reasoning') return [];
    const thoughtSignature = signatures.get(part.id);
    const functionCall = { name: part.name, args: isRecord(part.input) ? part.input : {} };
    return [{ functionCall, ...(thoughtSignature ? { thoughtSignature } : {}) }];
  });
}

/** Gemini requires an object; `output` and `error` are the documented names. */
function toResponse({ output, isError }: Extract<Part, { type: 'tool-result' }>): Record<string, unknown> {
  if (isError) return { error: output };
  try {
    const value: unknown = JSON.parse(output);
    return isRecord(value) ? value : { output: value };
  } catch {
    return { output };
  }
}

function toMedia(part: Extract<Part, { type: 'media' }>, { can, warnings }: MapContext): VertexPart[] {
  const media = readMedia(part);
  if (media.kind === 'text') return [{ text: media.text }];
  const refused = (media.kind === 'image' && can.images === false) || (media.kind === 'pdf' && can.pdf === false);
  if (refused) {
    const message = `A part of type ${media.contentType} was left out: this model does not support it.`;
    warnings.push({ code: 'media-unsupported', message });
    return [];
  }
  // A URL without a known type: Vertex AI requires one, and inspects the bytes itself.
  const mimeType = media.contentType === 'image/*' ? 'image/jpeg' : media.contentType;
  if ('url' in media) return [{ fileData: { mimeType, fileUri: media.url } }];
  return [{ inlineData: { mimeType, data: media.base64 } }];
}

function mapParameters(parameters: Parameters, context: MapContext): Record<string, unknown> {
  const { can, warnings } = context;
  const { temperature, maxOutputTokens, topP, topK, stopSequences, seed } = parameters;
  const config: Record<string, unknown> = {};
  if (temperature !== undefined) {
    if (can.temperature === false) warnings.push(temperatureOmitted(temperature, false));
    else config.temperature = temperature;
  }
  const set = (name: string, value: unknown, accepted: unknown) => {
    if (value === undefined) return;
    if (accepted === false) warnings.push(unsupported(name, 'is not supported by this model and was left out'));
    else config[name] = value;
  };
  set('topP', topP, can.topP);
  set('topK', topK, can.topK);
  set('maxOutputTokens', maxOutputTokens, undefined);
  set('seed', seed, can.seed);
  if (stopSequences?.length)
    set('stopSequences', limitStops(stopSequences, can.stopSequences || undefined, warnings), can.stopSequences);
  const thinking = mapEffort(parameters.reasoningEffort, context);
  if (thinking) config.thinkingConfig = thinking;
  return config;
}

const LEVELS: Partial<Record<ReasoningEffort, string>> = {
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
};
/** Tokens for models before Gemini 3; Google's own OpenAI-compatible endpoint translates efforts to these. */
const BUDGETS: Partial<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24576,
};
const OFFERED: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high'];

/** Gemini 3 and later have thinking levels, earlier ones a budget of tokens. */
function mapEffort(
  effort: ReasoningEffort | undefined,
  { can, model, warnings }: MapContext,
): Record<string, unknown> | undefined {
  const known = can.reasoningEfforts;
  if (effort === undefined) return known?.length ? { includeThoughts: true } : undefined;
  const byBudget = /gemini-(1|2)(\.|-|$)/.test(model);
  const offered = known ?? (byBudget ? OFFERED : OFFERED.filter((level) => level !== 'none'));
  const sent = offeredEffort(effort, offered, warnings);
  if (sent === undefined) return undefined;
  if (byBudget) return { thinkingBudget: BUDGETS[sent] ?? 24576, includeThoughts: sent !== 'none' };
  return { thinkingLevel: LEVELS[sent] ?? (sent === 'none' ? 'MINIMAL' : 'HIGH'), includeThoughts: true };
}

function mapOutput({ output, model }: ChatRequest, { can, warnings }: MapContext): Record<string, unknown> {
  if (output?.format !== 'json') return {};
  const config = { responseMimeType: 'application/json' };
  if (output.schema === undefined) return config;
  if (can.structuredOutput === false) {
    warnings.push(schemaUnsupported(`${model} does not support schemas`));
    return config;
  }
  const { schema, problem } = toVertexSchema(output.schema);
  if (problem !== undefined) warnings.push(notStrict('The schema', problem));
  return { ...config, responseSchema: schema };
}

function declareTool(
  { name, description, inputSchema }: NonNullable<ChatRequest['tools']>[number],
  warnings: ChatWarning[],
) {
  const { schema, problem } = toVertexSchema(inputSchema);
  if (problem !== undefined) warnings.push(notStrict(`The input of the tool '${name}'`, problem));
  const declaration: Record<string, unknown> = { name };
  if (description !== undefined) declaration.description = description;
  // An object without properties is rejected; a function without parameters is not.
  if (isRecord(schema.properties)) declaration.parameters = schema;
  return declaration;
}

function notStrict(what: string, problem: string): ChatWarning {
  const message = `${what} is only partly enforced by Gemini: ${problem}. The answer is still checked against it.`;
  return { code: 'schema-not-strict', message };
}

function mergeField(own: unknown, given: unknown): unknown {
  return isRecord(own) && isRecord(given) ? { ...own, ...given } : given;
}
