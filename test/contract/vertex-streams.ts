import type { VertexReply } from './vertex-server.ts';

export const DEFAULT_USAGE = { input: 11, output: 7 };

/** A reply's text in pieces of a few characters, as models send it. */
export function splitText(text: string): string[] {
  return text.match(/.{1,6}/gs) ?? [];
}

/** Responses of streamGenerateContent as in REST; usage grows, and the reason comes last. */
export function geminiChunks(
  model: string,
  { text, usage = DEFAULT_USAGE, ending }: VertexReply,
): Record<string, unknown>[] {
  const pieces = splitText(text ?? `Answer of ${model.split('/').at(-1)}.`);
  return pieces.map((piece, index) => {
    const last = index === pieces.length - 1 && ending === undefined;
    return {
      candidates: [{ content: { role: 'model', parts: [{ text: piece }] }, ...(last ? { finishReason: 'STOP' } : {}) }],
      modelVersion: model.split('/').at(-1),
      responseId: 'response-1',
      usageMetadata: {
        promptTokenCount: usage.input,
        ...(last
          ? {
              candidatesTokenCount: usage.output,
              thoughtsTokenCount: usage.thoughts ?? 0,
              cachedContentTokenCount: usage.cached ?? 0,
              totalTokenCount: usage.input + usage.output + (usage.thoughts ?? 0),
            }
          : {}),
      },
    };
  });
}

/** Server-sent events of Anthropic's Messages API. */
export function* anthropicEvents(model: string, reply: VertexReply): Generator<string> {
  const usage = reply.usage ?? DEFAULT_USAGE;
  const events: Record<string, unknown>[] = reply.chunks ?? [
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        usage: { input_tokens: usage.input, output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...splitText(reply.text ?? `Answer of ${model}.`).map((text) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    })),
    ...(reply.ending
      ? []
      : [
          { type: 'content_block_stop', index: 0 },
          { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: usage.output } },
          { type: 'message_stop' },
        ]),
  ];
  for (const event of events) yield `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Server-sent chunks of chat completions. */
export function* openAiChunks(model: string, reply: VertexReply): Generator<string> {
  const usage = reply.usage ?? DEFAULT_USAGE;
  const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model };
  const chunks: Record<string, unknown>[] = reply.chunks ?? [
    ...splitText(reply.text ?? `Answer of ${model}.`).map((content) => ({
      ...head,
      choices: [{ index: 0, delta: { content }, finish_reason: null }],
    })),
    ...(reply.ending
      ? []
      : [
          { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
          {
            ...head,
            choices: [],
            usage: {
              prompt_tokens: usage.input,
              completion_tokens: usage.output,
              total_tokens: usage.input + usage.output,
            },
          },
        ]),
  ];
  for (const chunk of chunks) yield `data: ${JSON.stringify(chunk)}\n\n`;
  if (!reply.ending) yield 'data: [DONE]\n\n';
}
