import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect } from 'vitest';
import type { Workspace } from './cli.ts';

export const FILE = 'evals/plan.eval.yaml';

const schema = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../media/schemas/evaluation-result.schema.json', import.meta.url)), 'utf8'),
) as object;
const isResult = new Ajv({ allErrors: true, strict: false }).compile(schema);

/** A result as `--format json` prints it, as far as tests read it. */
export interface JsonResult {
  id: string;
  file: string;
  state: string;
  simulated: boolean;
  columns: { prompt: string; version: string | null; model: string; baseline: boolean }[];
  cases: {
    id: string;
    inputs: Record<string, unknown>;
    cells: {
      column: number;
      repeat: number;
      state: string;
      output: string;
      cached: boolean;
      costUsd: number | null;
      scores: { metric: string; value: number | null; passed: boolean | null }[];
      error: { code: string; message: string } | null;
    }[];
  }[];
  metrics: { metric: string; column: number; mean: number | null; baseline: { verdict: string } | null }[];
  gates: { gate: string; passed: boolean | null; reason: string }[];
  totals: { costUsd: number | null; errors: number };
}

/** Fails unless the text is a result in its documented form. */
export function readResult(stdout: string): JsonResult {
  const value: unknown = JSON.parse(stdout);
  isResult(value);
  expect(isResult.errors ?? []).toEqual([]);
  return value as JsonResult;
}

interface EvalFiles {
  model?: string;
  /** The text of the prompt, which the echo model returns. */
  body?: string;
  cases?: readonly object[];
  /** Further lines of the evaluation. */
  more?: string;
  metrics?: string;
}

/** Every second plan is Gold. */
export const CASES = ['Gold', 'Basic', 'Gold', 'Silver', 'Gold', 'Free'].map((plan, index) => {
  return { id: `c${index + 1}`, plan, expected: `The plan is ${plan}.` };
});

/** An evaluation with its prompt and its dataset, without a key; returns the path of the evaluation. */
export function writeEvaluation(
  { write, folder }: Pick<Workspace, 'write' | 'folder'>,
  {
    model = 'demo/echo',
    body = 'The plan is {{plan}}.',
    cases = CASES,
    metrics = '[equals, { metric: contains, value: Gold }]',
    more = '',
  }: EvalFiles = {},
): string {
  write('prompts/plan.prompt', `---\nmodel: ${model}\ninput:\n  schema:\n    plan: string\n---\n${body}\n`);
  write('data/plans.jsonl', cases.map((row) => `${JSON.stringify(row)}\n`).join(''));
  write(FILE, `prompts: [../prompts/plan.prompt]\ndataset: ../data/plans.jsonl\nmetrics: ${metrics}\n${more}`);
  return path.join(folder, FILE);
}
