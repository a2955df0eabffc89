import type { ErrorInfo } from '../base/errors.ts';
import type { ConfigProblem } from '../config/config-problem.ts';
import type { BillingTerms, ChatModel, ConnectionType, ListedModel } from './chat-model.ts';
import type { Connection, ModelRef } from './connection.ts';

/** What a user sees of a connection without any network call having been made. */
export type ConnectionState =
  | { kind: 'unknown' }
  | { kind: 'no-key' }
  /** A key is stored, but for another origin: the user has to allow the new one. */
  /** `entry` is what LLMOPS_ALLOW_ORIGINS lacks on the command line. */
  | { kind: 'key-origin'; keyOrigin: string; origin: string; entry?: string }
  | { kind: 'ready'; checkedAt?: number }
  | { kind: 'unreachable'; error: ErrorInfo; checkedAt?: number };

/** How a model failed when it was asked last. */
export interface ModelFailure {
  error: ErrorInfo;
  /** Epoch milliseconds. */
  at: number;
}

export interface ConnectionInfo {
  connection: Connection;
  state: ConnectionState;
  /** False for demo, vscode, Vertex AI and servers that take requests without a key. */
  keyRequired: boolean;
  /** A key, or a secret of its headers, is stored; it may be for another origin. */
  hasKey: boolean;
  /** Its models as last listed, perhaps by an earlier window: how many, and when. */
  listed?: { models: number; at: number };
}

/** What a request asks for that changes its price. */
export interface RequestTerms extends BillingTerms {
  /** What it asks the cache to keep for an hour costs more to write. */
  cacheTtl?: '1h';
  /** It holds audio. */
  audioInput?: boolean;
  /** It lets the provider search, which is billed by the search. */
  webSearch?: boolean;
}

/** Dollars for a million tokens of each class; undefined where unknown. */
export interface ClassPrices {
  inputUsd?: number;
  outputUsd?: number;
  cacheReadUsd?: number;
  cacheWriteUsd?: number;
  /** Named only where it differs from `cacheWriteUsd`. */
  cacheWrite1hUsd?: number;
  /** Named only where it differs from `outputUsd`. */
  reasoningUsd?: number;
  /** Audio costs more than text where these are named. */
  inputAudioUsd?: number;
  outputAudioUsd?: number;
  cacheReadAudioUsd?: number;
}

/** Prices that hold above a number of input tokens; what it leaves out stays as below it. */
export interface PriceTier extends ClassPrices {
  aboveInputTokens: number;
}

export interface TieredPrices extends ClassPrices {
  /** Requests with more input than this pay these prices for all their tokens; ascending. */
  tiers?: PriceTier[];
}

/** Prices of requests of one kind, such as `{ serviceTier: 'flex' }`: whole prices, or a multiple of the standard ones. */
export interface PriceVariant {
  when: Partial<Record<keyof BillingTerms, string>>;
  prices?: TieredPrices;
  multiplier?: number;
}

export interface TokenPrices extends TieredPrices {
  variants?: PriceVariant[];
  /** What was asked for; what the response says of `BillingTerms` counts more. */
  terms?: RequestTerms;
  /** Why a cost at these prices is only an estimate. */
  doubts?: string[];
  /** What another list has instead: where it differs for a request, the cost is an estimate. */
  disputed?: { by: string; prices: TieredPrices };
  /** A fee for each request, whatever its tokens. */
  requestUsd?: number;
  /** For self-hosted GPUs: dollars an hour and the measured output tokens a second. Without those, the run's time counts. */
  hourly?: { usdPerHour: number; tokensPerSecond?: number };
  /** Where the prices are from, with their day where it is known. */
  source: string;
  /** The day that they are of: `2026-11-29`. */
  asOf?: string;
}

/** A model with everything known about it, for the Models view, completion and the pickers. */
export interface ModelInfo extends ListedModel {
  ref: string;
  connection: string;
  type: ConnectionType;
  /** A demo model: it is not asked, and nobody pays for it. */
  simulated?: boolean;
  prices: TokenPrices | undefined;
  /** Left out where it answered last, or was not asked yet. */
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

/** Models of VS Code's language-model API, lent by the host; absent in the CLI. */
export interface HostModels {
  list(): Promise<ListedModel[]>;
  chat(): ChatModel;
}

/** Everything about models that the rest of the product asks for. */
export interface Models {
  /** Re-reads declarations (connections.yaml, settings); the host calls it when they change. */
  reload(): Promise<void>;
  connections(): Promise<ConnectionInfo[]>;
  problems(): ConfigProblem[];
  connection(id: string): Promise<ConnectionInfo>;
  /**
   * Cached for a day; `refresh` asks the provider again, `ask: false` never does: the list is what is known without a
   * request. Never throws: the error is in the list.
   */
  listModels(connectionId: string, options?: ListOptions): Promise<ModelList>;
  /**
   * What can be named without asking anybody: the last list and the declared models, else those of the catalogue. For
   * connections that cannot be asked, such as one without a key.
   */
  unaskedModels(connectionId: string): Promise<ModelInfo[]>;
  /** What is known of one model, from cached lists, prices and the catalogue; asks nobody. */
  modelInfo(ref: string): Promise<ModelInfo | undefined>;
  /** Throws UserError: unknown-connection, missing-key, key-origin, untrusted. The SDK is loaded on first stream. */
  chat(ref: ModelRef): Promise<ChatModel>;
  /** Asks the list endpoint once, with the key; resolves to how many models, throws ProviderError. */
  test(connectionId: string, signal: AbortSignal): Promise<{ models: number; elapsedMs: number }>;
  setKey(connectionId: string, key: string): Promise<void>;
  /** The value of `${secret:name}` in the connection's headers, bound to its present origin as a key is. */
  setSecret(connectionId: string, name: string, value: string): Promise<void>;
  removeKey(connectionId: string): Promise<void>;
  /** The user's word that the stored key may go to the connection's present origin. */
  allowOrigin(connectionId: string): Promise<void>;
  /** Names close to a wrong one, best first, from cached lists. */
  suggestModels(ref: string): Promise<string[]>;
}
