import { ProviderError, UserError } from '../../../base/errors.ts';
import { createRedactor } from '../../../base/secrets/redact.ts';

/** Providers redact what they throw; other errors (a bug, a library's) are redacted here, causes included. */
export function redactError(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof Error) || secrets.length === 0) return error;
  const remove = createRedactor(secrets).removeSecrets;
  const text = textOf(error);
  if (remove(text) === text) return error;
  const message = remove(error.message);
  if (!(error instanceof UserError)) return new Error(message);
  return copyError(error, { message, hint: error.hint && remove(error.hint), suggestions: error.suggestions });
}

/** All properties of an error that a log could print. */
function textOf(error: Error): string {
  const hint = error instanceof UserError ? (error.hint ?? '') : '';
  const cause = error.cause instanceof Error ? textOf(error.cause) : String(error.cause ?? '');
  return [error.message, error.stack, hint, cause].join('\n');
}

interface ErrorCopy {
  message: string;
  hint: string | undefined;
  suggestions: readonly string[] | undefined;
}

/** The same error with another message. */
export function copyError(error: UserError, { message, hint, suggestions }: ErrorCopy): UserError {
  const { code, connectionFailure, action } = error;
  const details = { code, connectionFailure, suggestions, ...(hint && { hint }), ...(action && { action }) };
  if (!(error instanceof ProviderError)) return new UserError(message, details);
  const { status, retryable, retryAfterMs } = error;
  return new ProviderError(message, { ...details, status, retryable, retryAfterMs });
}
