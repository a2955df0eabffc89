import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../../src/core/base/errors.ts';
import type { Connection } from '../../../src/core/models/connection.ts';
import type { Access } from '../../../src/core/models/connections/access.ts';
import { createConnectionStates } from '../../../src/core/models/connections/connection-states.ts';

const GRANTED: Access = { kind: 'granted', apiKey: 'k', headers: {}, secrets: [] };
const local: Connection = {
  id: 'local',
  type: 'openai-compatible',
  source: 'workspace',
  baseUrl: 'http://127.0.0.1:9/v1',
  headers: {},
};
const failure = (code: ProviderError['code'], status?: number) =>
  new ProviderError(`It failed: ${code}.`, { code, retryable: false, ...(status === undefined ? {} : { status }) });
const statesAt = (time = { now: 1000 }) => ({ states: createConnectionStates(() => time.now), time });

describe('a failed request to one model', () => {
  test.each([
    failure('server', 500),
    failure('server', 503),
    failure('model-not-found', 404),
    failure('bad-request', 404),
    failure('rate-limit', 429),
    failure('quota', 429),
    failure('auth', 403),
    failure('bad-response'),
    failure('timeout'),
    failure('stream-cut'),
  ])('marks only that model: $code $status', (error) => {
    const { states } = statesAt();
    states.failed(local, error, 'a');
    expect(states.of(local, GRANTED)).toEqual({ kind: 'unknown' });
    expect(states.failureOf(local, 'a')).toMatchObject({ error: { code: error.code }, at: 1000 });
    expect(states.failureOf(local, 'b')).toBeUndefined();
  });

  test.each([
    failure('auth', 401),
    failure('network'),
    failure('dns'),
    failure('tls'),
    new ProviderError('It took too long.', { code: 'timeout', connectionFailure: 'timeout', retryable: true }),
  ])('marks the whole connection if no other model would answer: $code $status', (error) => {
    const { states } = statesAt();
    states.failed(local, error, 'a');
    expect(states.of(local, GRANTED)).toMatchObject({
      kind: 'unreachable',
      checkedAt: 1000,
      error: { code: error.code },
    });
    expect(states.failureOf(local, 'a')).toBeUndefined();
  });

  test.each([failure('bad-request', 400), failure('context-length', 400), failure('content-filter', 400)])(
    'marks nothing if it is about the request: $code',
    (error) => {
      const { states } = statesAt();
      states.failed(local, error, 'a');
      expect(states.of(local, GRANTED)).toEqual({ kind: 'unknown' });
      expect(states.failureOf(local, 'a')).toBeUndefined();
    },
  );
});

test('an answer clears the marks of its model and connection, but not those of other models', () => {
  const { states, time } = statesAt();
  states.failed(local, failure('server', 500), 'a');
  states.failed(local, failure('server', 500), 'b');
  states.failed(local, failure('network'), 'a');
  time.now = 2000;
  states.succeeded(local, 'a');
  expect(states.of(local, GRANTED)).toEqual({ kind: 'ready', checkedAt: 2000 });
  expect(states.failureOf(local, 'a')).toBeUndefined();
  expect(states.failureOf(local, 'b')).toMatchObject({ error: { code: 'server' }, at: 1000 });
});

test('a failed list marks the connection, and a successful one does not affect models', () => {
  const { states } = statesAt();
  states.failed(local, failure('server', 500), 'a');
  states.failed(local, failure('server', 500));
  expect(states.of(local, GRANTED)).toMatchObject({ kind: 'unreachable', error: { code: 'server' } });
  states.succeeded(local);
  expect(states.of(local, GRANTED)).toMatchObject({ kind: 'ready' });
  expect(states.failureOf(local, 'a')).toBeDefined();
});

test('a changed declaration or a new key clears all marks', () => {
  const { states } = statesAt();
  states.failed(local, failure('server', 500), 'a');
  expect(states.failureOf({ ...local, baseUrl: 'http://127.0.0.1:10/v1' }, 'a')).toBeUndefined();
  states.forget('local');
  expect(states.failureOf(local, 'a')).toBeUndefined();
});
