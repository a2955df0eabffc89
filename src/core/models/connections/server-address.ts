import { isIP } from 'node:net';
import { isLoopback } from '../../base/network/loopback.ts';

/** The intended base URL, or what is wrong with the text and how to write it. */
export type ServerAddress = { baseUrl: string } | { problem: string };

/** Names that exist only within a network, where servers seldom have a certificate. */
const PRIVATE_NAME = /^[^.]+$|\.(?:local|internal|lan|home|home\.arpa|localdomain|intranet|corp|private)$/;

/** Path suffixes that manuals show for single requests; the base URL is what precedes them. */
const ENDPOINT = /\/(?:chat\/completions|completions|responses|embeddings|models)\/*$/;

/**
 * Reads the address of an OpenAI-compatible server as people write it. Without a scheme, this machine and private
 * networks get http, all others https; without a scheme and a path it gets /v1, the usual path of such an API.
 */
export function readServerAddress(written: string): ServerAddress {
  const text = written.trim();
  if (text === '') return { problem: 'Enter the address of the server, such as 127.0.0.1:11434.' };
  if (/\s/.test(text)) return { problem: 'An address cannot contain spaces.' };
  const typo = schemeTypo(text);
  if (typo !== undefined) return { problem: typo };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return { problem: `An address starts with http:// or https://, not ${scheme}://.` };
  }
  return scheme === undefined ? readBare(text) : readUrl(text);
}

/** `http:/host`, `https//host`, `htpp://host`; undefined if the beginning is correct. */
function schemeTypo(text: string): string | undefined {
  const [, name = '', between = '', rest = ''] = /^([a-z]+)([:;]?\/*)(.*)$/i.exec(text) ?? [];
  if (rest === '' || !/^h?t{1,3}h?p{1,2}s{0,2}$/i.test(name)) return undefined;
  const meant = /s$/i.test(name) ? 'https' : 'http';
  if (name.toLowerCase() === meant && between === '://') return undefined;
  // a machine may have such a name: `http:8080` is the only way to write its port
  if (between === '' || (between === ':' && /^\d+(?:\/|$)/.test(rest))) return undefined;
  return `Did you mean ${meant}://${rest}? The address starts with ${name}${between}.`;
}

function readBare(text: string): ServerAddress {
  const [authority = '', ...path] = text.split(/(?=[/?#])/);
  if ((authority.match(/:/g) ?? []).length > 1 && !/^\[|@/.test(authority)) {
    const address = isIP(authority) === 6 ? `[${authority}]` : '[::1]:8080';
    return { problem: `Put an IPv6 address in brackets, such as ${address}.` };
  }
  const local = authority.startsWith(':') ? `127.0.0.1${authority}` : authority;
  const address = [local, ...path].join('');
  const parsed = readUrl(`http://${address}`);
  if (!('baseUrl' in parsed)) return parsed;
  const { hostname } = new URL(`http://${address}`);
  // servers print 0.0.0.0 or [::] when they listen on every address; for a client on the machine that is the loopback
  const reachable = /^(?:0\.0\.0\.0|\[::\])$/.test(hostname)
    ? address.replace(/^(?:0\.0\.0\.0|\[::\])/, '127.0.0.1')
    : address;
  const url = new URL(`${isPrivate(hostname) ? 'http' : 'https'}://${reachable}`);
  if (url.pathname === '/' && path.join('') === '') url.pathname = '/v1';
  return { baseUrl: trimmed(url) };
}

function readUrl(text: string): ServerAddress {
  if (!URL.canParse(text)) {
    const port = /:(\d+)(?:[/?#]|$)/.exec(text.replace(/^https?:\/\//i, ''))?.[1];
    if (port !== undefined && Number(port) > 65_535) return { problem: `Invalid port ${port}: the highest is 65535.` };
    return { problem: 'This is not an address. Write it as host:port or as a URL, such as http://127.0.0.1:8000/v1.' };
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return { problem: `Remove the user name and password; use a header with \${secret:name}.` };
  }
  if (url.search !== '' || url.hash !== '') return { problem: 'A base URL cannot contain “?” or “#”.' };
  return { baseUrl: trimmed(url) };
}

function trimmed(url: URL): string {
  return url.href.replace(/\/+$/, '').replace(ENDPOINT, '');
}

/** This machine, a private or link-local network, a network between one's own machines, or a name without a public domain. */
function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isLoopback(host)) return true;
  if (isIP(host) === 6) return host === '::' || /^f[cd]|^fe[89ab]/.test(host);
  if (isIP(host) === 0) return PRIVATE_NAME.test(host);
  const [a = 0, b = 0] = host.split('.').map(Number);
  if (a === 0 || a === 10 || (a === 192 && b === 168) || (a === 169 && b === 254)) return true;
  return (a === 172 && b >= 16 && b < 32) || (a === 100 && b >= 64 && b < 128);
}
