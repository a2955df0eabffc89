import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/core/models/chat-model.ts';
import {
  createTokenCounter,
  estimateRequest,
  estimateTokens,
  tokenFamily,
} from '../../../src/core/models/prices/tokens.ts';

const TEXT = 'The quick brown fox jumps over the lazy dog.';

describe('token estimates', () => {
  test.each([
    ['hello world', 2],
    [TEXT, 10],
    ['', 0],
  ])('o200k counts %j like OpenAI', async (text, tokens) => {
    expect(await estimateTokens(text, 'openai')).toBe(tokens);
  });

  test.each([
    ['Hindi', 'ग्राहक ने दो बार देर से भुगतान किया, इसलिए जोखिम अधिक है।', 59, 16],
    ['Chinese', '顾客两次逾期付款，因此流失风险较高。', 23, 15],
    ['Russian', 'Клиент дважды задержал оплату, поэтому риск высокий.', 24, 14],
    ['code', 'for (const row of rows) {\n  if (row.risk_level === "high") results.push({ id: row.id });\n}\n', 28, 28],
  ])('%s is counted with cl100k if the model uses it, otherwise with o200k', async (_name, text, cl100k, o200k) => {
    expect(await estimateTokens(text, 'openai-cl100k')).toBe(cl100k);
    expect(await estimateTokens(text, 'openai')).toBe(o200k);
  });

  test('text that looks like a special token is only text', async () => {
    expect(await estimateTokens('<|endoftext|> hi', 'openai')).toBe(8);
  });

  test('a megabyte of one letter is counted quickly', async () => {
    expect(await estimateTokens('a'.repeat(1_000_000), 'openai')).toBe(125_000);
    expect(await estimateTokens(' '.repeat(300_000), 'openai')).toBeGreaterThan(1000);
  });

  test('splitting long runs changes the count of a long text by less than one percent', async () => {
    const words = Array.from({ length: 400 }, (_, index) => `word${index}`).join('');
    const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
    const exact = countTokens(words);
    expect(Math.abs((await estimateTokens(words, 'openai')) - exact)).toBeLessThanOrEqual(exact / 100);
  });

  test('counting megabytes yields the thread in between, and does not change the count', async () => {
    const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
    const lines = Array.from({ length: 30_000 }, (_, index) => `Line ${index}: ${TEXT}\n`).join('');
    await estimateTokens('load', 'openai');
    let turns = 0;
    let turn = setImmediate(function count() {
      turns += 1;
      turn = setImmediate(count);
    });
    const tokens = await estimateTokens(lines, 'openai');
    clearImmediate(turn);
    expect(tokens).toBe(countTokens(lines));
    expect(turns).toBeGreaterThan(lines.length / 40_000);
    const whole = '顾客两次逾期付款。😀'.repeat(10_000);
    const exact = countTokens(whole);
    expect(Math.abs((await estimateTokens(whole, 'openai')) - exact)).toBeLessThanOrEqual(exact / 100);
  });

  test('other families are scaled from it', async () => {
    const base = await estimateTokens(TEXT.repeat(100), 'openai');
    expect(await estimateTokens(TEXT.repeat(100), 'claude')).toBe(Math.round(base * 1.2));
    expect(await estimateTokens(TEXT.repeat(100), 'gemini')).toBe(Math.round(base * 1.05));
  });

  test('a conversation adds the frame of its messages, as in the OpenAI cookbook', async () => {
    const messages: Message[] = [
      { role: 'system', parts: [{ type: 'text', text: TEXT }] },
      { role: 'user', parts: [{ type: 'text', text: 'hello world' }] },
    ];
    expect(await estimateTokens(messages, 'openai')).toBe(10 + 2 + 2 * 4 + 3);
  });

  test('images, documents, tool calls and their results count', async () => {
    const image = { type: 'media' as const, url: 'data:image/png;base64,AAAA', contentType: 'image/png' };
    expect(await estimateTokens([image], 'openai')).toBe(765);
    const pdf = { type: 'media' as const, url: `data:application/pdf;base64,${'A'.repeat(160_000)}` };
    expect(await estimateTokens([pdf], 'openai')).toBe(3000);
    const call = { type: 'tool-call' as const, id: '1', name: 'lookup', input: { id: 42 } };
    const result = { type: 'tool-result' as const, id: '1', name: 'lookup', output: TEXT };
    expect(await estimateTokens([call, result], 'openai')).toBeGreaterThan(14);
  });

  test('tools and the output schema are part of a request', async () => {
    const messages: Message[] = [{ role: 'user', parts: [{ type: 'text', text: TEXT }] }];
    const { total: bare } = await estimateRequest({ messages }, 'openai');
    const tools = [{ name: 'lookup', inputSchema: { type: 'object' } }];
    const output = { format: 'json' as const, schema: { type: 'object', properties: { risk: { type: 'string' } } } };
    expect(bare).toBe(17);
    expect((await estimateRequest({ messages, tools, output }, 'openai')).total).toBeGreaterThan(bare + 15);
  });

  test('the parts of a request add up to its total, in every family', async () => {
    const messages: Message[] = [
      { role: 'system', parts: [{ type: 'text', text: TEXT.repeat(7) }] },
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'नमस्ते' },
          { type: 'text', text: 'hello world' },
        ],
      },
    ];
    const tools = [{ name: 'lookup', inputSchema: { type: 'object' } }];
    const output = { format: 'json' as const, schema: { type: 'object', properties: { risk: { type: 'string' } } } };
    for (const family of ['openai', 'openai-cl100k', 'claude', 'gemini', 'llama', 'other'] as const) {
      const parts = await estimateRequest({ messages, tools, output }, family);
      const sum = parts.messages.reduce((total, tokens) => total + tokens, parts.tools + parts.schema + parts.opening);
      expect(parts.total, family).toBe(sum);
      expect(Math.min(parts.tools, parts.schema, parts.opening), family).toBeGreaterThan(0);
    }
    expect(await estimateRequest({ messages: [] }, 'openai')).toMatchObject({ messages: [], total: 0 });
  });

  test.each([
    ['openai', 'gpt-5-mini', 'openai'],
    ['vertexai', 'claude-opus-4-6', 'claude'],
    ['vertexai', 'meta/llama-3.3-70b-instruct-maas', 'llama'],
    ['vertexai', 'endpoints/123', 'gemini'],
    ['vscode', 'copilot/gpt-5', 'openai'],
    ['openai-compatible', 'qwen3', 'other'],
    ['anthropic', 'some-tuned-model', 'claude'],
  ] as const)('%s %s has the tokenizer of %s', (type, model, family) => {
    expect(tokenFamily(type, model)).toBe(family);
  });
});

