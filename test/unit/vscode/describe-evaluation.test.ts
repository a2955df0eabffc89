import { describe, expect, it } from 'vitest';
import type { EvalSpec } from '../../../src/core/evals/file/eval-spec.ts';
import type { EvalListed, Verdict } from '../../../src/core/store/evals/eval-record.ts';
import {
  evaluationInWords,
  evaluationTable,
  shortEvaluation,
} from '../../../src/core/versions/results/describe-evaluations.ts';
import type { EvalNote } from '../../../src/core/versions/results/eval-notes.ts';
import { caseLabel } from '../../../src/shared/case-label.ts';
import { describeContinuation, describePlan } from '../../../src/vscode/evals/describe-plan.ts';
import { describeResult, resultAriaLabel } from '../../../src/vscode/evals/describe-result.ts';
import { recordOf } from '../../bed/evaluation-record.ts';

const result = (changes: Partial<EvalListed> = {}): EvalListed => ({
  ...recordOf('/w', { cases: 200, repeats: 1 }),
  bytes: 1000,
  counts: { cases: 200, cells: 400, passed: 380, failed: 20, errors: 0, cached: 0 },
  totals: { costUsd: 0.38, inputTokens: 1000, outputTokens: 500 },
  ...changes,
});
const withVerdicts = (...verdicts: Verdict[]) => {
  const { summary } = result();
  const [metric] = summary?.metrics ?? [];
  if (!metric?.baseline) throw new Error('The record has no comparison.');
  const { baseline } = metric;
  return {
    metrics: verdicts.map((verdict) => ({ ...metric, baseline: { ...baseline, verdict } })),
    gates: [],
    unmatched: undefined,
  };
};

describe('the row of a result', () => {
  it('begins with the verdict, then has score, cost and age', () => {
    expect(describeResult(result({ summary: withVerdicts('worse', 'no-change-shown') }), '2 h')).toMatch(
      /^▼ worse · 0\.84 · \$0\.38 sim\. · 2 h$/,
    );
    expect(describeResult(result({ summary: withVerdicts('better', 'worse') }), 'now')).toMatch(/^▲▼ mixed/);
    expect(describeResult(result({ summary: withVerdicts('too-few-cases') }), 'now')).toMatch(/^too few cases/);
  });

  it('has a failed gate before everything else', () => {
    const gates = [{ gate: 'equals>=0.8', passed: false, reason: '' }];
    expect(describeResult(result({ summary: { ...withVerdicts('better'), gates } }), 'now')).toMatch(/^gate failed/);
  });

  it('shows progress while it runs, and why it ended early', () => {
    const counts = { cases: 200, cells: 400, passed: 90, failed: 10, errors: 2, cached: 0 };
    expect(describeResult(result({ state: 'running', counts }), 'now')).toMatch(/^102 of 400 · 2 errors/);
    expect(describeResult(result({ state: 'budget', counts }), 'now')).toMatch(/^stopped by the budget/);
  });

  it('has no zero for an unknown cost', () => {
    const totals = { costUsd: undefined, inputTokens: undefined, outputTokens: undefined };
    expect(describeResult(result({ totals }), 'now')).toContain('—');
  });

  it('is spoken without symbols', () => {
    const spoken = resultAriaLabel(result({ summary: withVerdicts('worse'), isPinned: true }), '2 hours ago');
    expect(spoken).toContain('worse than the baseline');
    expect(spoken).toContain('pinned, 2 hours ago');
    expect(spoken).not.toMatch(/[▲▼]/);
  });
});

describe('a case', () => {
  it('is called by its written ID, or else by its inputs', () => {
    expect(caseLabel({ id: 'gold-7', inputs: { age: 4 }, messages: undefined })).toBe('gold-7');
    expect(caseLabel({ id: '0a1b2c3d4e5f6071#2', inputs: { age: 4, plan: 'Gold' }, messages: undefined })).toBe(
      'age 4, plan Gold',
    );
  });
});

