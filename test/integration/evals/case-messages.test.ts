import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createEvalFolder, evaluate } from './eval-folder.ts';

const PROMPT = '---\nmodel: demo/echo\n---\n{{role "system"}}Be short.\n{{role "user"}}{{question}}\n';
const FILE = 'prompts: [ask.prompt]\ndataset: cases.jsonl\nmetrics: [equals]\n';

test('the messages of a case are those of the start, whatever the prompt is now', async () => {
  await using folder = createEvalFolder({
    'ask.prompt': PROMPT,
    'cases.jsonl': '{"question": "Why?", "expected": "Why?"}\n{"question": "How?", "expected": "How?"}\n',
  });
  const file = folder.write('a.eval.yaml', FILE);
  const workbench = folder.open();
  const { record } = await evaluate(workbench, file);
  folder.write('ask.prompt', PROMPT.replace('Be short.', 'Be long.'));

  const messages = await workbench.evals.messages(record.id, { place: 1, column: 0 });

  const texts = messages?.map(({ role, parts }) => [
    role,
    ...parts.map((part) => (part.type === 'text' ? part.text : '')),
  ]);
  expect(texts).toEqual([
    ['system', expect.stringContaining('Be short.')],
    ['user', expect.stringContaining('How?')],
  ]);
  expect(await workbench.evals.messages(record.id, { place: 1, column: 7 })).toBeUndefined();
});

test('the messages of a case need no file of the start any more', async () => {
  await using folder = createEvalFolder({
    'ask.prompt': PROMPT.replace('Be short.', '{{> tone}}'),
    '_tone.prompt': 'Be kind.',
    'cases.jsonl': '{"question": "Why?", "expected": "Why?"}\n{"question": "How?", "expected": "How?"}\n',
  });
  const file = folder.write('a.eval.yaml', FILE);
  const workbench = folder.open();
  const { record } = await evaluate(workbench, file);
  for (const name of ['ask.prompt', '_tone.prompt', 'cases.jsonl']) rmSync(path.join(folder.folder, name));

  const read = [0, 1].map((place) => workbench.evals.messages(record.id, { place, column: 0 }));

  expect(JSON.stringify(await Promise.all(read))).toMatch(/Be kind\..*Why\?.*Be kind\..*How\?/);
});
