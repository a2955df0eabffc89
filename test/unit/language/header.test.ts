import { describe, expect, it } from 'vitest';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { promptActions } from '../../../src/core/language/code-actions/code-actions.ts';
import { completePrompt } from '../../../src/core/language/completion/completion.ts';
import { opensKey } from '../../../src/core/language/completion/indent-below.ts';
import { checkPrompt } from '../../../src/core/language/diagnostics/check-prompt.ts';
import { applyEdits, formatPrompt } from '../../../src/core/language/formatting/format-prompt.ts';
import { documentLinks } from '../../../src/core/language/navigation/document-links.ts';
import { hoverAt } from '../../../src/core/language/navigation/hover.ts';
import { semanticTokens } from '../../../src/core/language/navigation/semantic-tokens.ts';
import { foldingsOf, outlineOf, selectionsAt } from '../../../src/core/language/syntax/structure.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';
import { makeWorkspace } from './language-workspace.ts';

const PLAIN = `---
model:   demo/swift
modl: x
input:
  schema:
    name: string, who wrote
    facts?(array, what is known): string
  default:
    name: Ana
llmops.dataset: data/rows.jsonl
output:
  format: json
---

{{role "system"}}
You answer {{ name }} briefly. {{> tone}} {{missing}}

{{role "user"}}
  {{#if facts}}
{{#each facts}}- {{this}}{{/each}}
  {{/if}}
`;
const HEADER = '#!/usr/bin/env llmops\n# Copyright 2026\n#\n\n';
const HEADED = HEADER + PLAIN;
const PATH = '/w/a.prompt';

const { index } = makeWorkspace({ '_tone.prompt': 'Be kind, {{name}}.', 'a.prompt': HEADED });
const context = { workspace: index, path: PATH };
const plain = analyzePrompt(PLAIN);
const headed = analyzePrompt(HEADED);

/** Every offset of a range, however deep in a result, moved by the header's length. */
function shifted<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      (key === 'start' || key === 'end') && typeof inner === 'number' ? inner + HEADER.length : inner,
    ),
  ) as T;
}

const plainJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('comments before the front matter only move positions', () => {
  it('in diagnostics', () => {
    const found = checkPrompt(PLAIN, context);
    expect(found.map(({ code }) => code)).toEqual(expect.arrayContaining(['unknown-key', 'undefined-variable']));
    expect(checkPrompt(HEADED, context)).toEqual(shifted(found));
  });

  it('in formatting, which keeps them', () => {
    const options = { tabSize: 2, insertSpaces: true };
    const formatted = applyEdits(PLAIN, formatPrompt(PLAIN, options));
    expect(formatted).not.toBe(PLAIN);
    expect(applyEdits(HEADED, formatPrompt(HEADED, options))).toBe(HEADER + formatted);
  });

  it('in quick fixes, which keep them', () => {
    const fixes = (source: string, word: string) => {
      const analyzed = analyzePrompt(source);
      const selection = { start: source.indexOf(word) + 1, end: source.indexOf(word) + 1 };
      const diagnostics = checkPrompt(source, context).filter(
        ({ range }) => range.start <= selection.end && range.end >= selection.start,
      );
      return promptActions({ analyzed, selection, diagnostics, ...context }).map(({ title, edits }) => ({
        title,
        text: applyEdits(source, edits),
      }));
    };
    for (const word of ['modl', 'missing']) {
      const expected = fixes(PLAIN, word);
      expect(expected.length).toBeGreaterThan(0);
      expect(fixes(HEADED, word)).toEqual(expected.map(({ title, text }) => ({ title, text: HEADER + text })));
    }
  });

  it('in completion, hover and selections, at every offset', async () => {
    for (let at = 0; at < PLAIN.length; at += 1) {
      const there = at + HEADER.length;
      expect(plainJson(completePrompt(headed, there, context)), `completion at ${at}`).toEqual(
        shifted(completePrompt(plain, at, context)),
      );
      expect(plainJson((await hoverAt(headed, there, context)) ?? null), `hover at ${at}`).toEqual(
        withoutLines(shifted((await hoverAt(plain, at, context)) ?? null)),
      );
      const inner = selectionsAt(plain, at).filter(({ end, start }) => end - start < PLAIN.length);
      expect(selectionsAt(headed, there).slice(0, inner.length)).toEqual(shifted(inner));
      expect(opensKey(HEADED, there)).toBe(opensKey(PLAIN, at));
    }
  });

  it('in the outline and the links; the comments fold and are highlighted as comments', () => {
    expect(outlineOf(headed)).toEqual(shifted(outlineOf(plain)));
    expect(documentLinks(headed)).toEqual(shifted(documentLinks(plain)));
    const [comments, ...foldings] = foldingsOf(headed);
    expect(foldings).toEqual(shifted(foldingsOf(plain)));
    expect([comments?.kind, HEADED.slice(comments?.range.start, comments?.range.end)]).toEqual([
      'comment',
      HEADER.trim(),
    ]);
    const tokens = semanticTokens(headed);
    const looks = tokens.filter(({ type }) => type === 'comment');
    expect(looks.map(({ range }) => HEADED.slice(range.start, range.end))).toEqual([
      '#!/usr/bin/env llmops',
      '# Copyright 2026',
      '#',
    ]);
    expect(tokens.slice(looks.length)).toEqual(shifted(semanticTokens(plain)));
  });

  it('in the request', async () => {
    const render = async (source: string) => {
      const env = { partials: async () => 'Be kind.', workspaceRoots: [], promptDir: undefined };
      const { messages } = await renderPrompt(parsePrompt(source).prompt, { input: { facts: ['a'] } }, env);
      return messages;
    };
    expect(await render(HEADED)).toEqual(await render(PLAIN));
  });
});

/** A hover names lines, which differ. */
function withoutLines<T>(value: T): T {
  const lines = HEADER.split('\n').length - 1;
  return JSON.parse(
    JSON.stringify(value).replace(/\b(lines? )([\d, and]+\d|\d+)/g, (_all, word: string, numbers: string) => {
      return word + numbers.replace(/\d+/g, (line) => String(Number(line) + lines));
    }),
  ) as T;
}
