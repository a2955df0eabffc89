import { describe, expect, it } from 'vitest';
import { emptySummary } from '../../../src/core/store/runs/content-results.ts';
import type { AnswerGroup } from '../../../src/core/store/runs/run-record.ts';
import type { VersionResults } from '../../../src/core/versions/results/read-results.ts';
import { meanCostText } from '../../../src/core/versions/results/result-figures.ts';
import { formatUsd } from '../../../src/shared/format.ts';

const group = (model: string, usd: number, count: number): AnswerGroup => ({
  model,
  simulated: model.startsWith('demo/'),
  input: 'a',
  schema: { checked: 0, valid: 0 },
  ratings: { up: 0, down: 0 },
  cost: { usd, count },
  latency: { ms: 0, count: 0 },
});

/** Results with the sums of these groups; `kept` are the groups that are still known. */
function results(groups: AnswerGroup[], kept: AnswerGroup[] | undefined = groups): VersionResults {
  const sum = (of: readonly AnswerGroup[], pick: (one: AnswerGroup) => number) =>
    of.reduce((total, one) => total + pick(one), 0);
  const { groups: _none, ...empty } = emptySummary('0'.repeat(64));
  const count = sum(groups, ({ cost }) => cost.count);
  const demos = groups.filter(({ model }) => model.startsWith('demo/'));
  const summary = {
    ...empty,
    done: count,
    demo: sum(demos, ({ cost }) => cost.count),
    models: [...new Set(groups.map(({ model }) => model))],
    cost: { usd: sum(groups, ({ cost }) => cost.usd), count },
    ...(kept ? { groups: kept } : {}),
  };
  return { contentHash: summary.contentHash, summary, recorders: 1, pending: false };
}

describe('the mean cost of an answer', () => {
  const real = group('openai/gpt', 0.5, 2);
  const demo = group('demo/swift', 0.4, 4);
  const text = (of: VersionResults | undefined) => meanCostText(of, formatUsd);

  it('is one figure if all answers were paid for', () => expect(text(results([real]))).toBe('$0.25'));
  it('is marked if none were', () => expect(text(results([demo]))).toBe('$0.10 (simulated)'));
  it('is separate if both are included', () => expect(text(results([real, demo]))).toBe('$0.25, $0.10 simulated'));

  it('is labeled if it is unknown which answers cost what', () => {
    expect(text(results([real, demo], [real]))).toBe('$0.15 (partly simulated)');
    const { groups: _none, ...older } = results([real, demo]).summary;
    expect(text({ ...results([real, demo]), summary: older })).toBe('$0.15 (partly simulated)');
    const unmarked = [real, demo].map((one) => ({ ...one, simulated: undefined }));
    expect(text(results(unmarked))).toBe('$0.15 (partly simulated)');
  });

  it('is unknown without results or without a cost', () => {
    expect(text(undefined)).toBeUndefined();
    expect(text(results([group('openai/gpt', 0, 0)]))).toBeUndefined();
  });
});
