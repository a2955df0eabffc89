import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server answers to a request, by the text of its last message. */
export interface ChatReply {
  text?: string;
  /** Instead of an answer. */
  status?: number;
  headers?: Record<string, string>;
  delayMs?: number;
  /** Closes the connection without an answer, or after its text. */
  isCut?: boolean;
}

export interface ChatServer extends AsyncDisposable {
  /** The base URL of an OpenAI-compatible connection. */
  url: string;
  /** The last message of every request, in the order in which they arrived. */
  asked: string[];
  /** Those that were answered to their end. */
  answered: string[];
  /** Requests that are open now, and the most there were. */
  open: { now: number; most: number };
  reply: (question: string, body: ChatBody) => ChatReply;
}

interface ChatBody {
  model: string;
  messages: { role: string; content: unknown }[];
}

/** A server on 127.0.0.1 that speaks OpenAI's streaming chat completions, with token counts. */
export async function startChatServer(reply: ChatServer['reply'] = (text) => ({ text })): Promise<ChatServer> {
  const server = createServer((request, response) => {
    void answer(chat, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const chat: ChatServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked: [],
    answered: [],
    open: { now: 0, most: 0 },
    reply,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return chat;
}

async function answer(chat: ChatServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    response.writeHead(404).end();
    return;
  }
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const body = JSON.parse(text) as ChatBody;
  const question = contentOf(body.messages.at(-1)?.content);
  chat.asked.push(question);
  chat.open.now += 1;
  chat.open.most = Math.max(chat.open.most, chat.open.now);
  response.on('close', () => {
    chat.open.now -= 1;
  });
  const reply = chat.reply(question, body);
  if (reply.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, reply.delayMs));
  if (reply.isCut && reply.text !== undefined) cut(response, reply.text, body.model);
  else if (reply.isCut) response.destroy();
  else if (reply.status !== undefined && reply.status >= 400) refuse(response, reply);
  else stream(response, reply.text ?? '', body.model, () => chat.answered.push(question));
}

function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return (content as { text?: string }[]).map(({ text = '' }) => text).join('');
}

function refuse(response: ServerResponse, { status = 500, headers = {} }: ChatReply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ error: { message: `The server says ${status}.`, type: 'error' } }));
}

function cut(response: ServerResponse, text: string, model: string): void {
  const choices = [{ index: 0, delta: { role: 'assistant', content: text }, finish_reason: null }];
  const data = { id: 'chat', object: 'chat.completion.chunk', created: 1, model, choices };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`data: ${JSON.stringify(data)}\n\n`, () => response.destroy());
}

function stream(response: ServerResponse, text: string, model: string, onEnd: () => void): void {
  const chunk = (fields: object) => {
    const data = { id: 'chat', object: 'chat.completion.chunk', created: 1, model, ...fields };
    return `data: ${JSON.stringify(data)}\n\n`;
  };
  const choice = (delta: object, reason: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk(choice({ role: 'assistant', content: text })));
  response.write(chunk(choice({}, 'stop')));
  response.write(chunk({ choices: [], usage }));
  response.end('data: [DONE]\n\n', onEnd);
}
