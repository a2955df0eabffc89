import { definedFields } from './defined-fields.ts';
import type { ErrorCode } from './error-kinds.ts';

/** Why there is no connection, for code that describes or counts failures without parsing messages. */
export type ConnectionFailure =
  | 'refused'
  | 'lost'
  | 'no-route'
  /** The connection failed for an unknown reason. */
  | 'unexplained'
  /** The host did not accept the connection in time. */
  | 'timeout'
  | 'proxy';

/** The part of an error that crosses a process, a webview or the database: plain data, secrets already removed. */
export interface ErrorInfo {
  code: ErrorCode;
  connectionFailure?: ConnectionFailure;
  message: string;
  /** The next step, as a sentence. */
  hint?: string;
  /** Names that were probably meant; the hint has them. */
  suggestions?: readonly string[];
  /** A command that fixes it, offered as a button. */
  action?: { command: string; title: string; args?: unknown[] };
  status?: number;
  retryAfterMs?: number;
}

interface ErrorDetails {
  code: ErrorCode;
  connectionFailure?: ConnectionFailure | undefined;
  hint?: string;
  suggestions?: readonly string[] | undefined;
  action?: ErrorInfo['action'];
  cause?: unknown;
}

/** Something the user can understand and fix: the message says what happened, the hint what to do next. */
export class UserError extends Error {
  override name = 'UserError';
  readonly code: ErrorCode;
  readonly connectionFailure: ConnectionFailure | undefined;
  readonly hint: string | undefined;
  readonly suggestions: readonly string[] | undefined;
  readonly action: ErrorInfo['action'];

  constructor(message: string, { code, connectionFailure, hint, suggestions, action, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.connectionFailure = connectionFailure;
    this.hint = hint;
    this.suggestions = suggestions;
    this.action = action;
  }
}

/** A provider answered with an error, or could not be reached. */
export class ProviderError extends UserError {
  override name = 'ProviderError';
  /** HTTP status, or the gRPC status mapped to HTTP; undefined if there was no response. */
  readonly status: number | undefined;
  /** True if the same request may succeed later (429, 5xx, a broken connection). */
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    details: ErrorDetails & { status?: number | undefined; retryable: boolean; retryAfterMs?: number | undefined },
  ) {
    super(message, details);
    this.status = details.status;
    this.retryable = details.retryable;
    this.retryAfterMs = details.retryAfterMs;
  }
}

export function isAbortError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'APIUserAbortError');
}

export function toErrorInfo(error: unknown): ErrorInfo {
  if (isAbortError(error)) return { code: 'cancelled', message: 'Cancelled.' };
  if (!(error instanceof UserError)) {
    return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, connectionFailure, hint, suggestions, action } = error;
  const { status, retryAfterMs } = error instanceof ProviderError ? error : {};
  return { code, message, ...definedFields({ connectionFailure, hint, suggestions, action, status, retryAfterMs }) };
}
