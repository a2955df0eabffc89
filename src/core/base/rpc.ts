import type { ErrorInfo } from './errors.ts';

/** A request of a webview to its host, or of a client to its worker: answered once, by the reply of the same id. */
export interface RpcRequest {
  kind: 'request';
  id: number;
  method: string;
  params: unknown;
}

/** Asks a worker to end a request early; it still replies. */
export interface RpcCancel {
  kind: 'cancel';
  id: number;
}

/** The progress of a request in a worker. */
export interface RpcProgress {
  kind: 'progress';
  id: number;
  progress: unknown;
}

export type RpcReply =
  | { kind: 'reply'; id: number; ok: true; value: unknown }
  | { kind: 'reply'; id: number; ok: false; error: ErrorInfo };
