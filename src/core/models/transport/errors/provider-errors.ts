import type { ErrorCode } from '../../../base/error-kinds.ts';
import { type ErrorInfo, ProviderError, type UserError } from '../../../base/errors.ts';
import { findOwnError, PROXY_LOGIN_HINT, toNetworkError } from '../../../base/network/network-errors.ts';
import { createRedactor, isSecretHeader, type Redactor } from '../../../base/secrets/redact.ts';
import type { ProviderContext } from '../../connection.ts';
import { type HttpFailure, readHttpFailure } from './http-failure.ts';
import { BadChunkError } from './server-errors.ts';

const LONGEST_MESSAGE = 600;
/** How much of a message is examined: a server may send a megabyte that makes pattern after pattern slow. */
const LONGEST_READ = 20_000;

export interface ErrorContext {
  context: ProviderContext;
  redactor: Redactor;
  model?: string | undefined;
}

interface Verdict {
  code: ErrorCode;
  retryable: boolean;
  hint: string;
  action?: ErrorInfo['action'];
}

/** Knows the key and every header value that came from a secret or looks like one. */
export function createProviderRedactor(context: ProviderContext): Redactor {
  const redactor = createRedactor([context.apiKey, ...(context.secrets ?? [])]);
  for (const [name, value] of Object.entries(context.headers)) {
    const fromSecret = context.connection.headers[name] !== value;
    if (fromSecret || isSecretHeader(name)) redactor.add(value.replace(/^(Bearer|Basic)\s+/i, ''));
  }
  return redactor;
}

/** Converts whatever an SDK threw into the error that the user sees; a ProviderError passes through unchanged. */
export function toProviderError(error: unknown, about: ErrorContext): ProviderError {
  const own = findOwnError(error);
  if (own) return own;
  const failure = readHttpFailure(error);
  if (failure) return explainHttpFailure(failure, about);
  if (error instanceof BadChunkError) {
    return badResponse(about, `sent ${error.what} ${sampleOf(error.data, about)}`, error);
  }
  if (error instanceof SyntaxError) return badResponse(about, 'sent something that is not valid JSON.', error);
  const { context, redactor } = about;
  const lost = toNetworkError(error, context.connection.baseUrl ?? '');
  if (lost) return withConnectionName(lost, about);
  const message = redactor.redact(error instanceof Error ? error.message : String(error));
  // an SDK's own error for it has no more information
  const isPlain = error instanceof Error && error.constructor.name === 'APIConnectionError';
  return new ProviderError(`${context.connection.id}: the connection failed${isPlain ? '.' : `: ${message}`}`, {
    code: 'network',
    connectionFailure: isPlain ? 'unexplained' : undefined,
    hint: 'Check the network connection and the base URL, then try again.',
    // fetch throws a TypeError for every network failure
    retryable: isPlain || error instanceof TypeError,
    cause: error,
  });
}

function withConnectionName(error: UserError, { context, redactor }: ErrorContext): ProviderError {
  const { code, connectionFailure, hint, action, cause } = error;
  const { status, retryable, retryAfterMs } =
    error instanceof ProviderError ? error : { status: undefined, retryable: false, retryAfterMs: undefined };
  return new ProviderError(`${context.connection.id}: ${redactor.redact(error.message)}`, {
    code,
    connectionFailure,
    ...(hint === undefined ? {} : { hint }),
    ...(action === undefined ? {} : { action }),
    status,
    retryable,
    retryAfterMs,
    cause,
  });
}

/** A server that responds, but not in the protocol: an HTML page, an empty body, broken JSON. */
export function badResponse({ context, redactor }: ErrorContext, what: string, cause?: unknown): ProviderError {
  return new ProviderError(`${context.connection.id}: the server ${redactor.redact(what)}`, {
    code: 'bad-response',
    hint: `Check the base URL of the connection${baseUrlOf(context)}: it must support the ${context.connection.type} protocol.`,
    retryable: false,
    cause,
  });
}

/** The sample is longer than what is shown, so that no secret is cut before it is removed. */
const SAMPLE_READ = 4_000;
const SAMPLE_SHOWN = 120;

/** The beginning of a server's response, on one line and without secrets. */
export function sampleOf(text: string, { redactor }: ErrorContext): string {
  return redactor.redact(text.slice(0, SAMPLE_READ)).replace(/\s+/g, ' ').trim().slice(0, SAMPLE_SHOWN);
}

/** A column stores no more than this, so that a server that never ends does not fill the memory. */
export function answerTooLong({ connection }: Pick<ProviderContext, 'connection'>): ProviderError {
  return new ProviderError(`${connection.id}: the answer was stopped at 16 MB of text.`, {
    code: 'bad-response',
    hint: 'The text received so far is kept. Set maxOutputTokens, and check whether the server ends its answers.',
    retryable: false,
  });
}

/** The stream ended without the provider's confirmation that the answer is complete; the received text is kept. */
export function streamCut({ context }: ErrorContext, cause?: unknown): ProviderError {
  return new ProviderError(`${context.connection.id}: the stream ended before the answer was complete.`, {
    code: 'stream-cut',
    hint: 'The text received so far is kept. Run again for the complete answer.',
    retryable: false,
    cause,
  });
}

/** Maps status, code and message to the user's next step; used for HTTP, error events in a stream, and gRPC. */
export function explainHttpFailure(whole: HttpFailure, about: ErrorContext): ProviderError {
  const { context, redactor } = about;
  const code = whole.code?.slice(0, LONGEST_MESSAGE);
  const failure = { ...whole, code, message: whole.message.trim().slice(0, LONGEST_READ) };
  const message = shorten(redactor.redact(failure.message));
  const verdict = judgeByMessage(failure, about) ?? judgeByStatus(failure, about);
  const status = failure.status === undefined ? '' : ` (${failure.status})`;
  return new ProviderError(`${context.connection.id}${status}: ${message || 'the provider gave no reason.'}`, {
    code: verdict.code,
    hint: [waitOf(failure), verdict.hint].filter(Boolean).join(' '),
    ...(verdict.action ? { action: verdict.action } : {}),
    status: failure.status,
    retryable: verdict.retryable && failure.neverRetry !== true,
    retryAfterMs: failure.retryAfterMs,
  });
}

