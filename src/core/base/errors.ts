/** Stable, documented error codes; a user or a script may match on them. */
export type ErrorCode =
  | 'usage'
  | 'cancelled'
  | 'untrusted'
  | 'no-folder'
  | 'invalid-prompt'
  | 'invalid-input'
  | 'render-limit'
  | 'invalid-connection'
  | 'unknown-connection'
  | 'unknown-model'
  | 'missing-key'
  | 'key-origin'
  | 'auth'
  | 'rate-limit'
  | 'quota'
  | 'context-length'
  | 'model-not-found'
  | 'bad-request'
  | 'server'
  | 'network'
  | 'dns'
  | 'tls'
  | 'timeout'
  | 'stream-cut'
  | 'bad-response'
  | 'content-filter'
  | 'budget'
  | 'store'
  | 'store-newer'
  /** A database of another program, which is left as it is. */
  | 'store-foreign'
  /** The history's folder or file is a symbolic link that the user has not allowed. */
  | 'store-link'
  /** What a command prints could not be written. */
  | 'output'
  | 'git'
  | 'git-missing'
  | 'git-old'
  | 'git-timeout'
  | 'no-repository'
  | 'unsafe-repository'
  | 'index-locked'
  | 'operation-under-way'
  | 'nothing-to-save'
  | 'staged-differs'
  | 'not-saved'
  | 'no-identity'
  | 'hook-failed'
  | 'sign-failed'
  | 'name-clash'
  | 'ref-clash'
  | 'label-moved'
  | 'unknown-version'
  /** A link or a path of the repository leads out of the workspace. */
  | 'outside-workspace'
  /** No regular file, a loop of links, or over the size limit. */
  | 'unreadable-file'
  | 'remote-rejected'
  | 'remote'
  | 'internal';

/** What crosses a process, a webview or the database: plain data, secrets already removed. */
export interface ErrorInfo {
  code: ErrorCode;
  message: string;
  /** The next step, as a sentence. */
  hint?: string;
  /** A command that mends it, offered as a button. */
  action?: { command: string; title: string; args?: unknown[] };
  status?: number;
  retryAfterMs?: number;
}

interface ErrorDetails {
  code: ErrorCode;
  hint?: string;
  action?: ErrorInfo['action'];
  cause?: unknown;
}

/** Something the user can understand and mend: the message says what happened, the hint what to do next. */
export class UserError extends Error {
  override name = 'UserError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly action: ErrorInfo['action'];

  constructor(message: string, { code, hint, action, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.action = action;
  }
}

/** A provider answered with an error, or could not be reached. */
export class ProviderError extends UserError {
  override name = 'ProviderError';
  /** HTTP status, or the gRPC status mapped to HTTP; undefined where nothing answered. */
  readonly status: number | undefined;
  /** True where the same request may succeed later (429, 5xx, a broken connection). */
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
  const info: ErrorInfo = { code: error.code, message: error.message };
  if (error.hint !== undefined) info.hint = error.hint;
  if (error.action !== undefined) info.action = error.action;
  if (error instanceof ProviderError) {
    if (error.status !== undefined) info.status = error.status;
    if (error.retryAfterMs !== undefined) info.retryAfterMs = error.retryAfterMs;
  }
  return info;
}
