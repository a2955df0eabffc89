import { ProviderError } from '../../base/errors.ts';
import { toNetworkError } from '../../base/network/network-errors.ts';
import type { Redactor } from '../../base/secrets/redact.ts';
import { readHttpFailure } from '../../models/transport/errors/http-failure.ts';
import { describeWait } from '../../models/transport/errors/provider-errors.ts';
import { parseOrText } from '../../models/transport/errors/server-errors.ts';

const LONGEST_MESSAGE = 600;

/** What the server of a target answered, and what to do about it. */
export function explainStatus(
  name: string,
  { response, text, redactor }: { response: Response; text: string; redactor: Redactor },
): ProviderError {
  const { status, headers } = response;
  const failure = readHttpFailure({ status, headers, error: parseOrText(text), message: '' });
  const said = redactor.redact(failure?.message.slice(0, 20_000) ?? '').trim();
  const { code, hint, retryable } = judge(status);
  return new ProviderError(`${name} (${status}): ${said.slice(0, LONGEST_MESSAGE) || 'there is no explanation.'}`, {
    code,
    hint,
    status,
    retryable: retryable && failure?.neverRetry !== true,
    retryAfterMs: failure?.retryAfterMs,
  });
}

function judge(status: number): Pick<ProviderError, 'code' | 'retryable'> & { hint: string } {
  if (status === 401 || status === 403) {
    return { code: 'auth', retryable: false, hint: 'Check the headers of the target and their secrets.' };
  }
  if (status === 404 || status === 405) {
    return { code: 'bad-request', retryable: false, hint: 'Check "url" and "method" of the target.' };
  }
  if (status === 407) {
    return { code: 'network', retryable: false, hint: 'The proxy requires a user name and a password.' };
  }
  if (status === 429) {
    return { code: 'rate-limit', retryable: true, hint: 'Lower the "concurrency" of the evaluation.' };
  }
  if (status >= 500 || status === 408) {
    return { code: 'server', retryable: true, hint: 'The log of the application should have the reason.' };
  }
  return { code: 'bad-request', retryable: false, hint: 'Check the "body" of the target.' };
}

/** A redirect could carry inputs and keys elsewhere, so it is never followed. */
export function redirected(name: string, { from, location }: { from: string; location: string | null }): ProviderError {
  const target = location !== null && URL.canParse(location, from) ? new URL(location, from) : undefined;
  const isOwn = target?.origin === new URL(from).origin;
  const where = target === undefined ? 'nowhere' : isOwn ? target.origin + target.pathname : target.origin;
  return new ProviderError(`${name} redirects to ${where}; nothing was sent there.`, {
    // not a fault of the network, which a later request might not meet
    code: 'bad-response',
    hint: 'If the application has moved, change the "url" of the target.',
    retryable: false,
  });
}

export function lateAnswer(name: string, timeoutMs: number): ProviderError {
  return new ProviderError(`${name} did not answer within ${describeWait(timeoutMs)}.`, {
    code: 'timeout',
    hint: 'Allow more time with "timeoutMs", or see why the application waits.',
    retryable: false,
  });
}

/** What a server answers is not what the target expects. */
export function badAnswer(name: string, what: string): ProviderError {
  return new ProviderError(`${name} ${what}`, {
    code: 'bad-response',
    hint: 'Check "url" and the paths of the target.',
    retryable: false,
  });
}

/** What fetch throws, as an error that names the target. */
export function toTargetError(
  error: unknown,
  { name, url, redactor }: { name: string; url: string; redactor: Redactor },
): ProviderError {
  const lost = toNetworkError(error, url);
  const text = lost?.message ?? (error instanceof Error ? error.message : String(error));
  const hint = lost?.code === 'tls' || lost?.connectionFailure === 'proxy' ? lost.hint : undefined;
  return new ProviderError(`${name}: ${redactor.redact(text)}`, {
    code: lost?.code ?? 'network',
    connectionFailure: lost?.connectionFailure,
    hint: hint ?? 'Check that the application is running, and "url" of the target and the proxy settings.',
    retryable: lost?.retryable ?? false,
    cause: error,
  });
}
