import { describe, expect, test } from 'vitest';
import type { ErrorInfo } from '../../../src/core/base/errors.ts';
import type { ConnectionInfo } from '../../../src/core/models/models.ts';
import {
  describeConnection,
  describeModelFailure,
  describeState,
  stateIcon,
} from '../../../src/vscode/models/describe-connections.ts';

const NOW = new Date(2026, 10, 29, 12, 0).getTime();
const AT = new Date(2026, 10, 29, 11, 54).getTime();
const TIME = new Date(AT).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
const EARLIER = new Date(2026, 10, 28, 9, 0).getTime();
const DAY = new Date(EARLIER).toLocaleDateString(undefined, { month: 'short', day: 'numeric' });

function info(changes: Partial<ConnectionInfo>, type: ConnectionInfo['connection']['type'] = 'openai'): ConnectionInfo {
  const connection = { id: 'local', type, source: 'workspace' as const, headers: {} };
  return { connection, state: { kind: 'unknown' }, keyRequired: false, hasKey: false, ...changes };
}
const unreachable = (error: Partial<ErrorInfo>): ConnectionInfo =>
  info({
    state: { kind: 'unreachable', error: { code: 'network', message: 'local: It failed.', ...error }, checkedAt: AT },
  });

describe('a collapsed connection', () => {
  test('shows what is known without a request', () => {
    expect(describeConnection(info({}), NOW)).toBe('not tested');
    expect(describeConnection(info({ hasKey: true, keyRequired: true }), NOW)).toBe('key set · not tested');
    expect(describeConnection(info({ state: { kind: 'no-key' } }), NOW)).toBe('no key');
    const listed = { models: 12, at: EARLIER };
    expect(describeConnection(info({ hasKey: true, listed }), NOW)).toBe(`key set · 12 models · ${DAY}`);
    const state = { kind: 'ready', checkedAt: AT } as const;
    expect(describeConnection(info({ state, listed: { models: 1, at: AT } }), NOW)).toBe(`ready · 1 model · ${TIME}`);
  });

  test('of VS Code is not ready if no extension provides a model', () => {
    const state = { kind: 'ready' } as const;
    expect(describeConnection(info({ state }, 'vscode'), NOW)).toBe('not listed yet');
    expect(describeConnection(info({ state, listed: { models: 0, at: AT } }, 'vscode'), NOW)).toBe('no models');
    expect(describeState(info({ state, listed: { models: 2, at: AT } }, 'vscode'))).toBe('2 models');
  });

  test.each<[Partial<ErrorInfo>, string]>([
    [{ connectionFailure: 'refused' }, 'unreachable: connection refused'],
    [
      { code: 'dns', message: 'local: The name of x could not be resolved (ENOTFOUND).' },
      'unreachable: name not found',
    ],
    [{ code: 'timeout' }, 'unreachable: timed out'],
    [{ code: 'tls' }, 'unreachable: secure connection failed'],
    [{ connectionFailure: 'unexplained' }, 'unreachable: no connection'],
    [{ message: 'local: Something else broke.' }, 'unreachable: Something else broke'],
    [{ code: 'server', status: 503 }, 'failed: HTTP 503'],
    [{ code: 'bad-response' }, 'failed: unexpected response'],
  ])('that failed shows the reason briefly, and when', (error, words) => {
    expect(describeConnection(unreachable(error), NOW)).toBe(`${words} · ${TIME}`);
  });

  test('with a rejected key says so', () => {
    const refused = unreachable({ code: 'auth', status: 401 });
    expect(describeConnection({ ...refused, hasKey: true }, NOW)).toBe(`key rejected · ${TIME}`);
    expect(describeState(refused)).toBe('key needed');
  });

  test('has an icon for a missing sign-in, and one for a rejected key', () => {
    const refused = unreachable({ code: 'auth', status: 401 });
    expect(stateIcon(refused).icon).toBe('key');
    expect(stateIcon({ ...refused, hasKey: true }).icon).toBe('error');
    expect(stateIcon(info({ state: { kind: 'ready' } }, 'vscode')).icon).toBe('circle-outline');
  });
});

test('shows a mark for a model that failed', () => {
  const error = (code: ErrorInfo['code'], status: number) => ({ error: { code, status, message: 'No.' }, at: AT });
  expect(describeModelFailure(error('server', 500), NOW)).toBe(`failed: HTTP 500 · ${TIME}`);
  expect(describeModelFailure(error('model-not-found', 404), NOW)).toBe(`failed: not found (HTTP 404) · ${TIME}`);
  expect(describeModelFailure(error('rate-limit', 429), NOW)).toBe(`failed: rate limit (HTTP 429) · ${TIME}`);
});
