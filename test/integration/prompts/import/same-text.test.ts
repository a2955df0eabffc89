import { describe, expect, it } from 'vitest';
import { importPrompts } from '../../../../src/core/prompts/import/import-prompts.ts';
import { importFixture, render } from './import-fixture.ts';

type Turn = [role: string, text: string];
interface Case {
  file: string;
  name: string;
  input: Record<string, unknown>;
  turns: Turn[];
}

/** What the original engine renders from these inputs. */
const CASES: Case[] = [
  {
    file: 'turns-v1.prompty',
    name: 'basic-prompt',
    input: { firstName: 'Ann', input: 'Why?' },
    turns: [['system', 'You help Ann.\n\n# Context\nWhy?']],
  },
  {
    file: 'thread-v2.prompty',
    name: 'threaded-chat',
    input: { question: 'Why?' },
    turns: [
      ['system', 'You are a helpful assistant.'],
      ['user', 'Why?'],
    ],
  },
  {
    file: 'filters.j2',
    name: 'filters',
    input: { docs: ['a', 'b'], items: [1, 2], x: 'X' },
    turns: [['user', 'a\n- b and kind 2 X']],
  },
  {
    file: 'promptfoo-forms.yaml',
    name: 'promptfoo-forms-1',
    input: { premium: true, issue: 'x' },
    turns: [['user', 'Priority: x']],
  },
  {
    file: 'promptfoo-forms.yaml',
    name: 'promptfoo-forms-2',
    input: { items: ['a', 'b'] },
    turns: [['user', 'Total: 2\n* a\n* b']],
  },
  {
    file: 'promptfoo-forms.yaml',
    name: 'loop-chat',
    input: { system_message: 'Be "kind".', question: 'Why?' },
    turns: [
      ['system', 'Be "kind".'],
      ['user', 'Why?'],
    ],
  },
  { file: 'promptfoo-forms.yaml', name: 'simple', input: { topic: 'tea' }, turns: [['user', 'Explain tea, simply']] },
  { file: 'promptfoo-forms.yaml', name: 'listed', input: { name: 'Ann' }, turns: [['user', 'Hello Ann\n']] },
  { file: 'promptfoo-forms.yaml', name: 'own-words', input: { question: 'Why?' }, turns: [['user', 'Q: Why?']] },
  {
    file: 'format-fields.txt',
    name: 'format-fields',
    input: {
      name: 'Ann',
      price: '2.50',
      x: '1',
      obj: { attr: 'A' },
      d: { key: 'K' },
      l: ['L'],
      input_0: '0',
      input_8: '8',
    },
    turns: [['user', 'Hi Ann, pad Ann and 2.50; literal {literal} {"a": 1} A K L 0 8 Ann\n']],
  },
  {
    file: 'langchain-mustache.json',
    name: 'langchain-mustache',
    input: { name: 'Ann', q: 'Why?', image_url: 'https://x.example/a.png' },
    turns: [
      ['system', 'Hi Ann {single}'],
      ['user', 'T Why?|[media]'],
      ['assistant', 'lit {x}'],
    ],
  },
  {
    file: 'langchain-few-shot-chat.json',
    name: 'langchain-few-shot-chat',
    input: { q: '2+3' },
    turns: [
      ['system', 'S'],
      ['user', '2+2'],
      ['assistant', '4'],
      ['user', '2+3'],
    ],
  },
  {
    file: 'langchain-few-shot-files.yaml',
    name: 'langchain-few-shot-files',
    input: { adjective: 'big' },
    turns: [['user', 'Write antonyms.\n\nInput: happy\nOutput: sad\n\nInput: big\nOutput:']],
  },
  { file: 'langchain-classes.py', name: 'p4', input: { x: 'X' }, turns: [['user', 'Hi X j']] },
  { file: 'langchain-classes.py', name: 'p5', input: { y: 'Y' }, turns: [['user', 'only Y']] },
  {
    file: 'langchain-classes.py',
    name: 'p6',
    input: { a: 'A', b: 'B' },
    turns: [
      ['system', 'S A'],
      ['user', 'H B'],
      ['system', 'Lit {c}'],
    ],
  },
  {
    file: 'names.py',
    name: 'full',
    input: { place: 'Rome', language: 'Latin' },
    turns: [['user', 'You are a guide of Rome, always.\nAnswer in Latin.']],
  },
  {
    file: 'names.py',
    name: 'letter',
    input: { name: 'Ann', thing: 'hat' },
    turns: [['user', 'Dear Ann, your hat costs $5.']],
  },
  {
    file: 'names.py',
    name: 'old',
    input: { input_1: 'hi', name: 'Ann' },
    turns: [['user', 'Say hi to Ann, 100% sure']],
  },
  { file: 'names.py', name: 'title', input: { text: 'T' }, turns: [['user', 'A title for T, please.']] },
  {
    file: 'names.py',
    name: 'chat-prompts',
    input: { app: 'Maps', question: 'where' },
    turns: [
      ['system', 'You are the voice of Maps.'],
      ['user', 'Answer where now.'],
    ],
  },
  {
    file: 'names.py',
    name: 'alpha',
    input: { x: { k: 'K', 0: 'Z' }, d: 'D' },
    turns: [['user', 'Alpha K, Z and D {literal}']],
  },
  { file: 'names.py', name: 'beta', input: { y: 'Y', datetime_now: '12:30' }, turns: [['user', 'Beta Y, now: 12:30']] },
  {
    file: 'names.py',
    name: 'look',
    input: { url: 'https://x.example/a.png' },
    turns: [['user', 'What is at https://x.example/a.png?|[media]']],
  },
  { file: 'notebook.ipynb', name: 'system', input: { x: 'X' }, turns: [['system', 'You are X.\nTwo lines.']] },
];

