import { describe, expect, it } from 'vitest';
import type { AnswerGroup, ContentSummary } from '../../../src/core/store/runs/run-record.ts';
import type { PromptVersion } from '../../../src/core/versions/history/prompt-version.ts';
import type { VersionResults } from '../../../src/core/versions/results/read-results.ts';
import { amountChange, versionName } from '../../../src/core/versions/results/result-figures.ts';
import { ageInWords, ageOf } from '../../../src/shared/age.ts';
import {
  costChangeOf,
  describeResults,
  describeVersion,
  describeWorking,
  resultTable,
  sortFigure,
  versionAriaLabel,
} from '../../../src/vscode/prompts/describe-version.ts';
import { UNKNOWN_STATUS } from '../../../src/vscode/prompts/prompt-tree.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const HOUR = 3_600_000;

function version(changes: Partial<PromptVersion> = {}): PromptVersion {
  return {
    commit: 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334',
    shortCommit: 'a1b2c3d',
    path: 'prompts/churn.prompt',
    blob: 'b',
    contentHash: 'c',
    author: { name: 'Ada', email: 'ada@example.com' },
    authoredAt: NOW - 50 * HOUR,
    committedAt: NOW - 50 * HOUR,
    subject: 'Lower the temperature',
    changed: { prompt: true, partials: [], renamedFrom: undefined },
    savedAs: [],
    labels: [],
    ...changes,
  };
}

function results(changes: Partial<ContentSummary> = {}): VersionResults {
  const summary: ContentSummary = {
    contentHash: 'c',
    done: 4,
    failed: 0,
    demo: 0,
    models: ['openai/gpt-6'],
    schema: { checked: 0, valid: 0 },
    ratings: { up: 0, down: 0 },
    cost: { usd: 0, count: 0 },
    latency: { ms: 0, count: 0 },
    firstAt: NOW,
    lastAt: NOW,
    ...changes,
  };
  return { contentHash: 'c', summary, recorders: 1, pending: false };
}

const group = (model: string, input: string, usd: number): AnswerGroup => ({
  model,
  simulated: false,
  input,
  schema: { checked: 0, valid: 0 },
  ratings: { up: 0, down: 0 },
  cost: { usd, count: 1 },
  latency: { ms: 0, count: 0 },
});
const of = (groups: AnswerGroup[]): VersionResults =>
  results({
    models: [...new Set(groups.map(({ model }) => model))].sort(),
    cost: { usd: groups.reduce((sum, one) => sum + one.cost.usd, 0), count: groups.length },
    groups,
  });
const cost = (usd: number) => of([group('openai/gpt-6', 'i', usd), group('openai/gpt-6', 'j', usd)]);
const saved = { savedAs: [{ tag: 'prompt/churn/v3', number: 3, commit: 'a1b2' }] };

