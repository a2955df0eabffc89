import { describe, expect, it } from 'vitest';
import { delta, json, sse, stop, useServer } from './serve.ts';

const server = useServer();
const DONE = '[DONE]';

describe('content as a list of parts', () => {
  it('separates text and reasoning, as Mistral’s reasoning models stream it', async () => {
    const thinking = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
    const answer = await server.ask(
      sse(
        delta({ role: 'assistant', content: '' }),
        delta({ content: [thinking('First, ')] }),
        delta({ content: [{ ...thinking('add.'), closed: true }] }),
        delta({ content: [{ type: 'text', text: 'It is ' }] }),
        delta({ content: 'four' }),
        delta({
          content: [
            { type: 'text', text: '.' },
            { type: 'reference', reference_ids: [1, 2] },
          ],
        }),
        stop(),
        DONE,
      ),
    );

    expect(answer).toMatchObject({ text: 'It is four.', reasoning: 'First, add.', error: undefined, warnings: [] });
  });

  it.each([
    ['thoughts as a plain text', [{ type: 'thinking', thinking: 'hm' }], '', 'hm'],
    ['reasoning parts', [{ type: 'reasoning', text: 'hm' }], '', 'hm'],
    ['a summary', [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] }], '', 'hm'],
    ['output_text', [{ type: 'output_text', text: 'yes' }], 'yes', ''],
    ['parts without a type', [{ text: 'yes' }], 'yes', ''],
    ['texts in the list', ['y', 'es'], 'yes', ''],
    ['one part instead of a list', { type: 'text', text: 'yes' }, 'yes', ''],
    ['a text in an object of its own', [{ type: 'text', text: { value: 'yes' } }], 'yes', ''],
    ['a number', 42, '42', ''],
    ['lists in lists', [[{ type: 'text', text: 'yes' }]], 'yes', ''],
  ])('is read in every shape: %s', async (_, content, text, reasoning) => {
    const answer = await server.ask(sse(delta({ content }), stop(), DONE));

    expect(answer).toMatchObject({ text, reasoning, error: undefined });
  });

  it('is never shown as [object Object], and reports what it could not show', async () => {
    const parts = [
      { type: 'text', text: 'See: ' },
      { type: 'tool_reference', x: { y: 1 } },
      { type: 'widget', z: [{}] },
    ];
    const { text, warnings } = await server.ask(sse(delta({ content: parts }), stop(), DONE));

    expect(text).toBe('See: ');
    expect(warnings.join()).toContain('1 part of type widget');
    expect(JSON.stringify({ text, warnings })).not.toContain('[object');
  });

  it('reports pictures if an answer contains nothing else', async () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
    const only = await server.ask(sse(delta({ content: '', images: [image, image] }), stop(), DONE));
    expect(only).toMatchObject({ text: '', error: undefined });
    expect(only.warnings).toEqual([
      'answer-media: The answer has no text: it consists of 2 images, which cannot be shown here.',
    ]);

    const both = await server.ask(sse(delta({ content: [image, { type: 'text', text: 'A cat.' }] }), stop(), DONE));
    expect(both.warnings).toEqual(['answer-media: The answer also contains 1 image, which cannot be shown here.']);
  });
});

describe('reasoning next to the content', () => {
  it.each([
    ['an empty reasoning_content next to reasoning', { reasoning_content: '', reasoning: 'hm' }],
    ['a null next to it', { reasoning_content: null, reasoning: 'hm' }],
    ['the same under both names', { reasoning_content: 'hm', reasoning: 'hm' }],
    [
      'details only, as OpenRouter sends them',
      { reasoning: null, reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] },
    ],
    ['a summary in the details', { reasoning_details: [{ type: 'reasoning.summary', summary: 'hm' }] }],
    ['thinking', { thinking: 'hm' }],
  ])('is kept: %s', async (_, fields) => {
    const answer = await server.ask(sse(delta(fields), delta({ content: 'Yes.' }), stop(), DONE));

    expect(answer).toMatchObject({ text: 'Yes.', reasoning: 'hm' });
  });
});