describe('the confirmation of a run', () => {
  const plan = {
    spec: { name: 'churn', repeats: 3, budgetUsd: undefined } as never,
    columns: result().columns,
    counts: { cases: 200, requests: 1200, cached: 400 },
    estimate: { usd: 0.38, ceilingUsd: 2.5, simulated: false },
    providers: ['openai (https://api.openai.com)', 'local (http://127.0.0.1:8000)'],
    notices: ['2 rows have the same inputs.'],
  };

  it('names everyone who receives data, and the estimated cost', () => {
    const { question, details, isNeeded } = describePlan(plan);
    const detail = details.join('\n');
    expect(isNeeded).toBe(true);
    expect(question).toBe('Run churn on 200 cases?');
    expect(detail).toContain('Data is sent to openai (https://api.openai.com) and local (http://127.0.0.1:8000).');
    expect(detail).toContain('Estimated cost: ≈$0.38, at most $2.50 with the longest answers.');
    expect(detail).toContain(
      '800 requests: 200 cases, 2 columns, 3 repeats, without 400 stored answers that are reused.',
    );
    expect(detail).toContain('2 rows have the same inputs.');
  });

  it('says so if it is not known which of many requests are equal or answered already', () => {
    const counts = { ...plan.counts, cached: undefined };
    const detailOf = (cache: 'off' | 'read' | 'refresh') =>
      describePlan({ ...plan, spec: { ...(plan.spec as EvalSpec), cache }, counts }).details[0];
    const requests = '1,200 requests: 200 cases, 2 columns, 3 repeats';
    expect(detailOf('read')).toBe(`Up to ${requests}; stored answers are reused, and equal requests are sent once.`);
    expect(detailOf('refresh')).toBe(`Up to ${requests}; equal requests are sent once.`);
    expect(detailOf('off')).toBe(`${requests}.`);
  });

  it('is not needed for demo models, and says that nothing is sent', () => {
    const { details, isNeeded } = describePlan({
      ...plan,
      providers: [],
      estimate: { ...plan.estimate, simulated: true },
    });
    expect(isNeeded).toBe(false);
    expect(details.join('\n')).toContain('Nothing is sent');
    const { details: none } = describePlan({ ...plan, counts: { ...plan.counts, cached: 1200 } });
    expect(none[0]).toBe('No requests: 200 cases, 2 columns, 3 repeats, 1,200 stored answers are reused.');
  });

  it('says that the cost is unknown instead of 0', () => {
    const unknown = { usd: undefined, ceilingUsd: undefined, simulated: false };
    const detail = describePlan({ ...plan, estimate: unknown }).details.join('\n');
    expect(detail).toContain('The cost is unknown');
    expect(detail).not.toContain('$0');
  });

  it('is asked again before a result is continued, with the same receivers and cost', () => {
    const resume = { requests: 200, estimate: plan.estimate, providers: plan.providers };
    const { question, details, isNeeded } = describeContinuation({ name: 'churn', verb: 'Resume', plan: resume });
    expect(isNeeded).toBe(true);
    expect(question).toBe('Resume churn?');
    expect(details).toEqual([
      'Up to 200 requests.',
      'Data is sent to openai (https://api.openai.com) and local (http://127.0.0.1:8000).',
      'Estimated cost: ≈$0.38, at most $2.50 with the longest answers.',
    ]);
  });
});

describe('the score of a version', () => {
  const note = (changes: Partial<EvalNote> = {}): EvalNote => ({
    time: '2026-11-20T10:00:00.000Z',
    v: 1,
    content: 'ab'.repeat(32),
    evaluation: 'churn',
    by: 'Ada',
    recorder: 'r',
    cases: 24,
    repeats: 1,
    models: [
      {
        model: 'demo/swift',
        simulated: true,
        score: 0.84,
        metrics: [
          {
            metric: 'equals',
            direction: 'higher',
            mean: 0.84,
            interval: [0.79, 0.88],
            n: 24,
            change: { difference: -0.07, p: 0.01, verdict: 'worse' },
          },
        ],
      },
    ],
    ...changes,
  });

  it('has its interval and an arrow for a change that was shown', () => {
    expect(shortEvaluation([note()])).toBe('0.84 (0.79–0.88) ▼');
    expect(evaluationInWords([note()])).toBe('score 0.84 (0.79–0.88) in churn, worse than its baseline');
  });

  it('is that of the newest evaluation', () => {
    const older = note({ time: '2026-11-19T10:00:00.000Z', evaluation: 'old', models: [] });
    expect(shortEvaluation([older, note()])).toBe('0.84 (0.79–0.88) ▼');
  });

  it('is left out if there is none', () => {
    expect(shortEvaluation(undefined)).toBeUndefined();
    expect(shortEvaluation([note({ models: [] })])).toBeUndefined();
  });

  it('has every metric in the tooltip', () => {
    expect(evaluationTable([note()])).toEqual([
      ['churn, demo/swift', 'score 0.84, 24 cases, demo model, by Ada'],
      ['equals', '0.84 (0.79 to 0.88), −0.07, worse, p 0.01'],
    ]);
  });
});
