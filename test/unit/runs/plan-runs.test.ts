import { expect, it } from 'vitest';
import { parsePrompt } from '../../../src/core/prompts/parse.ts';
import type { Prompt, RenderInput } from '../../../src/core/prompts/prompt.ts';
import { planRuns, type RunRequest } from '../../../src/core/runs/plan-runs.ts';

const prompt = (text: string) => parsePrompt(text, { path: '/w/a.prompt' }).prompt;

/** Plans a request with a renderer that returns its input, and counts how often it was called. */
async function plan(request: RunRequest) {
  let ids = 0;
  const rendered: string[] = [];
  const render = async ({ template, parameters, output }: Prompt, { input }: RenderInput) => {
    const text = `${template.text} ${JSON.stringify(input)}`;
    rendered.push(text);
    const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text }] }];
    return { messages, parameters, output, tools: [], model: undefined, contentHash: text };
  };
  const specs = await planRuns({ prompts: { render }, newId: () => `id-${++ids}`, sourceHash: () => 'hash' }, request);
  return { specs, rendered };
}

it('renders a prompt once for all models with the same input', async () => {
  const [a, b] = [prompt('A'), prompt('B')];
  const input = { name: 'Ada' };
  const columns = [a, a, b].map((own, index) => ({ prompt: own, model: `demo/${index}` }));
  const { specs, rendered } = await plan({ input, columns: [...columns, { prompt: a, model: 'demo/3', input: {} }] });
  expect(rendered).toEqual(['A {"name":"Ada"}', 'B {"name":"Ada"}', 'A {}']);
  expect(specs.map(({ model, column }) => [model, column])).toEqual([
    ['demo/0', 0],
    ['demo/1', 1],
    ['demo/2', 2],
    ['demo/3', 3],
  ]);
  expect(specs[0]?.messages).toBe(specs[1]?.messages);
  expect(specs[3]?.input).toEqual({});
});

it('starts the first repeat of every column first, in one comparison', async () => {
  const columns = ['demo/x', 'demo/y'].map((model) => ({ prompt: prompt('A'), model }));
  const { specs } = await plan({ input: {}, columns, repeat: 2 });
  expect(specs.map(({ model, repeat }) => `${model} ${repeat}`)).toEqual([
    'demo/x 0',
    'demo/y 0',
    'demo/x 1',
    'demo/y 1',
  ]);
  expect(new Set(specs.map(({ comparisonId }) => comparisonId)).size).toBe(1);
});

it('adds a column to a comparison at its place, with its own parameters and messages', async () => {
  const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'and then?' }] }];
  const config = { parameters: { temperature: 0 }, promptCaching: true };
  const column = { prompt: prompt('A'), model: 'demo/x', config, messages, place: 4 };
  const { specs } = await plan({ input: {}, columns: [column], comparisonId: 'earlier' });
  expect(specs).toMatchObject([
    { comparisonId: 'earlier', column: 4, messages, parameters: { temperature: 0 }, promptCaching: true },
  ]);
});
