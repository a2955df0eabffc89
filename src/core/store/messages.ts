import type { ErrorInfo } from '../base/errors.ts';
import type { EncodedAnswer, Store } from './store.ts';

/** What the worker can be asked: the store's own methods, and two that only its client sends. */
export interface StoreMethods extends Store {
  open(): Promise<void>;
  /** Tells that this window is alive and still receives these runs. */
  beat(ids: string[]): Promise<void>;
}

export type StoreMethod = keyof StoreMethods;

/** `at` is the client's clock, so that the worker needs none and tests can set it. */
export interface StoreRequest<M extends StoreMethod = StoreMethod> {
  seq: number;
  at: number;
  method: M;
  args: Parameters<StoreMethods[M]>;
}

export type StoreReply = { seq: number; ok: true; value: unknown } | { seq: number; ok: false; error: ErrorInfo };

/** What the worker is started with. */
export interface StoreWorkerData {
  path: string;
  busyTimeoutMs: number;
}

/** The encoded answer of a record among the arguments of a request, if that is what this is. */
export function encodedAnswer(item: unknown): EncodedAnswer | undefined {
  return typeof item === 'object' && item !== null && 'answerJson' in item
    ? (item.answerJson as EncodedAnswer | undefined)
    : undefined;
}

/** SQLite's own name for a database that lives in memory only. */
export const MEMORY_PATH = ':memory:';
