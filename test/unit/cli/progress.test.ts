import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CommandContext } from '../../../src/cli/context.ts';
import { withProgress } from '../../../src/cli/progress.ts';

const CLEAR_LINE = '\r\u001b[2K';
let written: string[];

beforeEach(() => {
  written = [];
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1000;
    return now;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  // a pseudo-terminal without a size
  Object.defineProperty(process.stderr, 'columns', { value: 0, configurable: true });
});
afterEach(() => vi.restoreAllMocks());

function contextOf({ errIsTty, signal = new AbortController().signal }: { errIsTty: boolean; signal?: AbortSignal }) {
  return { terminal: { errIsTty }, interrupt: { signal } } as unknown as CommandContext;
}

it('shows the progress, and clears the line at the end', async () => {
  const work = async ({ report }: { report(progress: { done: number; total: number }): void }) => {
    report({ done: 3, total: 12 });
    return 'compared';
  };
  expect(await withProgress('Comparing prompts', work, contextOf({ errIsTty: true }))).toBe('compared');
  expect(written).toEqual([`${CLEAR_LINE}Comparing prompts: 3 of 12`, CLEAR_LINE]);
  written = [];
  expect(await withProgress('Comparing prompts', work, contextOf({ errIsTty: false }))).toBe('compared');
  expect(written).toEqual([]);
});

it('rejects if the work does, and is cancelled by an interrupt', async () => {
  const control = new AbortController();
  const work = ({ signal }: { signal: AbortSignal }) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const running = withProgress('Comparing prompts', work, contextOf({ errIsTty: true, signal: control.signal }));
  control.abort(new Error('interrupted'));
  await expect(running).rejects.toThrow('interrupted');
});
