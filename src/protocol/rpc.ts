import type { ErrorInfo } from '../core/base/errors.ts';
import type { RpcReply, RpcRequest } from '../core/base/rpc.ts';

// A webview imports the protocol alone, so the types of core that it needs are named here too.
export type { ErrorInfo, RpcRequest };

/** What a webview sends when it gets or loses the keyboard's focus, which VS Code tells no extension. */
export interface PanelFocus {
  kind: 'focus';
  focused: boolean;
}

/** What the host sends to the panel in front where its own Ctrl+Enter cannot reach it, as from its tab. */
export interface RunMessage {
  kind: 'run';
}

/**
 * What the host sends: replies, and batches of events. `seq` numbers the batches: the first after a snapshot has
 * the snapshot's `seq` + 1. A webview that sees a gap asks for a new snapshot; one at or below its own is old.
 */
export type HostMessage<Event> =
  | RpcReply
  /** `sentAt` is the host's clock in epoch milliseconds: how far a panel lags behind can be measured. */
  | { kind: 'events'; seq: number; sentAt: number; events: Event[] };

/** The methods of a panel: name → [params, result]. */
export type Methods<M> = { [Name in keyof M]: { params: unknown; result: unknown } };
