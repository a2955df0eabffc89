import type { ConnectionFailure, ErrorInfo } from '../../core/base/errors.ts';
import type { ConnectionInfo, ModelFailure } from '../../core/models/models.ts';
import { formatCount } from '../../shared/format.ts';

/** The state of a connection, as the Models view and the pickers show it. */
export function describeState({ connection, state, keyRequired, hasKey, listed }: ConnectionInfo): string {
  switch (state.kind) {
    case 'no-key':
      return 'no key';
    case 'key-origin':
      return `key is for ${state.keyOrigin}`;
    case 'unreachable':
      if (connection.type === 'vertexai' && state.error.code === 'auth' && !hasKey) return 'not signed in';
      return describeFailure(state.error, hasKey);
    case 'ready':
      // without an extension that provides models there is nothing to run
      if (connection.type === 'vscode') return listed ? countModels(listed.models) : '';
      return 'ready';
    case 'unknown':
      return keyRequired && !hasKey ? 'no key' : '';
  }
}

/** The description of a collapsed row: only what is known without a request, with the time of the last result. */
export function describeConnection(info: ConnectionInfo, now: number): string {
  const { connection, state, hasKey, listed } = info;
  if (connection.type === 'demo') return 'demo, no network';
  if (connection.type === 'vscode') return describeState(info) || 'not listed yet';
  const at = (time: number | undefined) => time !== undefined && timeInWords(time, now);
  switch (state.kind) {
    case 'unreachable':
      return join(describeState(info), at(state.checkedAt));
    case 'ready':
      return join('ready', listed && countModels(listed.models), at(state.checkedAt));
    case 'unknown': {
      const last = listed ? join(countModels(listed.models), at(listed.at)) : 'not tested';
      return join(describeState(info) || (hasKey && 'key set'), last);
    }
    default:
      return describeState(info);
  }
}

/** The failure of one model: `failed: HTTP 500 · 11:54 AM`. */
export function describeModelFailure({ error, at }: ModelFailure, now: number): string {
  return join(`failed: ${reasonOf(error)}`, timeInWords(at, now));
}

function describeFailure(error: ErrorInfo, hasKey: boolean): string {
  if (error.code === 'auth') return hasKey ? 'key rejected' : 'key needed';
  const answered = error.status !== undefined || error.code === 'bad-response';
  return `${answered ? 'failed' : 'unreachable'}: ${reasonOf(error)}`;
}

const REASONS: Partial<Record<ConnectionFailure, string>> = {
  refused: 'connection refused',
  lost: 'connection lost',
  'no-route': 'no route to the server',
  proxy: 'rejected by the proxy',
  unexplained: 'no connection',
};

const REASONS_BY_CODE: Partial<Record<ErrorInfo['code'], string>> = {
  auth: 'key rejected',
  'missing-key': 'no key',
  'key-origin': 'key not allowed',
  dns: 'name not found',
  tls: 'secure connection failed',
  timeout: 'timed out',
  'rate-limit': 'rate limit',
  quota: 'quota exceeded',
  'model-not-found': 'not found',
  'stream-cut': 'answer cut off',
  'bad-response': 'unexpected response',
};

const MAX_REASON_LENGTH = 60;

/** A short reason for a row. The tooltip has the full message. */
export function reasonOf({ code, connectionFailure, status, message }: ErrorInfo): string {
  const known = (connectionFailure && REASONS[connectionFailure]) ?? REASONS_BY_CODE[code];
  if (known !== undefined) return status === undefined || code === 'auth' ? known : `${known} (HTTP ${status})`;
  if (status !== undefined) return `HTTP ${status}`;
  // the name of the row's own connection is not repeated
  const own = message.replace(/^[\w.-]+: (?:the connection failed: )?/, '');
  return own.length > MAX_REASON_LENGTH ? `${own.slice(0, MAX_REASON_LENGTH - 1)}…` : own.replace(/\.$/, '');
}

/** The time if it was today, otherwise the date. */
function timeInWords(time: number, now: number): string {
  const at = new Date(time);
  return at.toDateString() === new Date(now).toDateString()
    ? at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
    : at.toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
}

function countModels(count: number): string {
  return count === 0 ? 'no models' : formatCount(count, 'model');
}

function join(...parts: (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' · ');
}

/** A codicon, and the ID of its theme color. */
export interface StateIcon {
  icon: string;
  color?: string;
}

const STATE_ICONS: Record<ConnectionInfo['state']['kind'], StateIcon> = {
  unknown: { icon: 'circle-outline' },
  'no-key': { icon: 'key' },
  'key-origin': { icon: 'shield', color: 'list.warningForeground' },
  ready: { icon: 'pass', color: 'testing.iconPassed' },
  unreachable: { icon: 'error', color: 'list.errorForeground' },
};

export function stateIcon({ connection, state, hasKey, listed }: ConnectionInfo): StateIcon {
  // a missing sign-in or key is a task, not an error
  if (state.kind === 'unreachable' && state.error.code === 'auth' && !hasKey) return { icon: 'key' };
  const isEmpty = connection.type === 'vscode' && !listed?.models;
  return STATE_ICONS[isEmpty && state.kind === 'ready' ? 'unknown' : state.kind];
}
