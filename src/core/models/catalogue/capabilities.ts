import type { ReasoningEffort } from '../chat-model.ts';

/** What a model can do, as far as known: an undefined field means "not known" and never gives a warning. */
export interface Capabilities {
  /** False where the model refuses the parameter; `without-reasoning` where it takes it only at effort `none`. */
  temperature?: { min: number; max: number } | false | 'without-reasoning';
  topP?: boolean | 'without-reasoning';
  topK?: boolean;
  /** The model takes temperature or topP, but not both in one request. */
  oneSampler?: boolean;
  seed?: boolean;
  /** How many stop sequences, or false. */
  stopSequences?: number | false;
  maxOutputTokens?: number;
  contextWindow?: number;
  /** True where an answer can be held to a JSON schema by the provider. */
  structuredOutput?: boolean;
  images?: boolean;
  pdf?: boolean;
  tools?: boolean;
  /** The efforts that the model takes; empty where it does not reason. */
  reasoningEfforts?: readonly ReasoningEffort[];
  /** The effort where none is asked for. */
  defaultEffort?: ReasoningEffort;
  /** Claude: thinking by a budget of tokens (older) or chosen by the model (newer). */
  thinking?: 'budget' | 'adaptive' | false;
  /** OpenAI: which API serves the model best; reasoning models take tools only over Responses. */
  api?: 'chat' | 'responses';
}

export interface CatalogueEntry {
  /** Matched against the model id in lower case, without a publisher's path and with `@` for Vertex versions. */
  pattern: RegExp;
  can: Capabilities;
}
