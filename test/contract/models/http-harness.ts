import type { ConnectionType } from '../../../src/core/models/chat-model.ts';
import type { CreateProvider } from '../../../src/core/models/connection.ts';
import { makeContext } from '../../unit/models/make-context.ts';
import type { Behavior, Harness } from './chat-model.contract.ts';
import { type Reply, type ScriptedServer, startScriptedServer } from './http-server.ts';
import type { Recordings } from './recordings.ts';

export interface HttpHarnessOptions {
  type: ConnectionType;
  model: string;
  createProvider: CreateProvider;
  recordings: Recordings;
  /** The path after the server's address in the connection's base URL. */
  path: string;
}

/** A provider file with the scripted local server. */
export async function startHttpHarness(options: HttpHarnessOptions): Promise<Harness & { server: ScriptedServer }> {
  const server = await startScriptedServer();
  return {
    server,
    model: options.model,
    connectionId: options.type,
    create: (overrides = {}) => {
      const connection = { id: options.type, type: options.type, baseUrl: server.url + options.path };
      return options.createProvider(makeContext({ connection, ...overrides }));
    },
    script: (...behaviors) => server.script(...behaviors.map((behavior) => toReply(behavior, options.recordings))),
    requests: () => server.seen.length,
    lastBody: () => server.seen.at(-1)?.body,
    hungUp: () => server.hungUp(),
    close: () => server.close(),
  };
}

function toReply(behavior: Behavior, recordings: Recordings): Reply {
  switch (behavior.kind) {
    case 'cut':
      return { kind: 'broken', body: recordings.cut, how: behavior.how };
    case 'status': {
      const body = recordings.error(behavior.message, behavior.code ?? 'error');
      const headers = { 'content-type': 'application/json', ...behavior.headers };
      return { kind: 'body', status: behavior.status, headers, body };
    }
    case 'silent':
      return { kind: 'silent', body: behavior.after === 'half' ? recordings.cut : undefined };
    case 'garbage':
      return toGarbage(behavior.what);
    default:
      return { kind: 'body', body: recordings[behavior.kind] ?? '' };
  }
}

function toGarbage(what: 'html' | 'not-json' | 'empty'): Reply {
  if (what === 'html') {
    const body = '<!doctype html>\n<html><body>Sign in to the network</body></html>';
    return { kind: 'body', headers: { 'content-type': 'text/html' }, body };
  }
  // Named like an event of each protocol, so that no client skips it because of its name.
  return { kind: 'body', body: what === 'empty' ? '' : 'event: message_start\ndata: {"oops": tru\n\n' };
}
