/**
 * Streams as in the providers' documentation, for replay. Each contains characters of two and four bytes, so
 * that a cut at every byte is also tested inside a character.
 */
export interface Recordings {
  /** Text 'Grüße, 🌍!' in three deltas; 12 input, 5 output tokens; ends normally. */
  text: string;
  /** Two complete tool calls: get_weather {"city":"Oslo"} and get_time {"zone":"Europe/Oslo"}. */
  tools: string;
  /** Reasoning 'Let me see.' before the text 'Yes.'; undefined if the protocol shows none. */
  reasoning: string | undefined;
  /** 100 input tokens, 60 of them cached (and 10 written to the cache, if reported); 20 output, 8 reasoning. */
  cached: string;
  /** The text 'Half', ended by the output limit. */
  length: string;
  /** The beginning of `text`, without the provider's end marker. */
  cut: string;
  /** The error bodies of the protocol. */
  error(message: string, code: string): string;
}

export const TEXT = 'Grüße, 🌍!';

function sse(chunks: readonly unknown[], { named = false, done = false } = {}): string {
  const lines = chunks.map((chunk) => {
    const name = named ? `event: ${(chunk as { type: string }).type}\n` : '';
    return `${name}data: ${JSON.stringify(chunk)}\n\n`;
  });
  return lines.join('') + (done ? 'data: [DONE]\n\n' : '');
}

function chat(choice: Record<string, unknown> | undefined, extra: Record<string, unknown> = {}) {
  const base = { id: 'c-1', model: 'served-1' };
  return { ...base, choices: choice ? [{ index: 0, finish_reason: null, ...choice }] : [], ...extra };
}

const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
const call = (index: number, fields: Record<string, unknown>) =>
  chat({ delta: { tool_calls: [{ index, ...fields }] } });

/** OpenAI's chat completions; `reasoningField` is the name that compatible servers use for reasoning. */
export function chatRecordings(reasoningField?: 'reasoning_content' | 'reasoning'): Recordings {
  const start = chat({ delta: { role: 'assistant', content: '' } });
  const end = (reason: string) => chat({ delta: {}, finish_reason: reason });
  const text = ['Grü', 'ße, ', '🌍!'].map((content) => chat({ delta: { content } }));
  const cachedUsage = {
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
    completion_tokens_details: { reasoning_tokens: 8 },
  };
  return {
    text: sse([start, ...text, end('stop'), chat(undefined, { usage })], { done: true }),
    tools: sse(
      [
        start,
        call(0, { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '' } }),
        call(0, { function: { arguments: '{"city":' } }),
        call(0, { function: { arguments: '"Oslo"}' } }),
        call(1, {
          id: 'call_b',
          type: 'function',
          function: { name: 'get_time', arguments: '{"zone":"Europe/Oslo"}' },
        }),
        end('tool_calls'),
        chat(undefined, { usage }),
      ],
      { done: true },
    ),
    reasoning:
      reasoningField &&
      sse(
        [
          start,
          ...['Let me', ' see.'].map((thought) => chat({ delta: { [reasoningField]: thought } })),
          chat({ delta: { content: 'Yes.' } }),
          end('stop'),
          chat(undefined, { usage }),
        ],
        { done: true },
      ),
    cached: sse([start, ...text, end('stop'), chat(undefined, { usage: cachedUsage })], { done: true }),
    length: sse([start, chat({ delta: { content: 'Half' } }), end('length'), chat(undefined, { usage })], {
      done: true,
    }),
    cut: sse([start, ...text.slice(0, 2)]),
    error: (message, code) => JSON.stringify({ error: { message, type: 'error', param: null, code } }),
  };
}

