import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ConnectProxy extends AsyncDisposable {
  url: string;
  /** `host:port` of every CONNECT, and the absolute URL of every plain request, in order. */
  seen: string[];
  stop(): Promise<void>;
}

interface ProxyOptions {
  /** `user:password` that every request must contain. */
  credentials?: string;
  /** The real target of a name: `aiplatform.googleapis.com` → a port on 127.0.0.1. */
  hosts?: Record<string, number>;
}

/** A real forward proxy on loopback: CONNECT tunnels, and plain http by absolute URL. */
export async function startConnectProxy({ credentials, hosts = {} }: ProxyOptions = {}): Promise<ConnectProxy> {
  const seen: string[] = [];
  const sockets = new Set<Duplex>();
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const refuses = (request: IncomingMessage) => expected && request.headers['proxy-authorization'] !== expected;
  const resolve = (name: string, port: number) => ({ host: '127.0.0.1', port: hosts[name] ?? port });

  const server = createServer((request, response) => {
    seen.push(request.url ?? '');
    if (refuses(request)) return response.writeHead(407).end();
    const url = new URL(request.url ?? '');
    const target = resolve(url.hostname, Number(url.port || 80));
    const { method, headers } = request;
    const forwarded = httpRequest({ ...target, path: url.pathname, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(forwarded);
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    seen.push(request.url ?? '');
    if (refuses(request)) return client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const [name = '', port = '443'] = (request.url ?? '').split(':');
    const upstream = connect(resolve(name, Number(port)), () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      if (head.length > 0) upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((done) => server.close(() => done()));
  };
  const url = `http://${credentials ? `${credentials}@` : ''}127.0.0.1:${port}`;
  return { url, seen, stop, [Symbol.asyncDispose]: stop };
}
