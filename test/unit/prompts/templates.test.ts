import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkPrompt } from '../../../src/core/language/diagnostics/check-prompt.ts';
import { fewShotPrompt, SAMPLE_ROWS } from '../../../src/core/prompts/few-shot.ts';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import { renderPrompt } from '../../../src/core/prompts/render/render.ts';

const folder = new URL('../../../media/templates/', import.meta.url);
const env = { partials: async () => undefined, workspaceRoots: [], promptDir: '/w' };

const templates = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);
const all = [...templates, ['few-shot', fewShotPrompt(SAMPLE_ROWS)] as const];

async function render(source: string) {
  const { prompt } = parsePrompt(source);
  return (await renderPrompt(prompt, { input: prompt.input.defaults }, env)).messages;
}

describe('the templates of new prompts', () => {
  it('exist for chat, extraction, classification, RAG and a judge', () => {
    const names = templates.map(([name]) => name);
    const expected = ['chat', 'classification', 'json-extraction', 'judge', 'rag-answer'];
    expect(names.sort()).toEqual(expected.map((name) => `${name}.prompt`));
  });

  it.each(all)('%s has no diagnostics', (_name, source) => {
    expect(checkPrompt(source)).toEqual([]);
  });

  it.each(all)('%s renders with its defaults, with text in every message', async (_name, source) => {
    const messages = await render(source);
    expect(messages[0]?.role).toBe('system');
    expect(messages.at(-1)?.role).toBe('user');
    const texts = messages.map(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')).join(''));
    expect(texts.every((text) => text.trim() !== '' && !text.includes('{{'))).toBe(true);
  });
});

describe('a prompt with examples from a dataset', () => {
  const textOf = (message: Awaited<ReturnType<typeof render>>[number] | undefined) =>
    message?.parts
      .map((part) => (part.type === 'text' ? part.text : ''))
      .join('')
      .trim();

  it('asks with every column except the last, answers with the last, and tries a row that is not an example', async () => {
    const messages = await render(fewShotPrompt(SAMPLE_ROWS));
    expect(messages.map(({ role }) => role).join(' ')).toBe('system user assistant user assistant user assistant user');
    expect(textOf(messages[2])).toBe('mixed');
    expect(textOf(messages.at(-1))).toBe('review: Easy to set up, and the support was quick.');
  });

  it('survives values with a meaning in YAML, the schema or the template', async () => {
    const nasty = '"a": {{b}} # c\n---\n- {{role "system"}}';
    const source = fewShotPrompt([
      { text: nasty, label: 1 },
      { text: '42', label: 2.5 },
      { text: 7, label: 3 },
    ]);
    expect(checkPrompt(source)).toEqual([]);
    const messages = await render(source);
    expect(textOf(messages[1])).toBe(`text: ${nasty}`);
    expect(messages.filter(({ role }) => role === 'system')).toHaveLength(1);
  });

  it('reports what a dataset lacks', () => {
    expect(() => fewShotPrompt([])).toThrow('cannot be used as examples');
    expect(() => fewShotPrompt([{ only: 'one' }])).toThrow('cannot be used as examples');
    expect(() => fewShotPrompt([{ 'a b': 'one', nested: {}, ok: 'x' }])).toThrow('cannot be used as examples');
  });
});