/** OpenAI's Responses API. */
export function responsesRecordings(): Recordings {
  const response = (extra: Record<string, unknown>) => ({
    id: 'resp_1',
    object: 'response',
    model: 'served-1',
    output: [],
    ...extra,
  });
  const created = { type: 'response.created', sequence_number: 0, response: response({ status: 'in_progress' }) };
  const delta = (text: string) => ({
    type: 'response.output_text.delta',
    item_id: 'm1',
    output_index: 0,
    content_index: 0,
    delta: text,
    sequence_number: 1,
  });
  const tokens = (input: number, output: number, cached = 0, reasoning = 0) => ({
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: cached === 0 ? 0 : 10 },
    output_tokens_details: { reasoning_tokens: reasoning },
  });
  const completed = (counts: unknown) => ({
    type: 'response.completed',
    sequence_number: 9,
    response: response({ status: 'completed', usage: counts }),
  });
  const itemDone = (item: unknown) => ({
    type: 'response.output_item.done',
    output_index: 0,
    sequence_number: 2,
    item,
  });
  const text = ['Grü', 'ße, ', '🌍!'].map(delta);
  const thought = (text: string) => ({
    type: 'response.reasoning_summary_text.delta',
    item_id: 'r1',
    output_index: 0,
    summary_index: 0,
    delta: text,
    sequence_number: 1,
  });
  return {
    text: sse([created, ...text, completed(tokens(12, 5))], { named: true }),
    tools: sse(
      [
        created,
        itemDone({
          type: 'function_call',
          id: 'f1',
          call_id: 'call_a',
          name: 'get_weather',
          arguments: '{"city":"Oslo"}',
        }),
        itemDone({
          type: 'function_call',
          id: 'f2',
          call_id: 'call_b',
          name: 'get_time',
          arguments: '{"zone":"Europe/Oslo"}',
        }),
        completed(tokens(12, 5)),
      ],
      { named: true },
    ),
    reasoning: sse(
      [
        created,
        thought('Let me'),
        thought(' see.'),
        itemDone({ type: 'reasoning', id: 'r1', summary: [], encrypted_content: 'opaque' }),
        delta('Yes.'),
        completed(tokens(12, 5)),
      ],
      { named: true },
    ),
    cached: sse([created, ...text, completed(tokens(100, 20, 60, 8))], { named: true }),
    length: sse(
      [
        created,
        delta('Half'),
        {
          type: 'response.incomplete',
          sequence_number: 9,
          response: response({
            status: 'incomplete',
            incomplete_details: { reason: 'max_output_tokens' },
            usage: tokens(12, 5),
          }),
        },
      ],
      { named: true },
    ),
    cut: sse([created, ...text.slice(0, 2)], { named: true }),
    error: (message, code) => JSON.stringify({ error: { message, type: 'error', param: null, code } }),
  };
}

/** Anthropic's Messages API. */
export function messagesRecordings(): Recordings {
  const start = (counts: Record<string, unknown>) => ({
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'served-1',
      content: [],
      stop_reason: null,
      usage: { output_tokens: 1, ...counts },
    },
  });
  const block = (index: number, contentBlock: unknown) => ({
    type: 'content_block_start',
    index,
    content_block: contentBlock,
  });
  const delta = (index: number, change: unknown) => ({ type: 'content_block_delta', index, delta: change });
  const stop = (index: number) => ({ type: 'content_block_stop', index });
  const end = (reason: string, counts: Record<string, unknown> = { output_tokens: 5 }) => [
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: counts },
    { type: 'message_stop' },
  ];
  const textDeltas = ['Grü', 'ße, ', '🌍!'].map((text) => delta(0, { type: 'text_delta', text }));
  const text = [block(0, { type: 'text', text: '' }), ...textDeltas, stop(0)];
  const cachedCounts = { input_tokens: 30, cache_read_input_tokens: 60, cache_creation_input_tokens: 10 };
  return {
    text: sse([start({ input_tokens: 12 }), { type: 'ping' }, ...text, ...end('end_turn')], { named: true }),
    tools: sse(
      [
        start({ input_tokens: 12 }),
        block(0, { type: 'tool_use', id: 'call_a', name: 'get_weather', input: {} }),
        delta(0, { type: 'input_json_delta', partial_json: '{"city":' }),
        delta(0, { type: 'input_json_delta', partial_json: '"Oslo"}' }),
        stop(0),
        block(1, { type: 'tool_use', id: 'call_b', name: 'get_time', input: {} }),
        delta(1, { type: 'input_json_delta', partial_json: '{"zone":"Europe/Oslo"}' }),
        stop(1),
        ...end('tool_use'),
      ],
      { named: true },
    ),
    reasoning: sse(
      [
        start({ input_tokens: 12 }),
        block(0, { type: 'thinking', thinking: '', signature: '' }),
        delta(0, { type: 'thinking_delta', thinking: 'Let me' }),
        delta(0, { type: 'thinking_delta', thinking: ' see.' }),
        delta(0, { type: 'signature_delta', signature: 'opaque' }),
        stop(0),
        block(1, { type: 'text', text: '' }),
        delta(1, { type: 'text_delta', text: 'Yes.' }),
        stop(1),
        ...end('end_turn'),
      ],
      { named: true },
    ),
    cached: sse(
      [
        start(cachedCounts),
        ...text,
        ...end('end_turn', { output_tokens: 20, input_tokens: null, output_tokens_details: { thinking_tokens: 8 } }),
      ],
      { named: true },
    ),
    length: sse(
      [
        start({ input_tokens: 12 }),
        block(0, { type: 'text', text: '' }),
        delta(0, { type: 'text_delta', text: 'Half' }),
        stop(0),
        ...end('max_tokens'),
      ],
      { named: true },
    ),
    cut: sse([start({ input_tokens: 12 }), ...text.slice(0, 3)], { named: true }),
    error: (message, code) => JSON.stringify({ type: 'error', error: { type: code, message } }),
  };
}
