import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { toMarkdown } from '../../src/cli/commands/versions/diff-markdown.ts';
import type { PromptDiff } from '../../src/cli/commands/versions/prompt-diff.ts';
import type { VersionResults } from '../../src/core/versions/results/read-results.ts';

function results(valid: number, usd: number, model = 'demo/swift'): VersionResults {
  const figures = {
    schema: { checked: 10, valid },
    ratings: { up: 0, down: 0 },
    cost: { usd, count: 10 },
    latency: { ms: 0, count: 0 },
  };
  return {
    contentHash: 'c',
    recorders: 1,
    pending: false,
    summary: {
      contentHash: 'c',
      done: 10,
      failed: 0,
      demo: 10,
      models: [model],
      ...figures,
      groups: [{ model, simulated: model.startsWith('demo/'), input: 'i', ...figures }],
      firstAt: 0,
      lastAt: 0,
    },
  };
}

function diff(changes: Partial<PromptDiff> = {}): PromptDiff {
  return {
    kind: 'changed',
    name: 'churn',
    path: 'prompts/churn.prompt',
    oldPath: undefined,
    partials: [],
    changes: [{ kind: 'parameter', text: 'temperature 0.2 → 0.7' }],
    patches: [
      { oldPath: 'prompts/churn.prompt', path: 'prompts/churn.prompt', lines: ['@@ -1,1 +1,1 @@', '-a', '+b'] },
    ],
    results: { base: undefined, head: undefined },
    ...changes,
  };
}

const render = (...diffs: PromptDiff[]) => toMarkdown(diffs, { base: 'main', head: 'HEAD' });

/** The blocks that a Markdown reader shows; the text of a fence is one of them. */
function blocks(markdown: string) {
  return marked.lexer(markdown).filter(({ type }) => type !== 'space');
}

describe('the Markdown of a pull request', () => {
  it('reports if no prompt changed', () => {
    expect(render()).toBe('## No prompts changed\n\n`main` → `HEAD`\n');
  });

  it('has a table of prompts, and for each its changes, results and source', () => {
    const text = render(diff({ results: { base: results(9, 0.02), head: results(10, 0.01) } }));
    expect(text).toContain('## 1 prompt changed');
    expect(text).toContain('| `churn` | changed | temperature 0.2 → 0.7 |');
    expect(text).toContain('90% → 100% ▲ 10 points (better)');
    expect(text).toContain('▼ 50% better');
    expect(text).toContain('```diff\n--- prompts/churn.prompt\n+++ prompts/churn.prompt\n@@ -1,1 +1,1 @@\n-a\n+b\n```');
  });

  it('compares no answers of different models, and shows each model’s change if there are several', () => {
    const base = results(9, 0.02);
    const text = render(diff({ results: { base, head: results(10, 0.09, 'openai/gpt-6') } }));
    expect(text).toContain('90% → 100% |');
    expect(text).not.toMatch(/[▲▼]/);
    const both = results(10, 0.01);
    both.summary.models.push('openai/gpt-6');
    both.summary.cost = { usd: 0.1, count: 20 };
    both.summary.groups!.push(...results(10, 0.09, 'openai/gpt-6').summary.groups!);
    const mixed = render(diff({ results: { base, head: both } }));
    expect(mixed).toContain('| Cost per answer, `demo/swift`, 1 same input |');
    expect(mixed).toMatch(/1 same input \| \\\$[\d.]+ \\\(simulated\\\) \| \\\$[\d.]+ \\\(simulated\\\) \|/);
    expect(mixed).toContain('▼ 50% better');
    expect(mixed).not.toContain('▲ 150%');
  });

  it('shows the former name of a renamed prompt', () => {
    expect(render(diff({ kind: 'renamed', oldPath: 'prompts/old.prompt' }))).toContain(
      '| `churn` | renamed from `prompts/old.prompt` |',
    );
  });

  it('stays in its fence, whatever the prompt contains', () => {
    const sign = fc.constantFrom('`', '``', '```', '~~~', '</details>', '\n', ' ', 'a', '+', '-', '\u202e');
    const line = fc.array(sign, { maxLength: 12 }).map((signs) => `+${signs.join('')}`);
    const plain = blocks(render(diff())).map(({ type }) => type);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const patches = [{ oldPath: 'a', path: 'b', lines }];
        expect(blocks(render(diff({ patches }))).map(({ type }) => type)).toEqual(plain);
      }),
    );
  });

  it('shows names, paths and values as they are, and mentions nobody', () => {
    const text = 'x | **bold** <img src=x> [a](http://evil.example) @octocat #1 $a$ \n# heading';
    const [, , table] = blocks(render(diff({ name: text, path: text, changes: [{ kind: 'about', text }] })));
    expect(table?.type).toBe('table');
    const html = marked.parse(render(diff({ name: text, path: text, changes: [{ kind: 'about', text }] }))) as string;
    expect(html).not.toMatch(/<img|<strong>|<a |<h1>/);
    expect(html).not.toContain(' @octocat <'); // outside code the sign is separated
    expect(table && 'rows' in table ? table.rows : []).toHaveLength(1);
  });

  it('makes characters visible that change the direction of text', () => {
    const patches = [{ oldPath: 'a', path: 'a', lines: ['+ok \u202e live'] }];
    expect(render(diff({ patches }))).toContain('+ok <U+202E> live');
  });

  it('leaves out what is too long for a comment, and says so', () => {
    const patches = [{ oldPath: 'a', path: 'a', lines: Array.from({ length: 1000 }, (_, index) => `+${index}`) }];
    expect(render(diff({ patches }))).toContain('602 more lines are omitted.');
  });

  it('counts the changes of the prompts, and leaves out figures that none of them has', () => {
    const text = render(diff(), diff({ name: 'b', kind: 'removed' }), diff({ name: 'c' }));
    expect(text).toContain('## 3 prompts: 2 changed, 1 removed\n');
    expect(text).toContain('| Prompt | Change | What |\n| --- | --- | --- |\n');
    expect(render(diff({ kind: 'added' }))).toContain('## 1 prompt added\n');
  });

  it('shows the source of a partial once, and refers to it for the next prompt that uses it', () => {
    const partial = { oldPath: '_tone.prompt', path: '_tone.prompt', lines: ['@@ -1,1 +1,1 @@', '-a', '+kind'] };
    const text = render(
      diff({ patches: [partial], partials: ['_tone.prompt'] }),
      diff({ name: 'other', patches: [partial], partials: ['_tone.prompt'] }),
    );
    expect(text.match(/\+kind/g)).toHaveLength(1);
    expect(text).toContain('changed, through `_tone.prompt`');
    expect(text).toContain('Source of `_tone.prompt`: see `churn`.');
  });

  it('keeps the dashes in a model’s name, and does not turn a text that starts with one into a list', () => {
    const text = (what: string) => render(diff({ changes: [{ kind: 'about', text: what }] }));
    expect(text('model gpt-6-mini')).toContain('- model gpt-6-mini\n');
    expect(text('- x')).toContain('- \\- x\n');
  });
});