describe('a message instead of deltas', () => {
  const message = (fields: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    model: 'served',
    choices: [{ index: 0, message: { role: 'assistant', ...fields }, ...more }],
  });

  it('is the answer of a server that ignores `stream: true`', async () => {
    const body = {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      ...message(
        {
          content: 'It rains.',
          reasoning_content: 'Look.',
          tool_calls: [
            { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
            { id: 'b', type: 'function', function: { name: 'f', arguments: '{"x":2}' } },
          ],
        },
        { finish_reason: 'tool_calls' },
      ),
      usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    };
    for (const reply of [json(body), json(JSON.stringify(body, null, 2)), json(`\n ${JSON.stringify(body)}\n`)]) {
      expect(await server.ask(reply)).toMatchObject({
        text: 'It rains.',
        reasoning: 'Look.',
        calls: [
          { id: 'a', name: 'f', input: { x: 1 } },
          { id: 'b', name: 'f', input: { x: 2 } },
        ],
        usage: { inputTokens: 7, outputTokens: 3 },
        finish: { reason: 'tool-calls' },
        error: undefined,
      });
    }
  });

  it('is read in a stream: complete, in pieces, or cumulative with every chunk', async () => {
    const end = (content: string) => message({ content }, { finish_reason: 'stop' });
    for (const chunks of [
      [end('Hello there')],
      [message({ content: 'Hello' }), message({ content: ' there' }), message({}, { finish_reason: 'stop' })],
      [message({ content: 'Hello' }), message({ content: 'Hello there' }), end('Hello there')],
    ]) {
      expect(await server.ask(sse(...chunks, DONE))).toMatchObject({ text: 'Hello there', error: undefined });
    }
  });

  it('adds nothing to the deltas that it only repeats, as Perplexity sends both', async () => {
    const both = (piece: string, all: string, reason: string | null = null) =>
      delta({ content: piece }, { message: { role: 'assistant', content: all }, finish_reason: reason });
    const { text } = await server.ask(sse(both('Hel', 'Hel'), both('lo', 'Hello'), both('', 'Hello', 'stop')));

    expect(text).toBe('Hello');
  });

  it('is read from a body with one document per line', async () => {
    const lines = [delta({ content: 'Hel' }), delta({ content: 'lo' }), stop()].map((chunk) => JSON.stringify(chunk));
    const answer = await server.ask(json(`${lines.join('\n')}\n`));

    expect(answer).toMatchObject({ text: 'Hello', finish: { reason: 'stop' }, error: undefined });
  });

  it('has its text in the place of old completions', async () => {
    const chunk = (text: string, reason: string | null) => ({ choices: [{ index: 0, text, finish_reason: reason }] });

    expect((await server.ask(sse(chunk('Hel', null), chunk('lo', 'stop'), DONE))).text).toBe('Hello');
  });
});

describe('the end of a stream', () => {
  it('may be only [DONE], followed by spaces, and nothing after it is read', async () => {
    for (const end of ['[DONE]', '[DONE] ', ' [DONE]\t', '[DONE]\r']) {
      const answer = await server.ask(
        `${sse(delta({ content: 'Hi' }))}data: ${end}\n\n${sse(delta({ content: '!' }))}`,
      );
      expect(answer).toMatchObject({
        text: 'Hi',
        finish: { reason: 'unknown', rawReason: undefined },
        error: undefined,
      });
    }
  });

  it('is not an end without a reason or [DONE]', async () => {
    expect((await server.ask(sse(delta({ content: 'Hi' })))).error).toMatchObject({ code: 'stream-cut' });
  });

  it('is an error if only [DONE] arrived', async () => {
    expect((await server.ask('data: [DONE]\n\n')).error).toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('without an answer'),
    });
  });
});
