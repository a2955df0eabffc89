import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EvalNote } from '../../../src/core/versions/results/eval-notes.ts';
import { sortFigure } from '../../../src/vscode/prompts/describe-version.ts';
import {
  describePrompt,
  describePromptFilter,
  foldPrompts,
  matchesFilter,
  type PromptBranch,
  type PromptEntry,
  type PromptStatus,
  promptAriaLabel,
  promptLabel,
  sortPrompts,
  UNKNOWN_STATUS,
} from '../../../src/vscode/prompts/prompt-tree.ts';

const entry = (relative: string, root = '/w'): PromptEntry => {
  return { file: `${root}/${relative}`, folder: root.slice(1), root, relative };
};
const facts = (changes: Partial<PromptStatus>): PromptStatus => ({ ...UNKNOWN_STATUS, ...changes });

const noteOf = (...scores: number[]): EvalNote => ({
  time: '2026-11-20T10:00:00.000Z',
  v: 1,
  content: 'ab'.repeat(32),
  evaluation: 'quality',
  by: '',
  recorder: 'r',
  cases: 8,
  repeats: 1,
  models: scores.map((score, index) => ({ model: `demo/${index}`, simulated: true, score, metrics: [] })),
});

/** A tree as indented lines. */
function draw(branches: PromptBranch[], depth = 0): string[] {
  return branches.flatMap((branch) =>
    branch.kind === 'folder'
      ? [`${' '.repeat(depth)}${branch.label}/`, ...draw(branch.children, depth + 1)]
      : [`${' '.repeat(depth)}${promptLabel(branch.entry)}`],
  );
}

describe('the tree of prompts', () => {
  it('has folders before prompts, and one row for a chain of folders', () => {
    const entries = ['z.prompt', 'prompts/b.prompt', 'prompts/a10.prompt', 'prompts/a9.prompt', 'x/y/deep.prompt'];
    expect(draw(foldPrompts(entries.map((path) => entry(path))))).toEqual([
      'prompts/',
      ' a9',
      ' a10',
      ' b',
      'x/y/',
      ' deep',
      'z',
    ]);
  });

  it('has a row per workspace folder if there are several', () => {
    expect(draw(foldPrompts([entry('a.prompt', '/one'), entry('p/b.prompt', '/two')]))).toEqual([
      'one/',
      ' a',
      'two/',
      ' p/',
      '  b',
    ]);
  });

  it('shows every prompt once, under folders of different paths', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(path, { selector: (parts) => parts.join('/'), maxLength: 12 }), (paths) => {
        const entries = paths.map((parts) => entry(`${parts.join('/')}.prompt`));
        const files: string[] = [];
        const folders: string[] = [];
        const walk = (branches: PromptBranch[]) => {
          for (const branch of branches) {
            if (branch.kind === 'prompt') files.push(branch.entry.file);
            else {
              folders.push(branch.path);
              walk(branch.children);
            }
          }
        };
        walk(foldPrompts(entries));
        expect(files.sort()).toEqual(entries.map(({ file }) => file).sort());
        expect(new Set(folders).size).toBe(folders.length);
      }),
    );
  });
});

describe('the filter of prompts', () => {
  const churn = entry('prompts/churn-analysis.prompt');

  it('matches words of the path and of labels, in any order and case', () => {
    const labelled = facts({ labels: ['production'] });
    expect(matchesFilter(churn, labelled, { text: 'PROD churn' })).toBe(true);
    expect(matchesFilter(churn, labelled, { text: 'churn staging' })).toBe(false);
  });

  it('matches a label, changes, and prompts without a label; together they narrow the list', () => {
    const changed = facts({ change: 'changed', labels: ['eu'] });
    expect(matchesFilter(churn, changed, { label: 'eu', changed: true })).toBe(true);
    expect(matchesFilter(churn, changed, { label: 'production' })).toBe(false);
    expect(matchesFilter(churn, changed, { unlabelled: true })).toBe(false);
    expect(matchesFilter(churn, UNKNOWN_STATUS, { changed: true })).toBe(false);
    expect(describePromptFilter({ text: 'a', label: 'eu', changed: true })).toBe('“a”, label eu, changed');
    expect(describePromptFilter({})).toBeUndefined();
  });
});

describe('the order of prompts', () => {
  const [a, b, c] = [entry('a.prompt'), entry('b.prompt'), entry('c.prompt')];
  const sorted = (known: Record<string, Partial<PromptStatus>>, sort: 'changed' | 'cost' | 'quality') =>
    sortPrompts([c, a, b], ({ relative }) => facts(known[relative] ?? {}), sort).map(promptLabel);

  it('has unknown values last, by name', () => {
    expect(sorted({ 'b.prompt': { costUsd: 1 } }, 'cost')).toEqual(['b', 'a', 'c']);
    expect(sorted({ 'c.prompt': { quality: 0.9 }, 'b.prompt': { quality: 1 } }, 'quality')).toEqual(['b', 'c', 'a']);
  });

  it('has the evaluation score as the quality if there is one, of several models the best', () => {
    const known = {
      'a.prompt': { quality: 0.8 },
      'b.prompt': { quality: 0, evaluations: [noteOf(0.2, 0.9)] },
      'c.prompt': { quality: 1, evaluations: [noteOf(0.7)] },
    };
    expect(sorted(known, 'quality')).toEqual(['b', 'a', 'c']);
    expect(sortFigure(facts(known['b.prompt']), 'quality', 0)).toEqual({ short: '0.20–0.90', text: undefined });
    expect(sortFigure(facts(known['a.prompt']), 'quality', 0)?.short).toBe('✓80%');
  });

  it('has uncommitted changes before committed ones', () => {
    const known = {
      'a.prompt': { changedAt: 5 },
      'b.prompt': { changedAt: 9 },
      'c.prompt': { change: 'changed' },
    } as const;
    expect(sorted(known, 'changed')).toEqual(['c', 'b', 'a']);
  });
});

describe('the row of a prompt', () => {
  it('has the score of its current content, once', () => {
    const known = facts({ newest: 3, labels: ['production'], change: 'changed', evaluations: [noteOf(0.84)] });
    expect(describePrompt(known, { extra: undefined })).toBe('v3 [production] · 0.84 · changed');
    expect(describePrompt(known, { extra: undefined, hasScore: true })).toBe('v3 [production] · changed');
    expect(promptAriaLabel(entry('a.prompt'), known)).toContain('score 0.84 in quality, changed');
  });

  it('shows newest version, labels and state, as symbols and as text', () => {
    const known = facts({ newest: 3, labels: ['production'], change: 'changed' });
    expect(describePrompt(known, { extra: undefined })).toBe('v3 [production] · changed');
    expect(describePrompt(UNKNOWN_STATUS, { extra: 'prompts' })).toBe('prompts');
    const two = facts({ newest: 5, labels: ['beta', 'production'] });
    expect(describePrompt(two, { extra: 'prompts' })).toBe('v5 [production] +1 · prompts');
    expect(promptAriaLabel(entry('p/churn.prompt'), known)).toBe(
      'prompt churn, latest version 3, labels production, changed',
    );
  });
});
