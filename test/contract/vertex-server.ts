import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { createVertexGrpc, type GrpcHooks } from './vertex-grpc.ts';
import { anthropicEvents, openAiChunks } from './vertex-streams.ts';

/** A request as the server received it, with any protocol. */
export interface VertexRequest {
  protocol: 'gemini' | 'claude' | 'openai' | 'count' | 'list' | 'token';
  /** Resource name, or publisher and model. */
  model: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

/** The response. Without chunks, errors and delays it is one short text with usage. */
export interface VertexReply {
  text?: string;
  /** Raw responses of the protocol instead of `text`; for Gemini as in its REST API. */
  chunks?: Record<string, unknown>[];
  usage?: { input: number; output: number; cached?: number; thoughts?: number };
  delayMs?: number;
  /** After the chunks: silence until the client leaves, a broken connection, or an end without an end marker. */
  ending?: 'hang' | 'cut' | 'stop';
  error?: { status: number; grpc: string; message: string; retryAfterMs?: number };
}

export interface VertexServer {
  host: string;
  port: number;
  /** For `baseUrl` of a connection: http (gRPC without TLS on the same port), or https. */
  url: string;
  requests: VertexRequest[];
  /** Chooses the responses from now on; undefined restores the default one. */
  reply(choose: (request: VertexRequest) => VertexReply | undefined): void;
  /** Resolves once a client has abandoned a gRPC stream that was left open. */
  hungUp(): Promise<void>;
  stop(): Promise<void>;
}

export interface VertexServerOptions {
  /** TLS with this certificate; without it, plain http and gRPC. */
  tls?: { cert: string; key: string };
  /** The access token that every request must contain, and that `/token` returns. */
  token?: string;
  port?: number;
  /** For `listPublisherModels`, by publisher. */
  models?: Record<string, Record<string, unknown>[]>;
}

/** A local Vertex AI: gRPC from the public protos, Claude and chat completions over HTTP, all on one port. */
export async function startVertexServer(options: VertexServerOptions = {}): Promise<VertexServer> {
  const requests: VertexRequest[] = [];
  const sockets = new Set<Socket>();
  let choose: (request: VertexRequest) => VertexReply | undefined = () => undefined;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  let left = Promise.withResolvers<void>();
  const hooks: GrpcHooks = {
    hungUp: () => left.resolve(),
    token: options.token,
    models: options.models ?? DEFAULT_MODELS,
    cut,
    answer(request) {
      requests.push(request);
      return choose(request) ?? {};
    },
  };
  const grpc = await createVertexGrpc(hooks);
  const http = createHttpServer((request, response) => {
    answerHttp(request, response, { ...hooks }).catch(() => response.destroy());
  });
  const front = frontServer(options, {
    grpcPort: grpc.port,
    http: (socket) => http.emit('connection', socket),
    sockets,
  });
  await new Promise<void>((ready) => front.listen(options.port ?? 0, '127.0.0.1', ready));
  const { port } = front.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    reply(next) {
      choose = next;
      left = Promise.withResolvers();
    },
    hungUp: () => left.promise,
    async stop() {
      cut();
      grpc.stop();
      await new Promise((done) => front.close(done));
    },
  };
}

const DEFAULT_MODELS = {
  google: [{ name: 'publishers/google/models/gemini-2.5-flash', versionId: 'default', launchStage: 'GA' }],
  anthropic: [{ name: 'publishers/anthropic/models/claude-sonnet-4-5', versionId: '20250929', launchStage: 'GA' }],
  meta: [{ name: 'publishers/meta/models/llama-4-scout-17b-16e-instruct-maas', launchStage: 'GA' }],
};

interface Doors {
  grpcPort: number;
  http(socket: Socket): void;
  sockets: Set<Socket>;
}

/** gRPC is detected by HTTP/2's preface or, with TLS, by ALPN; everything else is HTTP/1. */
function frontServer({ tls }: VertexServerOptions, { grpcPort, http, sockets }: Doors): TcpServer {
  const watch = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const toGrpc = (socket: Socket) => {
    const upstream = connect(grpcPort, '127.0.0.1');
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    upstream.on('close', () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  };
  if (tls) {
    return createTlsServer({ ...tls, ALPNProtocols: ['h2', 'http/1.1'] }, (socket: TLSSocket) => {
      watch(socket);
      if (socket.alpnProtocol === 'h2') toGrpc(socket);
      else http(socket);
    });
  }
  return createTcpServer((socket) => {
    watch(socket);
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      if (first.subarray(0, 3).toString() === 'PRI') toGrpc(socket);
      else http(socket);
      socket.resume();
    });
  });
}

async function answerHttp(request: IncomingMessage, response: ServerResponse, hooks: GrpcHooks): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  const path = (request.url ?? '').split('?')[0] ?? '';
  const seen = recognize(path, text, request.headers);
  if (seen === undefined)
    return sendError(response, { status: 404, grpc: 'NOT_FOUND', message: `No such path: ${path}` });
  const reply = hooks.answer(seen);
  if (seen.protocol === 'token') {
    return sendJson(response, 200, { access_token: hooks.token ?? 'none', expires_in: 3600, token_type: 'Bearer' });
  }
  if (hooks.token && seen.headers.authorization !== `Bearer ${hooks.token}`) {
    return sendError(response, {
      status: 401,
      grpc: 'UNAUTHENTICATED',
      message: 'Request had invalid authentication credentials.',
    });
  }
  if (reply.error) return sendError(response, reply.error);
  if (seen.protocol === 'count') return sendJson(response, 200, { input_tokens: reply.usage?.input ?? 11 });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  for (const event of seen.protocol === 'claude'
    ? anthropicEvents(seen.model, reply)
    : openAiChunks(seen.model, reply)) {
    if (reply.delayMs) await wait(reply.delayMs);
    response.write(event);
  }
  // Everything written has to leave this machine before the connection breaks.
  if (reply.ending === 'cut') return void setTimeout(() => response.destroy(), 50);
  if (reply.ending !== 'hang') response.end();
}

function recognize(path: string, text: string, headers: IncomingMessage['headers']): VertexRequest | undefined {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  if (path === '/token') return { protocol: 'token', model: '', headers: own, body: {} };
  const body = JSON.parse(text || '{}') as Record<string, unknown>;
  const claude = /\/publishers\/anthropic\/models\/([^/:]+):(streamRawPredict|rawPredict)$/.exec(path);
  if (claude) {
    const model = decodeURIComponent(claude[1] ?? '');
    return { protocol: model === 'count-tokens' ? 'count' : 'claude', model, headers: own, body };
  }
  if (path.endsWith('/endpoints/openapi/chat/completions')) {
    return { protocol: 'openai', model: String(body.model), headers: own, body };
  }
  return undefined;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendError(
  response: ServerResponse,
  { status, grpc, message, retryAfterMs }: NonNullable<VertexReply['error']>,
): void {
  if (retryAfterMs !== undefined) response.setHeader('retry-after', String(retryAfterMs / 1000));
  sendJson(response, status, { error: { code: status, message, status: grpc } });
}
