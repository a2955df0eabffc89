import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';

export interface ChannelLog extends Log, vscode.Disposable {
  show(): void;
}

/** The "LLMOps" output channel. Core has already redacted the messages. */
export function createLog(): ChannelLog {
  const channel = vscode.window.createOutputChannel('LLMOps', { log: true });
  return {
    debug: (message) => channel.debug(message),
    info: (message) => channel.info(message),
    warn: (message) => channel.warn(message),
    error: (message, error) => {
      const detail = error instanceof Error ? (error.stack ?? error.message) : error === undefined ? '' : String(error);
      channel.error(detail ? `${message}: ${detail}` : message);
    },
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}
