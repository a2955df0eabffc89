import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { toErrorInfo } from '../../../src/core/base/errors.ts';
import { createProviderRedactor, toProviderError } from '../../../src/core/models/transport/errors/provider-errors.ts';
import { makeContext } from './make-context.ts';

const KEY = 'sk-planted-0123456789abcdef';
const context = makeContext({ apiKey: KEY, connection: { id: 'acme', baseUrl: 'https://api.acme.test/v1' } });
const about = { context, redactor: createProviderRedactor(context), model: 'acme-1' };

/** In the shape of both SDKs' APIError. */
function apiError(status: number | undefined, error: unknown, headers: Record<string, string> = {}) {
  const message = `${status} ${JSON.stringify(error)}`;
  return Object.assign(new Error(message), { status, headers: new Headers(headers), error });
}

describe('an error of a provider', () => {
  it('has the wait from its headers, for any fetch', () => {
    const headers = { get: (name: string) => (name === 'retry-after' ? '2' : null) };
    for (const own of [headers, new Headers({ 'retry-after': '2' })]) {
      const error = Object.assign(new Error('429'), { status: 429, headers: own, error: { message: 'Slow down.' } });

      expect(toProviderError(error, about)).toMatchObject({ code: 'rate-limit', retryAfterMs: 2000 });
    }
  });

  it.each<[string, number | undefined, unknown, string, boolean]>([
    ['a wrong key', 401, { message: 'Incorrect API key provided' }, 'auth', false],
    [
      'a wrong key at Google',
      400,
      [
        {
          error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' },
        },
      ],
      'auth',
      false,
    ],
    ['a forbidden model', 403, { message: 'Project does not have access to model' }, 'auth', false],
    [
      'a used-up quota',
      429,
      {
        message: 'You exceeded your current quota, please check your plan and billing details.',
        code: 'insufficient_quota',
      },
      'quota',
      false,
    ],
    [
      'no credit at Anthropic',
      400,
      {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message: 'Your credit balance is too low to access the Anthropic API.',
        },
      },
      'quota',
      false,
    ],
    ['a payment that is due', 402, { message: 'Payment Required' }, 'quota', false],
    ['too many requests', 429, { message: 'Rate limit reached' }, 'rate-limit', true],
    [
      'too many requests at Google',
      429,
      [
        {
          error: {
            code: 429,
            message: 'Resource has been exhausted (e.g. check quota).',
            status: 'RESOURCE_EXHAUSTED',
          },
        },
      ],
      'rate-limit',
      true,
    ],
    [
      'a long prompt at OpenAI',
      400,
      { message: "This model's maximum context length is 128000 tokens.", code: 'context_length_exceeded' },
      'context-length',
      false,
    ],
    [
      'a long prompt at Anthropic',
      400,
      { error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' } },
      'context-length',
      false,
    ],
    [
      'a long prompt at Gemini',
      400,
      { message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).' },
      'context-length',
      false,
    ],
    [
      'a long prompt at TGI',
      422,
      { error: 'Input validation error: `inputs` must have less than 4096 tokens. Given: 5000' },
      'context-length',
      false,
    ],
    [
      'a long prompt at llama.cpp',
      400,
      { message: 'the request exceeds the available context size', type: 'exceed_context_size_error' },
      'context-length',
      false,
    ],
    [
      'an unknown model at OpenAI',
      404,
      { message: 'The model `gpt-9.5` does not exist or you do not have access to it.', code: 'model_not_found' },
      'model-not-found',
      false,
    ],
    [
      'an unknown model at vLLM',
      404,
      { message: 'The model `llama-3.1-9b` does not exist.', type: 'NotFoundError', code: 404 },
      'model-not-found',
      false,
    ],
    [
      'an unknown model at Anthropic',
      404,
      { type: 'error', error: { type: 'not_found_error', message: 'model: claude-nope' } },
      'model-not-found',
      false,
    ],
    [
      'an unknown model at Ollama',
      404,
      { message: "model 'nope' not found", type: 'not_found_error' },
      'model-not-found',
      false,
    ],
    [
      'an unknown deployment at Azure',
      404,
      { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' },
      'model-not-found',
      false,
    ],
    [
      'a model of another API',
      404,
      { message: 'This is not a chat model and thus not supported in the v1/chat/completions endpoint.' },
      'model-not-found',
      false,
    ],
    ['a wrong address', 404, { message: 'Not Found' }, 'bad-request', false],
    [
      'a filtered prompt at Azure',
      400,
      { code: 'content_filter', message: 'The response was filtered due to the prompt' },
      'content-filter',
      false,
    ],
    [
      'a bad parameter',
      400,
      { message: "Unsupported value: 'temperature' does not support 0.2 with this model." },
      'bad-request',
      false,
    ],
    [
      'an overloaded server',
      529,
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      'server',
      true,
    ],
    [
      'a broken server that mentions the context length',
      500,
      { message: 'context length worker died' },
      'server',
      true,
    ],
    [
      'an overload reported in the stream',
      undefined,
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      'server',
      true,
    ],
    [
      'a limit reported in the stream',
      undefined,
      { message: 'slow down', code: 'rate_limit_exceeded' },
      'rate-limit',
      true,
    ],
    ['a redirect', 302, undefined, 'bad-response', false],
  ])('for %s has its own code', (_, status, error, code, retryable) => {
    expect(toProviderError(apiError(status, error), about)).toMatchObject({ name: 'ProviderError', code, retryable });
  });

  it('always has a next step, and names the connection', () => {
    for (const status of [302, 400, 401, 402, 403, 404, 408, 413, 429, 500, 503]) {
      const error = toProviderError(apiError(status, { message: 'x' }), about);
      expect(error.hint, String(status)).toMatch(/^[A-Z'].{10,}/);
      expect(error.message).toContain('acme');
    }
  });

  it('never shows the key, however the provider repeats it', () => {
    const echoes = [KEY, `Bearer ${KEY}`, encodeURIComponent(KEY), Buffer.from(`user:${KEY}`).toString('base64')];
    for (const echo of echoes) {
      const error = toProviderError(apiError(401, { message: `wrong key ${echo}!` }), about);
      expect(error.message).not.toContain(echo);
    }
  });

  it('keeps the wait that the provider asks for', () => {
    expect(toProviderError(apiError(429, { message: 'x' }, { 'retry-after': '12' }), about).retryAfterMs).toBe(12_000);
    const google = [
      {
        error: { message: 'x', details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '31s' }] },
      },
    ];
    expect(toProviderError(apiError(429, google), about).retryAfterMs).toBe(31_000);
  });

  it('is not retried if the provider says so', () => {
    expect(toProviderError(apiError(500, { message: 'x' }, { 'x-should-retry': 'false' }), about).retryable).toBe(
      false,
    );
  });

  it('does not include a web page in its message', () => {
    const error = toProviderError(apiError(502, '<!DOCTYPE html><html>Bad gateway</html>'), about);

    expect(error.message).toBe('acme (502): HTTP 502 without an explanation.');
  });

  it('shortens very long explanations', () => {
    expect(toProviderError(apiError(400, { message: 'x'.repeat(10_000) }), about).message.length).toBeLessThan(700);
  });

  it.each([
    ['ENOTFOUND', 'dns', false, undefined],
    ['EAI_AGAIN', 'dns', true, undefined],
    ['ECONNREFUSED', 'network', true, 'refused'],
    ['ECONNRESET', 'network', true, 'lost'],
    ['EHOSTUNREACH', 'network', true, 'no-route'],
    ['CERT_HAS_EXPIRED', 'tls', false, undefined],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', false, undefined],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', true, 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout', true, undefined],
  ])('finds %s below "fetch failed" and names the host', (code, expected, retryable, connectionFailure) => {
    const cause = Object.assign(new Error(`${code} api.acme.test`), { code });
    const error = toProviderError(
      new Error('Connection error.', { cause: new TypeError('fetch failed', { cause }) }),
      about,
    );

    expect(error).toMatchObject({ code: expected, retryable, message: expect.stringContaining('api.acme.test') });
    expect(toErrorInfo(error).connectionFailure).toBe(connectionFailure);
  });

  it('says once that a connection failed if nothing more is known', () => {
    for (const SdkError of [OpenAI.APIConnectionError, Anthropic.APIConnectionError]) {
      const error = toProviderError(new SdkError({ cause: new Error('bad port') }), about);
      const message = 'acme: the connection failed.';
      expect(error).toMatchObject({ code: 'network', connectionFailure: 'unexplained', retryable: true, message });
    }
    const lost = toProviderError(new TypeError('terminated'), about);
    expect(lost).toMatchObject({
      code: 'network',
      retryable: true,
      message: 'acme: the connection failed: terminated',
    });
  });
});
