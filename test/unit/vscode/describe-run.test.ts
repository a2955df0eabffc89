import { describe, expect, test } from 'vitest';
import type { RunSummary } from '../../../src/core/store/runs/run-record.ts';
import { describeRun, runAriaLabel } from '../../../src/vscode/runs/describe-run.ts';

const run = (changes: Partial<RunSummary>): RunSummary =>
  ({
    id: 'r',
    promptName: 'prompts/churn',
    model: 'demo/balanced',
    simulated: true,
    state: 'done',
    startedAt: new Date(2026, 10, 29, 11, 54).getTime(),
    elapsedMs: 2640,
    costUsd: 0.00087,
    text: '',
    ...changes,
  }) as RunSummary;

describe('a row of the run history', () => {
  test('starts with the cost of the run, then its model', () => {
    expect(describeRun(run({}))).toMatch(/^\$0\.00087 sim\. · balanced · 2\.64 s · \d/);
    expect(describeRun(run({ model: 'openai/gpt-6', simulated: false, rating: 'up' }))).toMatch(
      /^\+1 · \$0\.00087 · gpt-6 · /,
    );
    expect(describeRun(run({ costUsd: undefined }))).toMatch(/^— · balanced · /);
  });

  test('starts with the reason if the run failed', () => {
    const error = { code: 'server' as const, message: 'local: The server failed.', status: 500 };
    const failed = run({ state: 'failed', error, costUsd: undefined, elapsedMs: undefined, model: 'local/echo-1' });
    expect(describeRun(failed)).toMatch(/^HTTP 500 · echo-1 · \d/);
  });

  test('is read out completely', () => {
    expect(runAriaLabel(run({ rating: 'down' }))).toMatch(
      /^prompts\/churn, done, demo\/balanced · [^·]+ · 2\.64 s · \$0\.00087 \(simulated\) · thumbs down$/,
    );
  });
});
