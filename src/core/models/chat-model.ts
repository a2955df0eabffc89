import type { ErrorInfo } from '../base/errors.ts';

/** The possible types of a connection. `vscode` exists only inside VS Code. */
export const CONNECTION_TYPES = [
  'openai',
  'anthropic',
  'vertexai',
  'googleai',
  'azure-openai',
  'openai-compatible',
  'vscode',
  'demo',
] as const;
export type ConnectionType = (typeof CONNECTION_TYPES)[number];

export type JsonSchema = Record<string, unknown>;

export type Part =
  | { type: 'text'; text: string }
  /** `url` is http(s) or a data: URL; the renderer has converted files to data: URLs. */
  | { type: 'media'; url: string; contentType?: string }
  | { type: 'tool-call'; id: string; name: string; input: unknown }
  | { type: 'tool-result'; id: string; name: string; output: string; isError?: boolean }
  /** `signature` is the provider's opaque proof, sent back unchanged when a conversation continues. */
  | { type: 'reasoning'; text: string; signature?: string };

export interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool';
  parts: Part[];
}

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** Whether the model may, must or must not call one of the request's tools. */
export const TOOL_CHOICES = ['auto', 'required', 'none'] as const;
export type ToolChoice = (typeof TOOL_CHOICES)[number];

/** Sampling parameters by dotprompt's names; undefined ones are left to the provider. */
export interface Parameters {
  temperature?: number;
  maxOutputTokens?: number;
  topP?: number;
  topK?: number;
  stopSequences?: string[];
  seed?: number;
  reasoningEffort?: ReasoningEffort;
  /** The file's `toolChoice`, which is next to `tools` and not in its `config`. */
  toolChoice?: ToolChoice;
  /** Any other key of the file's `config`, passed to the provider unchanged. */
  extra?: Record<string, unknown>;
}

export interface Tool {
  name: string;
  description?: string;
  inputSchema: JsonSchema;
}

export interface OutputSpec {
  format: 'text' | 'json';
  schema?: JsonSchema;
}

export interface ChatRequest {
  /** The model's id as its provider knows it, without the connection. */
  model: string;
  messages: Message[];
  parameters: Parameters;
  output?: OutputSpec;
  tools?: Tool[];
  /** Requests explicit prompt caching from providers that support it (Anthropic). */
  promptCaching?: boolean;
}

/**
 * Tokens as the provider reported them; undefined means unknown, never 0.
 * `inputTokens` is the whole input, cache reads and writes included; `outputTokens` includes reasoning.
 */
export interface Usage {
  inputTokens?: number;
  outputTokens?: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
  /** Of `cacheWriteTokens`, those that are kept for an hour. */
  cacheWrite1hTokens?: number;
  reasoningTokens?: number;
  /** The cost of the request in dollars, as reported by the provider itself. */
  reportedCostUsd?: number;
  /** Of `inputTokens`, `cacheReadTokens` and `outputTokens`, those that are audio. */
  inputAudioTokens?: number;
  cacheReadAudioTokens?: number;
  outputAudioTokens?: number;
  /** How the provider served the request, as it reports. */
  served?: BillingTerms;
}

/** What affects the price of a request besides its tokens, in the terms of the provider's API. */
export interface BillingTerms {
  serviceTier?: string;
  speed?: string;
  inferenceGeo?: string;
  /** Vertex AI: `global` or `regional`; OpenAI: the region of its host. */
  endpoint?: string;
}

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'error' | 'unknown';

/** A part of the request that could not be fulfilled as requested; shown on the column. */
export interface ChatWarning {
  code:
    | 'parameter-unsupported'
    | 'temperature-omitted'
    | 'schema-not-strict'
    | 'schema-unsupported'
    | 'system-folded'
    | 'media-unsupported'
    | 'tools-unsupported'
    | 'caching-unsupported'
    | 'sunset'
    | 'usage-estimated'
    | 'price-estimated'
    /** The answer contains images or other parts that cannot be shown. */
    | 'answer-media'
    | 'secret-removed'
    | 'arguments-too-deep'
    | 'not-recorded';
  message: string;
}

/** The stream of one request. The iterator throws ProviderError (or AbortError) and yields nothing after that. */
export type ChatEvent =
  /** The request as sent: JSON body, keys and Authorization removed. First event of every attempt. */
  | { type: 'request'; url: string; headers: Record<string, string>; body: unknown }
  | { type: 'warning'; warning: ChatWarning }
  | { type: 'retry'; attempt: number; waitMs: number; error: ErrorInfo }
  | { type: 'text-delta'; text: string }
  | { type: 'reasoning-delta'; text: string; signature?: string }
  /** A complete call, after its arguments have arrived. */
  | { type: 'tool-call'; id: string; name: string; input: unknown }
  /** The server is alive (it sent a keep-alive or an empty delta), but sent no part of the answer. */
  | { type: 'alive' }
  /** The latest known totals of this request; later ones replace earlier ones. */
  | { type: 'usage'; usage: Usage }
  | { type: 'finish'; reason: FinishReason; rawReason: string | undefined; servedModel: string | undefined }
  /** A raw chunk from the provider, for "Open Raw Response"; `json` is its original text, if it came as text. */
  | { type: 'raw'; chunk: unknown; json?: string };

export interface ChatModel {
  stream(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent>;
  /** The provider's own count of input tokens, if its API offers one. */
  countTokens?(request: ChatRequest, signal: AbortSignal): Promise<number>;
  /** Loads what the first request needs, so that it can be sent at once. Sends nothing. */
  prepare?(): Promise<void>;
  /** Removes the secrets that its requests contain, for whoever stores the raw chunks. */
  removeSecrets?(text: string): string;
}

/** A model as its provider lists it. */
export interface ListedModel {
  id: string;
  displayName?: string;
  contextWindow?: number;
  maxOutputTokens?: number;
  createdAt?: string;
  /** ISO date after which the provider no longer serves the model, if announced. */
  sunsetDate?: string;
  /** For deployments and tuned models: the id of the model underneath, for prices and capabilities. */
  baseModel?: string;
}

export interface ModelProvider {
  chat: ChatModel;
  /** The provider's own list endpoint. Throws ProviderError. */
  listModels(signal: AbortSignal): Promise<ListedModel[]>;
}
