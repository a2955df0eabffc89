import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with received credentials; each is a way in which a key could be leaked. */
export const LEAKS = [
  'in an error of JSON',
  'in an error of HTML',
  'in a redirect',
  'in an answer, in pieces',
  'in an answer, whole and in every other field',
  'in an error in the middle of an answer',
  'in an answer, in pieces with reasoning between them',
  'in a text that is no answer',
] as const;
export type Leak = (typeof LEAKS)[number];

export interface LeakyServer extends AsyncDisposable {
  url: string;
  leak: Leak;
  /** Every credential that arrived, to show that the keys were really sent. */
  seen: Set<string>;
}

export async function startLeakyServer(): Promise<LeakyServer> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response, leaky));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const leaky: LeakyServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leak: LEAKS[0],
    seen: new Set(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return leaky;
}

function answer(request: IncomingMessage, response: ServerResponse, { leak, seen }: LeakyServer): void {
  const { authorization = '', 'x-api-key': own = '', 'api-key': azure = '', 'x-gate': gate = '' } = request.headers;
  const sent = [authorization, own, azure, gate].map(String).filter((value) => value !== '');
  for (const value of sent) seen.add(value.replace(/^(Bearer|token) /, ''));
  const keys = sent.join(' and ');
  const lower = encodeURIComponent(keys).replace(/%../g, (code) => code.toLowerCase());
  const hidden = `${lower} ${encodeURIComponent(lower)} ${encodeURIComponent(keys)} ${Buffer.from(keys).toString('base64')} ${JSON.stringify(keys)}`;
  const type = request.url?.includes('/messages') ? 'anthropic' : 'openai';
  if (request.method === 'GET') {
    const data = [{ id: `m-${keys}` }, { id: 'm', display_name: `Model of ${keys} ${hidden}`, shutdown_date: keys }];
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ data, has_more: false }));
    return;
  }
  const chunk = (text: string) => {
    response.write(type === 'openai' ? openaiText(text, leak, keys) : anthropicText(text));
    if (leak !== 'in an answer, in pieces with reasoning between them') return;
    response.write(type === 'openai' ? openaiReasoning('hm. ') : anthropicReasoning('hm. '));
  };
  switch (leak) {
    case 'in an error of JSON':
      response.writeHead(401, { 'content-type': 'application/json', 'x-request-id': encodeURIComponent(keys) });
      response.end(
        JSON.stringify({ error: { message: `No: ${keys} ${hidden}`, type: keys, code: keys, param: keys } }),
      );
      return;
    case 'in an error of HTML':
      response.writeHead(500, { 'content-type': 'text/html' }).end(`<html><title>${keys}</title>${hidden}</html>`);
      return;
    case 'in a redirect':
      response.writeHead(307, { location: `https://${encodeURIComponent(keys)}.example/?k=${hidden}` }).end(keys);
      return;
    case 'in a text that is no answer':
      response.writeHead(200, { 'content-type': 'text/plain' }).end(`${keys} ${hidden} `.repeat(30));
      return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(type === 'openai' ? '' : anthropicStart(leak.includes('every other field') ? keys : 'm'));
  const text = `You sent ${keys}, that is ${hidden}.`;
  const whole = leak === 'in an answer, whole and in every other field';
  for (const piece of whole ? [text] : (text.match(/[\s\S]{1,5}/g) ?? [])) chunk(piece);
  if (leak === 'in an error in the middle of an answer') {
    const error = { type: 'error', error: { type: keys, message: `${keys} ${hidden}`, code: keys } };
    response.end(`event: error\ndata: ${JSON.stringify(error)}\n\n`);
    return;
  }
  response.end(type === 'openai' ? openaiEnd(whole ? keys : 'stop') : anthropicEnd(whole ? keys : 'end_turn'));
}

const line = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;
const event = (fields: { type: string }) => `event: ${fields.type}\n${line(fields)}`;

function openaiText(content: string, leak: Leak, keys: string): string {
  const more = leak === 'in an answer, whole and in every other field';
  const call = {
    index: 0,
    id: keys,
    type: 'function',
    function: { name: keys, arguments: JSON.stringify({ [keys]: keys }) },
  };
  const delta = { content, ...(more ? { reasoning_content: keys, tool_calls: [call] } : {}) };
  return line({
    id: more ? keys : 'c',
    model: more ? keys : 'm',
    system_fingerprint: more ? keys : 'f',
    choices: [{ index: 0, delta }],
  });
}

function openaiReasoning(reasoning_content: string): string {
  return line({ id: 'c', model: 'm', choices: [{ index: 0, delta: { reasoning_content } }] });
}

function openaiEnd(reason: string): string {
  const usage = { prompt_tokens: 5, completion_tokens: reason, total_tokens: { [reason]: reason } };
  return `${line({ id: 'c', choices: [{ index: 0, delta: {}, finish_reason: reason }], usage })}data: [DONE]\n\n`;
}

function anthropicStart(model: string): string {
  const message = {
    id: model,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    usage: { input_tokens: 5, cache_read_input_tokens: model },
  };
  return (
    event({ type: 'message_start', message } as never) +
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as never)
  );
}

function anthropicText(text: string): string {
  return event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } } as never);
}

function anthropicReasoning(thinking: string): string {
  return event({ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking } } as never);
}

function anthropicEnd(reason: string): string {
  const end = {
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: reason },
    usage: { output_tokens: 3 },
  };
  return (
    event({ type: 'content_block_stop', index: 0 } as never) + event(end as never) + event({ type: 'message_stop' })
  );
}
