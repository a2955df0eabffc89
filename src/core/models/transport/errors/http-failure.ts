import { isRecord } from '../../../../shared/is-record.ts';
import { isTooDeep, TOO_DEEP } from '../../../base/json/json-depth.ts';
import { parseRetryAfter } from '../../../base/retry.ts';
import { isWebPage } from '../web-page.ts';

/** What any of the SDKs (and gRPC, mapped) reports about a failed request. */
export interface HttpFailure {
  status: number | undefined;
  /** The provider's own code or type, such as `insufficient_quota` or `overloaded_error`. */
  code: string | undefined;
  message: string;
  retryAfterMs?: number | undefined;
  /** The provider itself reports that retrying is useless. */
  neverRetry?: boolean;
}

/** How both SDKs describe an error without a body. */
const NO_BODY = 'status code (no body)';

/** Reads status, code and message from an SDK's error by shape, so that no SDK is imported for it. */
export function readHttpFailure(error: unknown): HttpFailure | undefined {
  if (!isRecord(error) || !('status' in error) || !('headers' in error)) return undefined;
  const status = typeof error.status === 'number' ? error.status : undefined;
  const detail = innermost(error.error);
  if (status === undefined && detail === undefined) return undefined;
  const headers = isHeaders(error.headers) ? error.headers : undefined;
  const text =
    typeof detail?.message === 'string' ? detail.message : String(error.message ?? '').replace(/^\d{3} /, '');
  const statusText = status === undefined ? undefined : `HTTP ${status}`;
  return {
    status: status ?? statusOfType(detail),
    code: firstString(detail?.code, error.code, detail?.type, error.type, detail?.status),
    message:
      isWebPage(text) || text === '' || text === NO_BODY ? `${statusText ?? 'error'} without an explanation.` : text,
    retryAfterMs: parseRetryAfter(headers) ?? retryDelayOf(detail),
    neverRetry: headers?.get('x-should-retry') === 'false',
  };
}

/** No server wraps a useful explanation deeper than this. */
const MOST_NESTED = 10;

/** Anthropic nests `{ error: { error } }`, Gemini wraps in an array, some servers send `{ detail }` or plain text. */
function innermost(value: unknown, depth = 0): Record<string, unknown> | undefined {
  if (typeof value === 'string') return { message: value };
  const first = Array.isArray(value) ? value[0] : value;
  if (!isRecord(first)) return undefined;
  const hasInner = depth < MOST_NESTED && (isRecord(first.error) || typeof first.error === 'string');
  if (hasInner) return innermost(first.error, depth + 1);
  if (typeof first.message === 'string') return first;
  if (typeof first.detail === 'string') return { ...first, message: first.detail };
  return { ...first, message: isTooDeep(first) ? `The error ${TOO_DEEP}.` : JSON.stringify(first) };
}

/** An error event inside a stream has no status; Anthropic's types imply one. */
function statusOfType(detail: Record<string, unknown> | undefined): number | undefined {
  const statuses: Record<string, number> = {
    invalid_request_error: 400,
    authentication_error: 401,
    permission_error: 403,
    not_found_error: 404,
    request_too_large: 413,
    rate_limit_error: 429,
    api_error: 500,
    overloaded_error: 529,
  };
  const code = typeof detail?.code === 'string' && /^[45]\d\d$/.test(detail.code) ? Number(detail.code) : detail?.code;
  if (typeof code === 'number') return code >= 400 && code < 600 ? code : undefined;
  return typeof detail?.type === 'string' ? statuses[detail.type] : undefined;
}

/** Google's RetryInfo: `{ details: [{ "@type": "…RetryInfo", retryDelay: "31s" }] }`. */
function retryDelayOf(detail: Record<string, unknown> | undefined): number | undefined {
  if (!Array.isArray(detail?.details)) return undefined;
  for (const item of detail.details) {
    const delay = isRecord(item) && typeof item.retryDelay === 'string' ? /^([\d.]+)s$/.exec(item.retryDelay) : null;
    if (delay) return Number(delay[1]) * 1000;
  }
  return undefined;
}

function firstString(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}

/** By shape: the product's own fetch is undici's, whose Headers class is not Node's global one. */
function isHeaders(value: unknown): value is Headers {
  return isRecord(value) && typeof value.get === 'function';
}
