import { expect, test } from 'vitest';
import { exitCodeOfError, exitCodeOfRuns } from '../../../src/cli/exit-codes.ts';
import { ERROR_KINDS, type ErrorCode } from '../../../src/core/base/error-kinds.ts';
import { ProviderError, UserError } from '../../../src/core/base/errors.ts';
import type { RunResult } from '../../../src/core/runs/events.ts';

/** Scripts rely on this: a code keeps its exit code. */
const TABLE: readonly (readonly [number, string])[] = [
  [
    2,
    'usage untrusted no-folder invalid-prompt invalid-input invalid-evaluation no-cases duplicate-case-id missing-column wrong-type no-common-cases unknown-price unknown-result unchanged evaluation-running render-limit invalid-connection unknown-connection unknown-model missing-key key-origin budget store-newer store-foreign store-link git git-missing git-old no-repository unsafe-repository index-locked operation-under-way nothing-to-save staged-differs not-saved no-identity hook-failed sign-failed name-clash ref-clash label-moved unknown-version not-in-version outside-workspace unreadable-file',
  ],
  [
    3,
    'auth rate-limit quota context-length model-not-found bad-request server network dns tls timeout stream-cut bad-response content-filter git-timeout remote-rejected remote',
  ],
  [4, 'output store internal'],
  [130, 'cancelled'],
];

const rows = TABLE.flatMap(([exit, codes]) => codes.split(' ').map((code) => ({ code: code as ErrorCode, exit })));

test('the table contains every code', () => {
  expect(rows.map(({ code }) => code).sort()).toEqual(Object.keys(ERROR_KINDS).sort());
});

test.each(rows)('an error $code exits with $exit', ({ code, exit }) => {
  expect(exitCodeOfError(new UserError('It failed.', { code }))).toBe(exit);
});

test.each(rows)('a run that failed with $code has the exit code of its kind', ({ code, exit }) => {
  const failed = { error: { code, message: 'It failed.' } } as RunResult;
  // a single run can be cancelled without cancelling the command
  expect(exitCodeOfRuns([failed], false)).toBe(code === 'cancelled' ? 3 : exit);
});

test('any response of a provider counts as the provider’s failure', () => {
  expect(exitCodeOfError(new ProviderError('It failed.', { code: 'missing-key', retryable: false }))).toBe(3);
});

test('the worst of several runs counts', () => {
  const runs = (...codes: ErrorCode[]) => codes.map((code) => ({ error: { code, message: '' } }) as RunResult);
  expect(exitCodeOfRuns(runs('usage', 'server'), false)).toBe(3);
  expect(exitCodeOfRuns(runs('server', 'store', 'usage'), false)).toBe(4);
  expect(exitCodeOfRuns(runs('server'), true)).toBe(130);
});
