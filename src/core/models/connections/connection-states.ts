import { type ErrorInfo, isAbortError, toErrorInfo, UserError } from '../../base/errors.ts';
import type { Connection } from '../connection.ts';
import type { ConnectionState, ModelFailure } from '../models.ts';
import type { Access } from './access.ts';

/** Failures that affect every request of the connection. */
const ABOUT_THE_CONNECTION = new Set<ErrorInfo['code']>(['auth', 'network', 'dns', 'tls']);
/** For a model list they concern the server, for an answer only its model. */
const ABOUT_THE_REQUEST = new Set<ErrorInfo['code']>(['timeout', 'server', 'bad-response']);
/** Failures that concern the model, not the specific request. */
const ABOUT_THE_MODEL = new Set<ErrorInfo['code']>(['model-not-found', 'rate-limit', 'quota', 'stream-cut']);

export type ConnectionStates = ReturnType<typeof createConnectionStates>;

/** The last known state of each connection and its models; a changed declaration or key resets it. */
export function createConnectionStates(now: () => number) {
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
    of(connection: Connection, access: Access): ConnectionState {
      if (access.kind === 'no-key') return { kind: 'no-key' };
      if (access.kind === 'key-origin') {
        const { keyOrigin, origin, entry } = access;
        return { kind: 'key-origin', keyOrigin, origin, ...(entry !== undefined && { entry }) };
      }
      if (connection.type === 'demo' || connection.type === 'vscode') return { kind: 'ready' };
      const last = seen.get(connection.id);
      return last?.of === JSON.stringify(connection) ? last.state : { kind: 'unknown' };
    },
    /** The last failure of one model; undefined once it has answered. */
    failureOf(connection: Connection, model: string): ModelFailure | undefined {
      const last = failures.get(connection.id)?.get(model);
      return last?.of === JSON.stringify(connection) ? last.failure : undefined;
    },
    /** `model` if it answered a request, undefined if the model list was received. */
    succeeded(connection: Connection, model?: string): void {
      note(connection, { kind: 'ready', checkedAt: now() });
      if (model !== undefined) failures.get(connection.id)?.delete(model);
    },
    /** `model` if a request to it failed, undefined if the model list failed. */
    failed(connection: Connection, error: unknown, model?: string): void {
      if (isAbortError(error) || !(error instanceof UserError)) return;
      const info = toErrorInfo(error);
      if (isAboutConnection(info, model)) note(connection, { kind: 'unreachable', error: info, checkedAt: now() });
      else if (model !== undefined && isAboutModel(info)) noteModel(connection, model, info);
    },
    forget(connectionId: string): void {
      seen.delete(connectionId);
      failures.delete(connectionId);
    },
  };
}

/** A host that does not accept connections is unreachable for every model; a slow answer concerns one model. */
function isAboutConnection({ code, status, connectionFailure }: ErrorInfo, model: string | undefined): boolean {
  // a valid key may lack access to one model
  if (code === 'auth' && status === 403) return model === undefined;
  if (ABOUT_THE_CONNECTION.has(code)) return true;
  return ABOUT_THE_REQUEST.has(code) && (model === undefined || connectionFailure === 'timeout');
}

/** Excludes requests that are too long or have an unsupported parameter. */
function isAboutModel({ code, status }: ErrorInfo): boolean {
  return code === 'auth' || status === 404 || ABOUT_THE_REQUEST.has(code) || ABOUT_THE_MODEL.has(code);
}
