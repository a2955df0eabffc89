import { expect, test } from 'vitest';
import { mergeLogs } from '../../../src/core/versions/merge-logs.ts';
import type { FileLog, LogEntry } from '../../../src/core/versions/prompt-log.ts';

function log(complete: boolean, ...commits: [commit: string, at: number][]): FileLog {
  const entries = commits.map(([commit, committedAt]) => ({ commit, committedAt, changes: [] }) as unknown as LogEntry);
  return { entries, complete };
}

const never = async (): Promise<boolean> => {
  throw new Error('git is not asked');
};
const order = async (prompt: FileLog, partials: FileLog) => {
  const { entries, complete } = await mergeLogs(prompt, partials, never);
  return { commits: entries.map(({ commit }) => commit), complete };
};

test('commits that both logs have are told although none of a partial alone was reached yet', async () => {
  const prompt = log(false, ['d', 4], ['c', 3], ['b', 2]);
  expect(await order(prompt, log(false, ['d', 4], ['c', 3]))).toEqual({ commits: ['d', 'c'], complete: false });
});

test('commits of one second stand as git has them, however the log was cut', async () => {
  const prompt = log(true, ['c', 3], ['a', 3]);
  const partials = log(true, ['c', 3], ['partial', 3], ['a', 3]);
  expect(await order(prompt, partials)).toEqual({ commits: ['c', 'partial', 'a'], complete: true });
});
