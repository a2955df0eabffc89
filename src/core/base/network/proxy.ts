import { BlockList, isIP } from 'node:net';
import { UserError } from '../errors.ts';
import { isLoopback } from './loopback.ts';

/** The bypass entry that removes the rule that loopback is never proxied (Chromium's spelling). */
const PROXY_LOOPBACK = '<-loopback>';

interface ProxyRules {
  /** For https and gRPC; also for http if `httpProxyUrl` is missing. */
  proxyUrl?: string | undefined;
  httpProxyUrl?: string | undefined;
  noProxy?: string[] | undefined;
}

/** The proxy to reach a URL through, or undefined for a direct connection. */
export function selectProxy(url: URL, rules: ProxyRules): string | undefined {
  const plain = url.protocol === 'http:';
  const proxy = plain ? (rules.httpProxyUrl ?? rules.proxyUrl) : rules.proxyUrl;
  if (!proxy) return undefined;
  const bypass = rules.noProxy ?? [];
  if (isLoopback(url.hostname) && !bypass.includes(PROXY_LOOPBACK)) return undefined;
  const port = url.port || (plain ? '80' : '443');
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return bypass.some((entry) => matchesBypass(host, port, entry)) ? undefined : proxy;
}

/** `*`, `host`, `.suffix`, `*.suffix`, each with an optional `:port`, and IPv4 ranges (`10.0.0.0/8`), as curl reads NO_PROXY. */
function matchesBypass(host: string, port: string, entry: string): boolean {
  const text = entry.trim().toLowerCase();
  if (text === '' || text === PROXY_LOOPBACK) return false;
  if (text === '*') return true;
  const range = /^(\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/.exec(text);
  if (range) return isIP(host) === 4 && inRange(host, range[1] ?? '', Number(range[2]));
  const withPort = isIP(text) === 6 ? null : /^(.*):(\d+)$/.exec(text);
  if (withPort && withPort[2] !== port) return false;
  const name = (withPort?.[1] ?? text).replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}

function inRange(address: string, base: string, bits: number): boolean {
  if (isIP(base) !== 4 || bits > 32) return false;
  const range = new BlockList();
  range.addSubnet(base, bits);
  return range.check(address);
}

/** The rules named by the usual environment variables; lower case wins, as in curl. */
export function readProxyEnvironment(env: Record<string, string | undefined>): ProxyRules {
  const read = (name: string) => env[name] || env[name.toUpperCase()] || undefined;
  const all = read('all_proxy');
  const http = read('http_proxy') ?? all;
  const noProxy = read('no_proxy');
  return {
    proxyUrl: read('https_proxy') ?? http,
    httpProxyUrl: http,
    noProxy: noProxy?.split(/[\s,]+/).filter(Boolean),
  };
}

/** The environment without any proxy variables. */
export function withoutProxies<Env extends Record<string, string | undefined>>(env: Env): Env {
  const kept = Object.entries(env).filter(([name]) => !/^(?:https?|all|no)_proxy$/i.test(name));
  return Object.fromEntries(kept) as Env;
}

/** The proxy's complete URL. An unusable one, such as SOCKS, throws only when a request needs it. */
export function requireHttpProxy(proxyUrl: string): string {
  const text = proxyUrl.includes('://') ? proxyUrl : `http://${proxyUrl}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text.replace(/\/$/, '');
  const message = url
    ? `The proxy has the scheme ${url.protocol.slice(0, -1)}, which is not supported.`
    : 'The proxy setting is not a URL.';
  throw new UserError(message, {
    code: 'network',
    hint: 'Set http.proxy, HTTPS_PROXY or ALL_PROXY to http://host:port or https://host:port, or add the host to NO_PROXY.',
  });
}

/** `user:password` of a proxy URL, decoded; undefined if it has no user. */
export function proxyCredentials(proxyUrl: string): string | undefined {
  const { username, password } = new URL(proxyUrl);
  return username ? `${decodeURIComponent(username)}:${decodeURIComponent(password)}` : undefined;
}
