import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the local server does with the next request. */
export type Reply =
  | { kind: 'body'; body: string; status?: number; headers?: Record<string, string>; chunkBytes?: number }
  /** Sends `body`, then closes the connection normally (`end`) or abruptly (`reset`). */
  | { kind: 'broken'; body: string; how: 'end' | 'reset' }
  /** Sends `body` (or not even headers) and then nothing. */
  | { kind: 'silent'; body: string | undefined };

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export interface ScriptedServer {
  url: string;
  seen: SeenRequest[];
  /** Replies to the next requests, in order; the last one is repeated. */
  script(...replies: Reply[]): void;
  /** Resolves when the next request has arrived. */
  asked(): Promise<void>;
  /** Resolves when the client has closed the connection of a silent reply. */
  hungUp(): Promise<void>;
  close(): Promise<void>;
}

const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };

/** A server on 127.0.0.1 that replays its script, byte by byte if requested. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  let replies: Reply[] = [];
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let tellHungUp: () => void = () => undefined;
  let hungUp = new Promise<void>((resolve) => {
    tellHungUp = resolve;
  });

  let waiting: (() => void)[] = [];

  const server: Server = createServer(async (request, response) => {
    seen.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: await readBody(request),
    });
    for (const notify of waiting) notify();
    waiting = [];
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply?.kind === 'silent') response.on('close', () => tellHungUp());
    if (reply) await send(reply, response);
    else response.writeHead(500).end('nothing scripted');
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    script(...next) {
      replies = next;
      seen.length = 0;
      hungUp = new Promise((resolve) => {
        tellHungUp = resolve;
      });
    },
    asked: () => new Promise((resolve) => waiting.push(resolve)),
    hungUp: () => hungUp,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function send(reply: Reply, response: ServerResponse): Promise<void> {
  if (reply.kind === 'silent') {
    if (reply.body === undefined) return;
    response.writeHead(200, SSE).write(reply.body);
    return;
  }
  if (reply.kind === 'broken') {
    response.writeHead(200, SSE);
    await write(response, Buffer.from(reply.body));
    // The client must have read the first part before the connection breaks.
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (reply.how === 'end') response.end();
    else response.destroy();
    return;
  }
  response.writeHead(reply.status ?? 200, { ...SSE, ...reply.headers });
  const bytes = Buffer.from(reply.body);
  const size = reply.chunkBytes ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) await write(response, bytes.subarray(at, at + size));
  response.end();
}

function write(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.write(bytes, () => setImmediate(resolve));
  });
}

/** A fetch that responds with the body cut into exactly these chunks, where a socket might join them again. */
export function fetchOfChunks(chunks: readonly Uint8Array[]): typeof fetch {
  return async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
    return new Response(body, { status: 200, headers: SSE });
  };
}
