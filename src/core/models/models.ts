import type { ErrorInfo } from '../base/errors.ts';
import type { ConfigProblem } from '../config/config-problem.ts';
import type { BillingTerms, ChatModel, ConnectionType, ListedModel } from './chat-model.ts';
import type { Connection, ModelRef } from './connection.ts';
import type { OwnServer } from './connections/server-headers.ts';

/** The state of a connection without any request having been made. */
export type ConnectionState =
  | { kind: 'unknown' }
  | { kind: 'no-key' }
  /**
   * A key is stored, but for another origin: the user has to allow the new one. `entry` is the missing entry of
   * LLMOPS_ALLOW_ORIGINS on the command line.
   */
  | { kind: 'key-origin'; keyOrigin: string; origin: string; entry?: string }
  | { kind: 'ready'; checkedAt?: number }
  | { kind: 'unreachable'; error: ErrorInfo; checkedAt?: number };

/** The last failure of a model. */
export interface ModelFailure {
  error: ErrorInfo;
  /** Epoch milliseconds. */
  at: number;
}

export interface ConnectionInfo {
  connection: Connection;
  state: ConnectionState;
  /** False for demo, vscode, Vertex AI and servers that accept requests without a key. */
  keyRequired: boolean;
  /** A key, or a secret of its headers, is stored, possibly for another origin. */
  hasKey: boolean;
  /** The last list of its models, perhaps by an earlier window: how many, and when. */
  listed?: { models: number; at: number };
}

/** The parts of a request that change its price. */
export interface RequestTerms extends BillingTerms {
  /** It writes to the cache for an hour, which costs more. */
  cacheTtl?: '1h';
  /** It contains audio. */
  audioInput?: boolean;
  /** It allows web search, which is billed per search. */
  webSearch?: boolean;
}

/** Dollars per million tokens of each class; undefined if unknown. */
export interface ClassPrices {
  inputUsd?: number;
  outputUsd?: number;
  cacheReadUsd?: number;
  cacheWriteUsd?: number;
  /** Set only if it differs from `cacheWriteUsd`. */
  cacheWrite1hUsd?: number;
  /** Set only if it differs from `outputUsd`. */
  reasoningUsd?: number;
  /** Set if audio costs more than text. */
  inputAudioUsd?: number;
  outputAudioUsd?: number;
  cacheReadAudioUsd?: number;
}

/** Prices above a number of input tokens; omitted ones stay as below it. */
export interface PriceTier extends ClassPrices {
  aboveInputTokens: number;
}

export interface TieredPrices extends ClassPrices {
  /** Requests with more input than this are billed at these prices for all their tokens; ascending. */
  tiers?: PriceTier[];
}

/** Prices of requests of a kind, such as `{ serviceTier: 'flex' }`: absolute, or a multiple of the standard ones. */
export interface PriceVariant {
  when: Partial<Record<keyof BillingTerms, string>>;
  prices?: TieredPrices;
  multiplier?: number;
}

export interface TokenPrices extends TieredPrices {
  variants?: PriceVariant[];
  /** The requested terms; the `BillingTerms` in the response take precedence. */
  terms?: RequestTerms;
  /** Why a cost at these prices is only an estimate. */
  doubts?: string[];
  /** The prices of another list: if they differ for a request, the cost is an estimate. */
  disputed?: { by: string; prices: TieredPrices };
  /** A fee per request, regardless of its tokens. */
  requestUsd?: number;
  /** For self-hosted GPUs: dollars per hour, and measured output tokens per second, or else the run's time counts. */
  hourly?: { usdPerHour: number; tokensPerSecond?: number };
  /** Where the prices come from, with their date if known. */
  source: string;
  /** Their date: `2026-11-29`. */
  asOf?: string;
}

/** A model with everything known about it, for the Models view, completion and the pickers. */
export interface ModelInfo extends ListedModel {
  ref: string;
  connection: string;
  type: ConnectionType;
  /** A demo model: no real model is called, and nobody pays for it. */
  simulated?: boolean;
  prices: TokenPrices | undefined;
  /** Undefined if it answered last, or was not used yet. */
  failure?: ModelFailure;
}

export interface ModelList {
  models: ModelInfo[];
  fetchedAt: number | undefined;
  error?: ErrorInfo;
  /** How many more the server lists. */
  omitted?: number;
}

export interface ListOptions {
  refresh?: boolean;
  ask?: boolean;
  signal?: AbortSignal;
}

/** Models of VS Code's language-model API, provided by the host; absent in the CLI. */
export interface HostModels {
  list(): Promise<ListedModel[]>;
  chat(): ChatModel;
}

/** The model features that the rest of the product uses. */
export interface Models {
  /** Reloads declarations (connections.yaml, settings); the host calls it when they change. */
  reload(): Promise<void>;
  connections(): Promise<ConnectionInfo[]>;
  problems(): ConfigProblem[];
  connection(id: string): Promise<ConnectionInfo>;
  /** As it is declared, without what is stored of it. Throws UserError `unknown-connection`, `invalid-connection`. */
  declared(id: string): Promise<Connection>;
  /** Cached for a day; `refresh` requests it again, `ask: false` never does. Never throws: the list has the error. */
  listModels(connectionId: string, options?: ListOptions): Promise<ModelList>;
  /** Model names known without a request: the last list and the declared models, or the catalogue's. */
  offlineModels(connectionId: string): Promise<ModelInfo[]>;
  /** What is known about one model, from cached lists, prices and the catalogue; makes no request. */
  modelInfo(ref: string): Promise<ModelInfo | undefined>;
  /** Throws UserError: unknown-connection, missing-key, key-origin, untrusted. The SDK is loaded on first stream. */
  chat(ref: ModelRef): Promise<ChatModel>;
  /** Requests the model list once, with the key; resolves to the number of models, throws ProviderError. */
  test(connectionId: string, signal: AbortSignal): Promise<{ models: number; elapsedMs: number }>;
  setKey(connectionId: string, key: string): Promise<void>;
  /**
   * The headers of a server of the user that is no connection, with its secrets. Throws UserError: untrusted, missing-key,
   * key-origin.
   */
  serverHeaders(server: OwnServer): Promise<{ headers: Record<string, string>; secrets: string[] }>;
  /** The value of `${secret:name}` in the connection's headers, bound to its current origin like a key; the origin of a server is its ID. */
  setSecret(connectionId: string, name: string, value: string): Promise<void>;
  removeKey(connectionId: string): Promise<void>;
  /** The user's confirmation that the stored key may be sent to the connection's current origin. */
  allowOrigin(connectionId: string): Promise<void>;
  /** Names close to a misspelled one, best first, from cached lists. */
  suggestModels(ref: string): Promise<string[]>;
}
