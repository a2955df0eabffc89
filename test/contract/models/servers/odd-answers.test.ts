import { describe, expect, it } from 'vitest';
import type { Reply } from '../http-server.ts';
import { delta, json, sse, stop, usage, useServer } from './serve.ts';

const server = useServer();
const asPage = (body: string): Reply => ({ kind: 'body', headers: { 'content-type': 'text/html' }, body });

describe('an answer with the content type text/html', () => {
  it('is used if it is an event stream anyway', async () => {
    const answer = await server.ask(asPage(sse(delta({ content: 'Hello' }), stop(), '[DONE]')));

    expect(answer).toMatchObject({ text: 'Hello', error: undefined });
  });

  it.each([
    ['an error in JSON', '{"error":{"message":"No credit left."}}', 'No credit left.'],
    ['a text', 'Fatal error: no key configured', 'Fatal error: no key configured'],
    ['a page', '<!-- v2 --><html><body>Sign in</body></html>', 'sent a web page instead of an answer.'],
  ])('is shown with its own message: %s', async (_, body, message) => {
    const answer = await server.ask(asPage(body), { maxRetries: 0 });

    expect(answer.error?.message).toContain(message);
  });
});

describe('a body that ends inside its last event', () => {
  const cut = (...chunks: unknown[]) => `${sse(...chunks)}data: {"choices":[],"usage":{"prompt_tok`;

  it('is a cut answer, unless the model had ended it before', async () => {
    expect(await server.ask(cut(delta({ content: 'Hel' })))).toMatchObject({
      text: 'Hel',
      error: { code: 'stream-cut' },
    });
    expect(await server.ask(cut(delta({ content: 'Hello' }), stop()))).toMatchObject({
      text: 'Hello',
      finish: { reason: 'stop' },
      error: undefined,
    });
  });

  it('is a server error if the event is complete but not JSON', async () => {
    expect(await server.ask(`${sse(delta({ content: 'Hel' }))}data: {broken}`)).toMatchObject({
      error: { code: 'bad-response' },
    });
  });
});

describe('chunks with more than one part', () => {
  it('keep the text in the same chunk as the error', async () => {
    const last = delta({ content: 'lo' }, { finish_reason: 'error', error: { code: 502, message: 'Upstream died.' } });

    expect(await server.ask(sse(delta({ content: 'Hel' }), last))).toMatchObject({
      text: 'Hello',
      error: { message: expect.stringContaining('Upstream died.') },
    });
  });

  it.each([
    ['an object', { text: 'Hm.' }],
    ['a list of parts', [{ type: 'text', text: 'Hm.' }]],
  ])('keep reasoning that is %s', async (_, reasoning) => {
    expect(await server.ask(sse(delta({ reasoning }), delta({ content: 'Yes' }), stop()))).toMatchObject({
      text: 'Yes',
      reasoning: 'Hm.',
    });
  });

  it('call a tool once if the old field repeats the new one', async () => {
    const f = { name: 'f', arguments: '{"x":1}' };
    const calls = [{ index: 0, id: 'a', type: 'function', function: f }];
    const { calls: called } = await server.ask(sse(delta({ function_call: f, tool_calls: calls }), stop('tool_calls')));

    expect(called).toEqual([{ id: 'a', name: 'f', input: { x: 1 } }]);
  });
});

describe('impossible token counts', () => {
  const zeros = usage({ prompt_tokens: 9, completion_tokens: 0, total_tokens: 9 });

  it('are unknown: zero output tokens for an answer of reasoning, or of a picture', async () => {
    const thoughts = await server.ask(sse(delta({ reasoning_content: 'Hm.' }), stop(), zeros));
    expect(thoughts.usage).toEqual({ inputTokens: 9 });
    const picture = await server.ask(sse(delta({ images: [{ type: 'image_url' }] }), stop(), zeros));
    expect(picture.usage).toEqual({ inputTokens: 9 });
  });

  it('are unknown: more tokens than a number can represent', async () => {
    const counts = usage({ prompt_tokens: 9, completion_tokens: 1e300 });

    expect((await server.ask(sse(delta({ content: 'Hi' }), stop(), counts))).usage).toEqual({ inputTokens: 9 });
  });
});

describe('an imitation of the Messages API', () => {
  const ask = (...chunks: unknown[]) => server.ask(sse(...chunks), { type: 'anthropic' });
  const start = { type: 'message_start', message: { model: 'served', usage: { input_tokens: 9, output_tokens: 0 } } };
  const text = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } };
  const end = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 0 } };

  it('may omit the start and the end of a block', async () => {
    expect(await ask(start, { type: 'content_block_start', index: 0 }, text, end)).toMatchObject({
      text: 'Hi',
      error: undefined,
    });
    const tool = { type: 'tool_use', id: 'a', name: 'f', input: {} };
    const args = {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'input_json_delta', partial_json: '{"x":1}' },
    };
    const { calls } = await ask(start, { type: 'content_block_start', index: 0, content_block: tool }, args, end);
    expect(calls).toEqual([{ id: 'a', name: 'f', input: { x: 1 } }]);
  });

  it('may send a message whose content is a text, or none', async () => {
    const whole = { type: 'message', model: 'served', stop_reason: 'end_turn' };

    expect(await server.ask(json({ ...whole, content: 'Hi' }), { type: 'anthropic' })).toMatchObject({
      text: 'Hi',
      error: undefined,
    });
    expect(await server.ask(json(whole), { type: 'anthropic' })).toMatchObject({ text: '', error: undefined });
  });

  it('reports an answer that is a picture, and ignores zero reasoning tokens', async () => {
    const picture = { type: 'content_block_start', index: 0, content_block: { type: 'image', source: {} } };
    expect((await ask(start, picture, end)).warnings).toEqual([expect.stringContaining('it consists of 1 image')]);
    const thought = { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } };
    expect((await ask(start, thought, end)).usage).toMatchObject({ inputTokens: 9 });
    expect((await ask(start, thought, end)).usage).not.toHaveProperty('outputTokens');
  });
});