describe('a row of a history', () => {
  it('is named after the newest tag that saved it, otherwise its short hash', () => {
    expect(versionName(version())).toBe('a1b2c3d');
    const two = { savedAs: [...saved.savedAs, { tag: 'prompt/churn/v5', number: 5, commit: 'a1b2' }] };
    expect(versionName(version(two))).toBe('v5');
  });

  it('shows one label, then subject, author, age, and one dash for unknown results', () => {
    const row = {
      version: version({ ...saved, labels: ['production', 'eu'] }),
      results: undefined,
      before: undefined,
      isFirst: true,
    };
    expect(describeVersion(row, NOW)).toBe('[production] +1 · Lower the temperature · Ada · 2 d · —');
  });

  it('shows validity, ratings and the cost with its change from the version before', () => {
    const mine = results({
      schema: { checked: 200, valid: 199 },
      ratings: { up: 2, down: 1 },
      cost: { usd: 0.0024, count: 2 },
      groups: cost(0.0012).summary.groups!,
    });
    const row = {
      version: version(saved),
      results: mine,
      before: { name: 'v2', results: cost(0.001) },
      isFirst: false,
    };
    expect(describeVersion(row, NOW)).toBe('✓99% $0.0012 ▲20% +2 −1 · Lower the temperature · Ada · 2 d');
    expect(versionAriaLabel(row, NOW)).toBe(
      'version 3, Lower the temperature, by Ada, 2 days ago, schema valid in 99% of answers, rated up 2, down 1, mean cost $0.0012, 20% more than v2',
    );
  });

  it('has its figures in the thirty characters that a narrow side bar shows, followed by its labels', () => {
    const labels = ['beta', 'production'];
    const figures = results({ schema: { checked: 3, valid: 3 }, cost: { usd: 0.00117, count: 3 }, done: 3, demo: 3 });
    const row = { version: version({ ...saved, labels }), results: figures, before: undefined, isFirst: true };
    expect(describeVersion(row, NOW).slice(0, 30)).toBe('✓100% $0.00039 sim. [productio');
    expect(describeVersion(row, NOW)).toContain('[production] +1 · Lower the temperature');
    expect(versionAriaLabel(row, NOW)).toContain('labels beta, production');
    expect(versionAriaLabel(row, NOW)).toContain('mean cost $0.00039 (simulated)');
    expect(Object.fromEntries(resultTable(row))).toMatchObject({ 'Mean cost': '$0.00039 (simulated)' });
  });

  it('has no arrow for a cost that changed less than answers of one version vary', () => {
    const row = (usd: number) => ({
      version: version(saved),
      results: cost(usd),
      before: { name: 'v2', results: cost(0.001) },
      isFirst: false,
    });
    expect(describeVersion(row(0.00101), NOW)).toMatch(/^\$0\.001 · /);
    expect(describeVersion(row(0.00104), NOW)).toMatch(/^\$0\.001 · /);
    expect(describeVersion(row(0.00109), NOW)).toMatch(/^\$0\.0011 · /);
    expect(describeVersion(row(0.0011), NOW)).toMatch(/^\$0\.0011 ▲10% · /);
    expect(Object.fromEntries(resultTable(row(0.0011)))['▲ ▼']).toContain('Marked at 10% or more');
    expect(describeVersion(row(0.0009), NOW)).toMatch(/^\$0\.0009 ▼10% · /);
    expect(describeVersion(row(0.004), NOW)).toMatch(/^\$0\.004 ▲4× · /);
    expect(versionAriaLabel(row(0.00101), NOW)).toContain('1% more than v2');
  });

  it('has an arrow for smaller changes if several inputs changed alike, and none if they differ', () => {
    const inputs = ['i', 'j', 'k', 'l'];
    const row = (factors: number[]) => ({
      version: version(saved),
      results: of(inputs.map((input, index) => group('a/m', input, 0.001 * (index + 1) * (factors[index] ?? 1)))),
      before: { name: 'v2', results: of(inputs.map((input, index) => group('a/m', input, 0.001 * (index + 1)))) },
      isFirst: false,
    });
    const arrow = (...factors: number[]) => /[▲▼]\d+%/.exec(describeVersion(row(factors), NOW))?.[0];
    expect(arrow(1.08, 1.08, 1.08, 1.08)).toBe('▲8%');
    expect(arrow(1.01, 1.01, 1.01, 1.01)).toBeUndefined();
    expect(arrow(0.5, 1.6, 0.7, 1.4)).toBeUndefined();
    expect(arrow(0.7, 0.68, 0.71, 0.7)).toBe('▼30%');
  });

  it('shows the value by which a list is sorted', () => {
    const known = { ...UNKNOWN_STATUS, changedAt: NOW - 50 * HOUR, costUsd: 0.002, isSimulated: true, quality: 0.5 };
    expect(sortFigure(known, 'changed', NOW)?.short).toBe('2 d');
    expect(sortFigure(known, 'quality', NOW)).toEqual({ short: '✓50%', text: 'schema valid in 50% of answers' });
    expect(sortFigure(known, 'cost', NOW)).toEqual({ short: '$0.002 sim.', text: 'mean cost $0.002 (simulated)' });
    expect(sortFigure(UNKNOWN_STATUS, 'cost', NOW)).toBeUndefined();
    expect(sortFigure(known, 'name', NOW)).toBeUndefined();
  });

  it('compares the cost of each model for the same inputs, and never mixes them', () => {
    const [mini, gpt, opus] = ['openai/mini', 'openai/gpt-6', 'anthropic/opus'];
    const v4 = of([group(mini, 'i', 0.001)]);
    const v5 = of([group(mini, 'i', 0.001), group(gpt, 'i', 0.004), group(opus, 'i', 0.009)]);
    const row = (mine: VersionResults, before: VersionResults) => {
      return { version: version(saved), results: mine, before: { name: 'v2', results: before }, isFirst: false };
    };
    expect(describeResults(row(v5, v4))).toBe('$0.0047 (mini =)');
    expect(costChangeOf(row(v5, v4))).toMatchObject({ direction: 'same' });
    const dearer = of([group(mini, 'i', 0.002), group(gpt, 'i', 0.002), group(opus, 'j', 0.009)]);
    expect(describeResults(row(dearer, v5))).toBe('$0.0043');
    expect(costChangeOf(row(dearer, v5))).toBeUndefined();
    expect(versionAriaLabel(row(dearer, v5), NOW)).toMatch(/mean cost \$0\.0043$/);
    const table = Object.fromEntries(resultTable(row(dearer, v5)));
    expect(table).toMatchObject({
      'Mean cost': '$0.0043',
      'Cost of openai/mini': '$0.001 → $0.002, 100% more than v2 (1 input in common)',
      'Cost of openai/gpt-6': '$0.004 → $0.002, 50% less than v2 (1 input in common)',
      'Models of v2': 'anthropic/opus, openai/gpt-6, openai/mini',
    });
    expect(Object.keys(table)).not.toContain('Cost of anthropic/opus');
    const elsewhere = of([group(mini, 'k', 0.5)]);
    expect(describeResults(row(elsewhere, v4))).toBe('$0.50');
    expect(Object.fromEntries(resultTable(row(elsewhere, v4))).Compared).toContain('not with v2');
    const old = results({ cost: { usd: 1, count: 1 } });
    expect(costChangeOf(row(v4, old))).toBeUndefined();
  });

  it('counts an input once, however often it was run', () => {
    const often = of([group('a/m', 'i', 0.001), group('a/m', 'j', 0.01)]);
    often.summary.groups![0]!.cost = { usd: 0.009, count: 9 };
    const once = of([group('a/m', 'i', 0.001), group('a/m', 'j', 0.01), group('a/m', 'k', 9)]);
    const row = { version: version(), results: once, before: { name: 'v2', results: often }, isFirst: false };
    expect(costChangeOf(row)).toMatchObject({ direction: 'same', amount: 'same', model: undefined });
  });

  it('says which partial made it a version', () => {
    const changed = { prompt: false, partials: ['prompts/_tone.prompt'], renamedFrom: undefined };
    const before = { name: 'v2', results: undefined };
    const row = { version: version({ changed }), results: undefined, before, isFirst: false };
    expect(describeVersion(row, NOW)).toContain('partial _tone changed');
    const renamed = { prompt: true, partials: ['_a.prompt', '_b.prompt'], renamedFrom: 'old.prompt' };
    expect(versionAriaLabel({ ...row, version: version({ changed: renamed }) }, NOW)).toContain(
      'also partials _a, _b changed, renamed from old.prompt',
    );
    expect(describeVersion({ ...row, before: undefined, isFirst: true }, NOW)).not.toContain('_tone');
  });

  it('shows a change of cost only if both are known', () => {
    expect(amountChange(2, undefined)).toBeUndefined();
    expect(amountChange(undefined, 2)).toBeUndefined();
    expect(amountChange(2, 0)).toBeUndefined();
    expect(amountChange(1.001, 1)).toEqual({ direction: 'same', amount: 'same' });
    expect(amountChange(0.5, 1)).toEqual({ direction: 'down', amount: '50%' });
    expect(amountChange(7, 1)).toEqual({ direction: 'up', amount: '7×' });
  });

  it('shows its age in the largest complete unit', () => {
    expect([10, 90, 2 * 3600, 8 * 86_400, 400 * 86_400].map((s) => ageOf(NOW - s * 1000, NOW))).toEqual([
      'now',
      '1 min',
      '2 h',
      '1 wk',
      '1 y',
    ]);
    expect(ageInWords(NOW - HOUR, NOW)).toBe('1 hour ago');
    expect(ageInWords(NOW + HOUR, NOW)).toBe('just now');
  });

  it('lists what is known in its tooltip, with dashes for the rest', () => {
    const table = Object.fromEntries(
      resultTable({ version: version(), results: undefined, before: undefined, isFirst: true }),
    );
    expect(new Set(Object.values(table))).toEqual(new Set(['—']));
    const demo = { ...results({ done: 3, failed: 1, demo: 3 }), recorders: 2, pending: true };
    const known = Object.fromEntries(
      resultTable({ version: version(), results: demo, before: undefined, isFirst: true }),
    );
    expect(known.Answers).toBe('3, 1 failed (3 from demo models)');
    expect(known['Recorded by']).toBe('2 workspaces');
    expect(known['In git']).toContain('not yet');
  });
});

describe('uncommitted changes', () => {
  it('name the changed partials, and text that is staged differently', () => {
    const state = {
      path: 'a.prompt',
      kind: 'changed' as const,
      changed: ['a.prompt', '_tone.prompt'],
      stagedDifferently: ['a.prompt'],
      contentHash: 'c',
      head: undefined,
    };
    expect(describeWorking(state)).toBe('prompt and partial _tone changed, staged differently');
    expect(describeWorking({ ...state, changed: ['_a.prompt', '_b.prompt'], stagedDifferently: [] })).toBe(
      'partials _a, _b changed',
    );
    expect(describeWorking({ ...state, kind: 'untracked' })).toBe('not in git yet');
  });
});
