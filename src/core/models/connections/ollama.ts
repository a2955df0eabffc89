import { isLoopback } from '../../base/network/loopback.ts';
import type { Fetch } from '../../base/ports.ts';
import type { Connection } from '../connection.ts';
import type { Environment } from './connection-defaults.ts';

const USUAL_PORT = 11_434;
const PROBE_MS = 500;

/** The address of an Ollama on this machine. OLLAMA_HOST counts only if it is this machine. */
export function ollamaOrigin(env: Environment): string {
  const usual = `http://127.0.0.1:${USUAL_PORT}`;
  const text = env.OLLAMA_HOST?.trim();
  if (!text) return usual;
  const address = text.includes('://') ? text : `http://${text.startsWith(':') ? `127.0.0.1${text}` : text}`;
  if (!URL.canParse(address)) return usual;
  const url = new URL(address);
  // Servers are configured to listen on every address as 0.0.0.0 or [::]; for a client on the machine that is the
  // loopback.
  const everywhere = url.hostname === '0.0.0.0' || url.hostname === '[::]';
  if (url.protocol !== 'http:' || !(everywhere || isLoopback(url.hostname))) return usual;
  const host = everywhere || url.hostname.endsWith('localhost') ? '127.0.0.1' : url.hostname;
  const hasPort = url.port !== '' || /:80(?:\/|$)/.test(address);
  return `http://${host}:${hasPort ? url.port || '80' : USUAL_PORT}`;
}

/** The connection to a running Ollama, or undefined. Probes only this machine, once and briefly; never throws. */
export async function findOllama(fetch: Fetch, env: Environment): Promise<Connection | undefined> {
  const origin = ollamaOrigin(env);
  try {
    const signal = AbortSignal.timeout(PROBE_MS);
    const response = await fetch(`${origin}/api/version`, { redirect: 'error', signal });
    const answer: unknown = response.ok ? await response.json() : undefined;
    if (typeof answer !== 'object' || answer === null || !('version' in answer)) return undefined;
  } catch {
    return undefined;
  }
  return { id: 'ollama', type: 'openai-compatible', source: 'discovered', baseUrl: `${origin}/v1`, headers: {} };
}
