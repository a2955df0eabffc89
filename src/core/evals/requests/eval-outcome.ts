import type { ErrorInfo } from '../../base/errors.ts';
import type { EvalState, StoredAnswer } from '../../store/evals/eval-record.ts';

/** Why no more requests are started. */
export interface EarlyEnd {
  state: Extract<EvalState, 'stopped' | 'budget' | 'failed' | 'interrupted'>;
  error: ErrorInfo | undefined;
}

/** Faults of the connection or the model, which every other request would meet as well. */
const OF_ALL: readonly string[] = [
  'auth',
  'quota',
  'missing-key',
  'key-origin',
  'untrusted',
  'unknown-connection',
  'invalid-connection',
  'unknown-model',
  'model-not-found',
];

/** The provider was not reached. */
const OF_NETWORK: readonly string[] = ['network', 'dns', 'tls'];

/** Faults of the provider at this time; the same request may succeed later. */
const OF_NOW: readonly string[] = ['rate-limit', 'server', 'timeout', 'stream-cut', ...OF_NETWORK];

/** The request arrived, or may have: the provider can have worked on an answer that did not. */
const PERHAPS_ANSWERED: readonly string[] = ['timeout', 'stream-cut'];

/** Whether an answer of unknown cost may have cost something all the same. */
export function mayHaveCost({ costUsd, error }: Pick<StoredAnswer, 'costUsd' | 'error'>): boolean {
  return costUsd === undefined && error !== undefined && PERHAPS_ANSWERED.includes(error.code);
}

export function isOfAll({ code }: ErrorInfo): boolean {
  return OF_ALL.includes(code);
}

export function isOfNetwork({ code }: ErrorInfo): boolean {
  return OF_NETWORK.includes(code);
}

export function isOfNow({ code }: ErrorInfo): boolean {
  return OF_NOW.includes(code);
}
