import type { ConnectionType, ReasoningEffort } from '../chat-model.ts';
import { CATALOGUE } from './catalogue-data.ts';

/** The day on which the catalogue's facts were last looked up. */
export const CATALOGUE_DATE = '2026-11-23';

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

/** Which part of the catalogue speaks for a connection type; a compatible server may serve anything. */
const FAMILIES: Record<ConnectionType, readonly (keyof typeof CATALOGUE)[]> = {
  openai: ['openai'],
  'azure-openai': ['openai'],
  anthropic: ['anthropic'],
  googleai: ['google'],
  vertexai: ['google', 'anthropic'],
  'openai-compatible': [],
  vscode: [],
  demo: ['demo'],
};

/** What the catalogue knows of a model, by the id underneath (`baseModel`) for deployments; undefined for the rest. */
export function modelCapabilities(type: ConnectionType, modelId: string): Capabilities | undefined {
  return findEntry(type, modelId)?.entry.can;
}

/** The place of a model's entry in the catalogue, in which newer models come first; undefined for what it does not know. */
export function catalogueRank(type: ConnectionType, modelId: string): number | undefined {
  return findEntry(type, modelId)?.rank;
}

function findEntry(type: ConnectionType, modelId: string): { entry: CatalogueEntry; rank: number } | undefined {
  const id = modelId
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^ft:([^:]+):.*$/, '$1');
  let before = 0;
  for (const family of FAMILIES[type]) {
    const entries = CATALOGUE[family];
    const index = entries.findIndex(({ pattern }) => pattern.test(id));
    const entry = entries[index];
    if (entry) return { entry, rank: before + index };
    before += entries.length;
  }
  return undefined;
}