function waitOf({ retryAfterMs }: HttpFailure): string | undefined {
  if (retryAfterMs === undefined || retryAfterMs <= 0) return undefined;
  return `The server asks to wait ${describeWait(retryAfterMs)} (Retry-After).`;
}

const AUTH = /invalid.{0,3}api.?key|api.?key.not.valid|incorrect api key|authentication_error|api_key_invalid/i;
const QUOTA =
  /insufficient_quota|insufficient (credit|balance|funds)|credit balance is too low|billing_(hard_limit|not_active|error)|exceeded your current quota, please check your plan/i;
const CONTEXT =
  /context.?(length|window|size)(?!_?\w*_config)|prompt is too long|input is too long|too many (input )?tokens|maximum number of tokens|exceed_context_size|string_above_max_length|must have less than \d+ tokens|must be <= \d+/i;
const FILTER = /content_filter|content management policy|responsibleai|prohibited_content|blocked by/i;
const MODEL =
  /model_not_found|deploymentnotfound|not_found_error[\s\S]*model|model[^\n]{0,160}(not found|does not exist|is not available|not supported|is not a valid)|(invalid|unknown|unsupported) model|no such model|did you mean.*model|not a chat model|only supported in v1\/responses/i;

/** Providers disagree on status codes (a wrong key is 400 at Google), so their messages are examined first. */
function judgeByMessage({ status, code, message }: HttpFailure, about: ErrorContext): Verdict | undefined {
  const words = `${code ?? ''} ${message}`;
  if (status !== undefined && status >= 500) return undefined;
  if (AUTH.test(words)) return authVerdict(about, status);
  if (QUOTA.test(words)) return quotaVerdict();
  if (status === 429) return undefined;
  if (CONTEXT.test(words) || code === 'request_too_large') {
    return {
      code: 'context-length',
      retryable: false,
      hint: 'Shorten the input, lower maxOutputTokens, or choose a model with a larger context window.',
    };
  }
  if (FILTER.test(words)) {
    return {
      code: 'content-filter',
      retryable: false,
      hint: "The provider's content filter refused the request; rephrase the prompt or the input.",
    };
  }
  if (status !== 401 && status !== 403 && MODEL.test(words)) return modelVerdict(about, message);
  return undefined;
}

function judgeByStatus({ status, code }: HttpFailure, about: ErrorContext): Verdict {
  if (status === 401 || status === 403) return authVerdict(about, status);
  if (status === 402) return quotaVerdict();
  // Only a proxy sends this status; a retry would meet the same proxy.
  if (status === 407) {
    return {
      code: 'network',
      retryable: false,
      hint: `The proxy requires a user name and a password. ${PROXY_LOGIN_HINT}`,
    };
  }
  if (status === 429 || code === 'rate_limit_error' || code === 'rate_limit_exceeded') {
    return { code: 'rate-limit', retryable: true, hint: 'Wait a moment, or run fewer requests at once.' };
  }
  if (status === undefined || status >= 500 || status === 408 || status === 409) {
    return { code: 'server', retryable: true, hint: 'The provider has a problem; try again in a minute.' };
  }
  if (status === 404) {
    return {
      code: 'bad-request',
      retryable: false,
      hint: `There is no API at this address: check the base URL of the connection${baseUrlOf(about.context)}.`,
    };
  }
  if (status >= 300 && status < 400) {
    return {
      code: 'bad-response',
      retryable: false,
      hint: 'The server redirects elsewhere, and a key is never sent after a redirect: set the base URL to the final address.',
    };
  }
  return { code: 'bad-request', retryable: false, hint: "Check the prompt's config, schema and tools for this model." };
}

function authVerdict({ context }: ErrorContext, status: number | undefined): Verdict {
  const { id } = context.connection;
  const hint =
    status === 403
      ? `The key of '${id}' is not allowed to do this: use a key with access to the model, or ask for access.`
      : context.apiKey === undefined
        ? `'${id}' needs a key: set one with "LLMOps: Set API Key".`
        : `The key of '${id}' was refused: set a valid one with "LLMOps: Set API Key".`;
  const action = { command: 'llmops.connection.setKey', title: 'Set API Key', args: [id] };
  return { code: 'auth', retryable: false, hint, action };
}

function quotaVerdict(): Verdict {
  return {
    code: 'quota',
    retryable: false,
    hint: "The account's credit or quota is used up: check the provider's billing page. Waiting does not help.",
  };
}

function modelVerdict({ context, model }: ErrorContext, message: string): Verdict {
  const responsesOnly = /v1\/responses|not a chat model/i.test(message);
  const hint = responsesOnly
    ? 'This model is not served by the chat completions API; choose another one.'
    : `Choose a model that '${context.connection.id}' offers${model === undefined ? '' : `; '${model}' is not available`}.`;
  return { code: 'model-not-found', retryable: false, hint };
}

export function describeWait(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  const whole = Math.round(ms / 1000);
  const minutes = Math.floor(whole / 60);
  const seconds = whole % 60;
  if (minutes < 120) return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function shorten(text: string): string {
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)}…`;
}

function baseUrlOf({ connection }: ProviderContext): string {
  return connection.baseUrl === undefined ? '' : ` (${connection.baseUrl})`;
}
