import type { ErrorInfo } from '../core/base/errors.ts';
import type { RpcReply, RpcRequest } from '../core/base/rpc.ts';

// A webview only imports the protocol, so the core types that it uses are re-exported here.
export type { ErrorInfo, RpcRequest };

/** Sent by a webview when it gets or loses the keyboard focus, which VS Code does not report to extensions. */
export interface PanelFocus {
  kind: 'focus';
  focused: boolean;
}

/** Sent by a webview when the frame with a batch of events was drawn. The host sends the next batch afterwards. */
export interface BatchDrawn {
  kind: 'drawn';
  seq: number;
}

/**
 * Sent by the host to the active panel if the panel does not get Ctrl+Enter itself, for example if its tab is focused.
 */
export interface RunMessage {
  kind: 'run';
}

/**
 * Messages of the host: replies, and batches of events. `seq` numbers the batches: the first after a snapshot has the
 * snapshot's `seq` + 1. A webview that detects a gap requests a new snapshot, and ignores batches at or below its own
 * `seq`.
 */
export type HostMessage<Event> =
  | RpcReply
  /** `sentAt` is the host's time in epoch milliseconds, to measure the latency of a panel. */
  | { kind: 'events'; seq: number; sentAt: number; events: Event[] };

/** The methods of a panel: name → [params, result]. */
export type Methods<M> = { [Name in keyof M]: { params: unknown; result: unknown } };
