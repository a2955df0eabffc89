import { describe, expect, it, vi } from 'vitest';
import { createAsker } from '../../../src/core/runs/asker.ts';
import { createBench, createSpec, finish, type Step, text, usage } from './fixtures.ts';

/** What one request costs, and how often the input was counted by us. */
async function ask(steps: Step[], settings: { budgetPerRunUsd?: number } = {}) {
  const bench = createBench({ 'model-a': steps });
  Object.assign(bench.settings, settings);
  const estimateInput = vi.fn(bench.deps.estimateInput);
  const asker = createAsker({ ...bench.deps, estimateInput });
  const { figures, error } = await asker.ask(createSpec(), { signal: new AbortController().signal });
  return { figures, error, counts: estimateInput.mock.calls.length, requests: bench.requests.length };
}

describe('requests that are recorded elsewhere', () => {
  it('have the tokens that the provider reports, which are not counted again', async () => {
    const { figures, counts } = await ask([text('Hello'), usage(7, 3), finish]);
    expect(figures).toMatchObject({ usage: { inputTokens: 7, outputTokens: 3 }, usageEstimated: false });
    expect(counts).toBe(0);
  });

  it('are counted after the answer if the provider reports nothing', async () => {
    const { figures, counts } = await ask([text('Hello'), finish]);
    expect(figures).toMatchObject({ usage: { inputTokens: 10, outputTokens: 2 }, usageEstimated: true });
    expect(figures.cost.totalUsd).toBe(14);
    expect(counts).toBe(1);
  });

  it('are counted before they are sent if a limit depends on it', async () => {
    const { error, counts, requests } = await ask([text('Hello'), usage(7, 3), finish], { budgetPerRunUsd: 1 });
    expect(error).toMatchObject({ code: 'budget' });
    expect([counts, requests]).toEqual([1, 0]);
  });
});