describe('an imported prompt', () => {
  it.each(CASES)('renders the text of $file: $name', async ({ file, name, input, turns }) => {
    const { prompts } = await importFixture(file);
    const found = prompts.find((prompt) => prompt.name === name);
    expect(found, prompts.map((prompt) => prompt.name).join(', ')).toBeDefined();
    const messages = await render(found?.text ?? '', input);
    expect(messages.map(({ role, text }) => [role, text])).toEqual(turns);
  });

  it('reports everything that it lost', async () => {
    const notes = async (file: string) => (await importFixture(file)).notes.join('\n');
    const promptfoo = await notes('promptfoo-forms.yaml');
    for (const lost of [
      'prompts/*.txt',
      'prompts/make.js',
      './run.sh',
      'langfuse://greeting:3:text',
      '`tests`',
      'a loop produces',
    ]) {
      expect(promptfoo).toContain(lost);
    }
    expect(await notes('names.py')).toContain('Text added to `prompt` with `+=` is not imported.');
    expect(await notes('langfuse-placeholders.json')).toContain('only the first was kept');
    expect(await notes('format-fields.txt')).toContain('The format of `{price:.2f}` is not imported');
  });

  it('keeps the types of nested outputs and of the model that a chain names', async () => {
    const text = async (file: string) => (await importFixture(file)).prompts[0]?.text;
    expect(await text('outputs-v1.prompty')).toContain('    location(object, Where.):\n      city: string, The city\n');
    expect(await text('outputs-v1.prompty')).toContain('model: azure-openai/gpt-4o-2024-08-06');
    expect(await text('langchain-structured.json')).toContain('model: openai/gpt-5');
    expect(await text('langchain-structured.json')).toContain('      answer:\n        type: string');
    expect(await text('responses-request.json')).toContain('reasoningEffort: low');
    expect(await text('inputs-in-file.prompty')).toContain('question: Why?');
  });
});

describe('a file that is not a prompt', () => {
  it.each<[string, string, string]>([
    ['a.json', '', 'a.json is empty.'],
    ['a.prompty', ' \n', 'a.prompty is empty.'],
    ['a.json', '{"messages":[{"role":"user","content":"hel', 'a.json is not valid JSON: '],
    ['a.yaml', 'prompts:\n  - "abc\n x: [', 'a.yaml is not valid YAML: '],
    ['a.json', '"text"', 'it contains a single value'],
    ['a.prompty', '---\nname: [x\n---\nhi', 'No prompt was found in a.prompty (read as prompty).'],
    ['a.png', '\u0089PNG\r\n\0\0\0', 'a.png is not text'],
    ['a.txt', `${'\ufffd'.repeat(50)} hello`, 'a.txt is not text'],
    ['a.txt', 'word {x} '.repeat(500_000), 'too large to be a prompt'],
    ['a.py', `A_PROMPT = (${'('.repeat(100_000)}`, 'a.py is nested too deeply'],
  ])('%s is rejected with a reason: %#', async (file, text, message) => {
    await expect(importPrompts(file, text)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/\w/),
    });
  });

  it('is read quickly with any brackets', async () => {
    for (const opening of ['{% if ', '{{ x ', '{#', '{x', '}{', '"""', "f'{"]) {
      for (const file of ['a.prompty', 'a.py', 'a.txt', 'a.j2', 'a.ts']) {
        const made = await importPrompts(file, opening.repeat(2_000)).catch((error: unknown) => error);
        expect(made).toSatisfy((value: object) => 'prompts' in value || ('code' in value && value.code === 'usage'));
      }
    }
  });

  it('contains a prompt once even if a file repeats it', async () => {
    const { prompts } = await importPrompts('a.py', 'A_PROMPT = """Say {x} to all."""\n'.repeat(3000));
    expect(prompts.map(({ name }) => name)).toEqual(['a']);
  });
});
