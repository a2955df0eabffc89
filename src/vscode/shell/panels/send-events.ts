import type * as vscode from 'vscode';
import type { BatchDrawn, HostMessage, RpcRequest } from '../../../protocol/rpc.ts';

/** Sends a numbered batch of events to the webview. Resolves once the page has drawn it, or cannot receive it. */
export type SendEvents<Event> = (seq: number, events: Event[]) => Promise<void>;

/**
 * VS Code reports that a page has received a message, not that it was drawn. Batches that arrive while a frame is drawn
 * would each cost a frame of their own, so the page reports what it has drawn.
 */
export function eventSender<Event>(
  webview: Pick<vscode.Webview, 'postMessage' | 'onDidReceiveMessage'>,
): SendEvents<Event> {
  const waiting = new Map<number, () => void>();
  webview.onDidReceiveMessage((message: RpcRequest | BatchDrawn | undefined) => {
    if (message?.kind !== 'drawn') return;
    for (const [seq, resolve] of waiting) if (seq <= message.seq) resolve();
  });
  return async (seq, events) => {
    const drawn = new Promise<void>((resolve) => {
      waiting.set(seq, () => {
        waiting.delete(seq);
        resolve();
      });
    });
    const message: HostMessage<Event> = { kind: 'events', seq, sentAt: Date.now(), events };
    if (await webview.postMessage(message)) await drawn;
    else waiting.delete(seq);
  };
}
