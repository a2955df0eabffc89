import type { ReasoningEffort } from '../chat-model.ts';

/** What a model supports, as far as known: an undefined field means "unknown" and never causes a warning. */
export interface Capabilities {
  /** False if the model rejects the parameter; `without-reasoning` if it accepts it only at effort `none`. */
  temperature?: { min: number; max: number } | false | 'without-reasoning';
  topP?: boolean | 'without-reasoning';
  topK?: boolean;
  /** The model accepts temperature or topP, but not both in one request. */
  oneSampler?: boolean;
  seed?: boolean;
  /** The maximum number of stop sequences, or false. */
  stopSequences?: number | false;
  maxOutputTokens?: number;
  contextWindow?: number;
  /** True if the provider can enforce a JSON schema for the answer. */
  structuredOutput?: boolean;
  images?: boolean;
  pdf?: boolean;
  tools?: boolean;
  /** The efforts that the model supports; empty if it does not reason. */
  reasoningEfforts?: readonly ReasoningEffort[];
  /** The default effort. */
  defaultEffort?: ReasoningEffort;
  /** Claude: thinking by a budget of tokens (older) or chosen by the model (newer). */
  thinking?: 'budget' | 'adaptive' | false;
  /** OpenAI: the API that serves the model best; reasoning models support tools only over Responses. */
  api?: 'chat' | 'responses';
}

export interface CatalogueEntry {
  /** Matched against the model id in lower case, without a publisher's path and with `@` for Vertex versions. */
  pattern: RegExp;
  can: Capabilities;
}
