import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** What the server does with a chat request. By default it answers "Hello." with its usage. */
export interface ChatReply {
  /** The answer, one delta each. */
  pieces?: string[];
  /** Between two deltas. */
  delayMs?: number;
  /** The reply begins when this is settled. */
  after?: Promise<unknown>;
  /** Breaks the connection after the deltas. */
  cut?: boolean;
  /** Sent unchanged instead of a stream of deltas. */
  raw?: string;
  status?: number;
  headers?: Record<string, string>;
}

export interface ChatServer {
  url: string;
  /** Requests with this key are answered, others get a 401; undefined if no key is needed. */
  key: string | undefined;
  seen: { path: string; headers: IncomingHttpHeaders }[];
  /** Replies to the next chat requests, in order; after the last one the default. */
  script(...replies: ChatReply[]): void;
  stop(): void;
}

const USAGE = { prompt_tokens: 120, completion_tokens: 30, total_tokens: 150 };

/** A small scripted server with OpenAI's chat completions API on 127.0.0.1. */
export async function startChatServer(options: { key?: string; models?: string[] } = {}): Promise<ChatServer> {
  const replies: ChatReply[] = [];
  const server: Omit<ChatServer, 'url' | 'stop'> = {
    key: options.key,
    seen: [],
    script: (...next) => void replies.splice(0, replies.length, ...next),
  };
  const data = (options.models ?? ['echo-1', 'echo-2']).map((id) => ({ id, object: 'model' }));
  const http = createServer((request, response) => {
    request.resume();
    const { url: path = '', headers } = request;
    server.seen.push({ path, headers });
    if (server.key !== undefined && headers.authorization !== `Bearer ${server.key}`) {
      return sendJson(response, 401, { error: { message: 'Incorrect API key provided.', code: 'invalid_api_key' } });
    }
    if (path.endsWith('/models')) return sendJson(response, 200, { object: 'list', data });
    void answer(response, replies.shift() ?? {});
  });
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  const { port } = http.address() as AddressInfo;
  return Object.assign(server, {
    url: `http://127.0.0.1:${port}/v1`,
    stop() {
      http.closeAllConnections();
      http.close();
    },
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function answer(response: ServerResponse, reply: ChatReply): Promise<void> {
  const { status = 200, headers = {}, pieces = ['Hel', 'lo.'] } = reply;
  await reply.after;
  const type = status === 200 ? 'text/event-stream' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers });
  if (reply.raw !== undefined) return void response.end(reply.raw);
  const send = (choices: unknown[], extra: object = {}) =>
    response.write(`data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', choices, ...extra })}\n\n`);
  for (const content of pieces) {
    send([{ index: 0, delta: { content }, finish_reason: null }]);
    if (reply.delayMs) await wait(reply.delayMs);
  }
  if (reply.cut) {
    // everything written has to leave this machine before the connection breaks
    await wait(50);
    return void response.destroy();
  }
  send([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  send([], { usage: USAGE });
  response.end('data: [DONE]\n\n');
}