describe('a model’s encoding', () => {
  const familyOf = (encoding: string | undefined) =>
    encoding === 'cl100k_base' ? 'openai-cl100k' : encoding?.startsWith('o200k') ? 'openai' : undefined;

  test('is the one in the tokenizer’s own table, for every model in it, including fine-tuned ones and prefixed ids', async () => {
    const { modelToEncodingMap, DEFAULT_ENCODING } = await import('gpt-tokenizer/mapping');
    const models = await import('gpt-tokenizer/models');
    const listed = Object.values(models).flatMap((model) =>
      typeof model === 'object' && 'name' in model ? model.name : [],
    );
    const encodings = new Map<string, string>([
      ...listed.map((name): [string, string] => [name, DEFAULT_ENCODING]),
      ...Object.entries(modelToEncodingMap),
    ]);
    const known = [...encodings].flatMap(([id, encoding]) => {
      const family = familyOf(encoding);
      return family ? [{ id, family }] : []; // the others are completion models before GPT-3.5
    });
    expect(known.length).toBeGreaterThan(80);
    const wrong = known.flatMap(({ id, family }) =>
      [id, `ft:${id}:acme::a1`, `openai/${id}`, `openrouter/openai/${id}`].filter(
        (asked) => tokenFamily('openai', asked) !== family,
      ),
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    ['openai-compatible', 'openai/gpt-4-turbo', 'openai-cl100k'],
    ['openai-compatible', 'gpt-4-32k', 'openai-cl100k'],
    ['openai-compatible', 'gpt-oss:20b', 'openai'],
    ['vscode', 'copilot/gpt-4', 'openai-cl100k'],
    ['openai', 'gpt-4-1106-preview', 'openai-cl100k'],
    ['openai', 'gpt-4.5-preview', 'openai'],
    ['openai', 'gpt-4.1-mini', 'openai'],
    ['openai', 'chatgpt-4o-latest', 'openai'],
    ['azure-openai', 'gpt-35-turbo-16k', 'openai-cl100k'],
    ['azure-openai', 'team-gpt-4-prod', 'openai-cl100k'],
    ['azure-openai', 'team-gpt-4-1-mini', 'openai'],
    ['azure-openai', 'team-gpt-41', 'openai'],
    ['azure-openai', 'team-gpt-4o', 'openai'],
    ['azure-openai', 'churn', 'openai'],
  ] as const)('%s %s: %s', (type, model, family) => {
    expect(tokenFamily(type, model)).toBe(family);
  });
});

describe('the running count of live output', () => {
  test('stays close to the tokenizer on prose, code and Japanese, wherever the text is cut', async () => {
    const samples = [
      'Customers who paid late twice within a quarter left in the next one about three times as often. '.repeat(20),
      'for (const row of rows) {\n  if (row.risk_level === "high") results.push({ id: row.id });\n}\n'.repeat(20),
      '顧客の解約リスクは高いと判断しました。主な要因は支払いの遅延です。'.repeat(20),
    ];
    for (const sample of samples) {
      const counter = createTokenCounter();
      let counted = 0;
      for (let at = 0; at < sample.length; at += 7) counted = counter.add(sample.slice(at, at + 7));
      const exact = await estimateTokens(sample, 'openai');
      expect(counted / exact).toBeGreaterThan(0.7);
      expect(counted / exact).toBeLessThan(1.5);
    }
  });

  test('follows the encoding: a letter of Hindi, Greek or Thai is about one token for cl100k', async () => {
    const samples = [
      ['Hindi', 'ग्राहक ने दो बार देर से भुगतान किया, इसलिए जोखिम अधिक है। '],
      ['Chinese', '顾客两次逾期付款，因此流失风险较高。'],
      ['Russian', 'Клиент дважды задержал оплату, поэтому риск высокий. '],
      ['Thai', 'ลูกค้าชำระเงินล่าช้าสองครั้ง ความเสี่ยงจึงสูง '],
      ['Greek', 'Ο πελάτης καθυστέρησε δύο φορές την πληρωμή. '],
      ['English', TEXT],
    ];
    for (const [name, sample = ''] of samples) {
      const exact = await estimateTokens(sample.repeat(20), 'openai-cl100k');
      const ratio = createTokenCounter('openai-cl100k').add(sample.repeat(20)) / exact;
      expect(ratio, name).toBeGreaterThan(0.75);
      expect(ratio, name).toBeLessThan(1.3);
    }
  });

  test('previews the count with a text, and counts it only when it is added', () => {
    const counter = createTokenCounter();
    counter.add('abcd');
    expect(counter.after('efgh')).toBe(2);
    expect(counter.after('')).toBe(1);
    expect(counter.add('efgh')).toBe(2);
  });

  test('starts at zero and never decreases', () => {
    const counter = createTokenCounter();
    expect(counter.add('')).toBe(0);
    expect(counter.add('a')).toBe(1);
    expect(counter.add('bcd')).toBe(1);
    expect(counter.add('e')).toBe(2);
  });
});
