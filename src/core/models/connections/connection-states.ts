import { type ErrorInfo, isAbortError, toErrorInfo, UserError } from '../../base/errors.ts';
import type { Connection } from '../connection.ts';
import type { ConnectionState, ModelFailure } from '../models.ts';
import type { Access } from './access.ts';

/** What was last seen of each connection and its models; a changed declaration or key makes it unknown again. */
export interface ConnectionStates {
  of(connection: Connection, access: Access): ConnectionState;
  /** How one model failed last; undefined once it has answered. */
  failureOf(connection: Connection, model: string): ModelFailure | undefined;
  /** `model` where it answered a request, undefined where the list of models was answered. */
  succeeded(connection: Connection, model?: string): void;
  /** `model` where a request to it failed, undefined where the list of models could not be had. */
  failed(connection: Connection, error: unknown, model?: string): void;
  forget(connectionId: string): void;
}

/** Whatever was asked for, nothing else of this connection would work either. */
const ABOUT_THE_CONNECTION = new Set<ErrorInfo['code']>(['auth', 'network', 'dns', 'tls']);
/** Of a list they speak of the server, of an answer only of the model that was to give it. */
const ABOUT_WHAT_WAS_ASKED = new Set<ErrorInfo['code']>(['timeout', 'server', 'bad-response']);
/** Speak of the model, and not of the request that was sent to it. */
const ABOUT_THE_MODEL = new Set<ErrorInfo['code']>(['model-not-found', 'rate-limit', 'quota', 'stream-cut']);

export function createConnectionStates(now: () => number): ConnectionStates {
  const seen = new Map<string, { of: string; state: ConnectionState }>();
  /** By connection, then by model. */
  const failures = new Map<string, Map<string, { of: string; failure: ModelFailure }>>();
  const note = (connection: Connection, state: ConnectionState) => {
    seen.set(connection.id, { of: JSON.stringify(connection), state });
  };
  const noteModel = (connection: Connection, model: string, error: ErrorInfo) => {
    const known = failures.get(connection.id) ?? new Map();
    failures.set(connection.id, known.set(model, { of: JSON.stringify(connection), failure: { error, at: now() } }));
  };
  return {
    of(connection, access) {
      if (access.kind === 'no-key') return { kind: 'no-key' };
      if (access.kind === 'key-origin') {
        const { keyOrigin, origin, entry } = access;
        return { kind: 'key-origin', keyOrigin, origin, ...(entry !== undefined && { entry }) };
      }
      if (connection.type === 'demo' || connection.type === 'vscode') return { kind: 'ready' };
      const last = seen.get(connection.id);
      return last?.of === JSON.stringify(connection) ? last.state : { kind: 'unknown' };
    },
    failureOf(connection, model) {
      const last = failures.get(connection.id)?.get(model);
      return last?.of === JSON.stringify(connection) ? last.failure : undefined;
    },
    succeeded(connection, model) {
      note(connection, { kind: 'ready', checkedAt: now() });
      if (model !== undefined) failures.get(connection.id)?.delete(model);
    },
    failed(connection, error, model) {
      if (isAbortError(error) || !(error instanceof UserError)) return;
      const info = toErrorInfo(error);
      if (isAboutConnection(info, model)) note(connection, { kind: 'unreachable', error: info, checkedAt: now() });
      else if (model !== undefined && isAboutModel(info)) noteModel(connection, model, info);
    },
    forget(connectionId) {
      seen.delete(connectionId);
      failures.delete(connectionId);
    },
  };
}

/** A host that takes no connection in time is unreachable for every model; an answer that takes too long is one model's. */
function isAboutConnection({ code, status, connectionFailure }: ErrorInfo, model: string | undefined): boolean {
  // a key that is valid may have no access to one model
  if (code === 'auth' && status === 403) return model === undefined;
  if (ABOUT_THE_CONNECTION.has(code)) return true;
  return ABOUT_WHAT_WAS_ASKED.has(code) && (model === undefined || connectionFailure === 'timeout');
}

/** Not a request that is too long or has a parameter that the model does not take. */
function isAboutModel({ code, status }: ErrorInfo): boolean {
  return code === 'auth' || status === 404 || ABOUT_WHAT_WAS_ASKED.has(code) || ABOUT_THE_MODEL.has(code);
}
