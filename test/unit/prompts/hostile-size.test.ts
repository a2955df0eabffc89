import { describe, expect, it } from 'vitest';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import { formatPrompt } from '../../../src/core/language/formatting/format-prompt.ts';
import { parseConnections } from '../../../src/core/models/connections/connections.ts';
import { normalizeStructuredAnswer } from '../../../src/core/models/transport/structured/structured-answer.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { loadPartials } from '../../../src/core/prompts/template/partials.ts';
import { printTree } from '../language/print-tree.ts';

// Each of these took minutes, and blocked the editor's thread: a failure here is the test's timeout.

const repeat = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

describe('a file or an answer that is designed to be slow', () => {
  it.each(['{', '{{', '? ', '['])('is front matter of %j and nothing else', (piece) => {
    const { diagnostics } = parsePrompt(`---\nmodel: x\na: ${repeat(piece, 2000)}\n---\nhi`);
    expect(diagnostics.some(({ code }) => code === 'yaml-syntax')).toBe(true);
  });

  it('such as a megabyte of front matter', () => {
    const { diagnostics } = parsePrompt(`---\nmodel: x\na: ${repeat('}}', 1_000_000)}\n---\nhi`);
    expect(diagnostics[0]?.message).toMatch(/longer than 100000 characters/);
  });

  it('such as a key made of keys', async () => {
    const { diagnostics } = parsePrompt(`---\n? [${'{? '.repeat(700)}a${'}'.repeat(700)}]\n: 1\n---\nhi`);
    expect(diagnostics[0]?.message).toMatch(/a key must be text/);
    const key = `? ${'{? '.repeat(700)}a${'}'.repeat(700)}\n: 1\n`;
    expect((await parseConnections(key, '/c')).problems[0]?.message).toMatch(/key must be text/);
    expect((await parseConnections('x: 1\n'.repeat(50_000), '/c')).problems[0]?.message).toMatch(/larger than 100 KB/);
  });

  it('such as an expression of spaces', async () => {
    const { prompt } = parsePrompt(repeat(`{{${' '.repeat(49_000)}x}}`, 980_080));
    expect(await loadPartials(prompt, { partials: async () => undefined })).toEqual(new Map());
  });

  it('such as an answer of line breaks', () => {
    const answer = `\`\`\`json${'\n'.repeat(1_000_000)}`;
    expect(normalizeStructuredAnswer(answer, { type: 'object' })?.changed ?? false).toBe(false);
    expect(normalizeStructuredAnswer('```json \n{"a":1}\n```', { type: 'object' })).toBeDefined();
  });
});

it('front matter that is too long has no tree, so no feature differs from the parser', () => {
  const source = `---\ninput:\n  schema:\n    name: string\n# ${'x'.repeat(100_000)}\n---\n{{name}}`;
  expect(parsePrompt(source).diagnostics.map(({ code }) => code)).toEqual(['yaml-syntax']);
  const { tree } = analyzePrompt(source);
  expect(tree.frontMatter?.root.entries).toEqual([]);
  expect(printTree(tree)).toBe(source);
  expect(formatPrompt(source, { tabSize: 2, insertSpaces: true }).every(({ range }) => range.start > 100_000)).toBe(
    true,
  );
});
