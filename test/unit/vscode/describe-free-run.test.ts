import { expect, test } from 'vitest';
import type { EvalSpec } from '../../../src/core/evals/file/eval-spec.ts';
import { describeFreeRun } from '../../../src/vscode/evals/describe-plan.ts';

test('answers that are reused are no requests', () => {
  const textOf = (requests: number, cached: number | undefined) =>
    describeFreeRun({
      spec: { name: 'churn' } as EvalSpec,
      columns: [],
      counts: { cases: 48, requests, cached },
      estimate: { usd: undefined, ceilingUsd: undefined, simulated: true },
      providers: [],
      notices: [],
    });
  expect(textOf(96, undefined)).toBe('churn: 96 requests to demo models. Nothing is sent, and nobody pays.');
  expect(textOf(96, 95)).toMatch(/^churn: 1 request to demo models, 95 stored answers reused\./);
  expect(textOf(96, 96)).toMatch(/^churn: 0 requests to demo models, 96 stored answers reused\./);
  expect(textOf(0, undefined)).toMatch(/^churn: scoring 48 answers of the dataset\./);
});
