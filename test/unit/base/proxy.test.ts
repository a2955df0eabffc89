import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../../src/core/base/network/loopback.ts';
import {
  proxyCredentials,
  readProxyEnvironment,
  selectProxy,
  withoutProxies,
} from '../../../src/core/base/network/proxy.ts';

const proxyUrl = 'http://proxy.corp:3128';
const through = (url: string, noProxy: string[] = []) => selectProxy(new URL(url), { proxyUrl, noProxy });

describe('choosing a proxy', () => {
  it('goes through the proxy by default', () => {
    expect(through('https://api.openai.com/v1')).toBe(proxyUrl);
    expect(through('http://vllm.corp/v1')).toBe(proxyUrl);
  });

  it.each(['http://localhost:11434', 'http://127.0.0.1:8080', 'http://127.9.9.9', 'https://[::1]:8443'])(
    'never proxies loopback unless configured to: %s',
    (url) => {
      expect(through(url)).toBeUndefined();
      expect(through(url, ['<-loopback>'])).toBe(proxyUrl);
    },
  );

  it.each([
    ['*', 'https://api.openai.com'],
    ['openai.com', 'https://api.openai.com'],
    ['.openai.com', 'https://api.openai.com'],
    ['*.openai.com', 'https://api.openai.com'],
    ['API.OpenAI.com', 'https://api.openai.com'],
    ['api.openai.com:443', 'https://api.openai.com'],
    ['10.0.0.0/8', 'http://10.20.30.40:8000/v1'],
    ['10.20.30.40', 'http://10.20.30.40:8000/v1'],
    ['[fd00::1]:8000', 'http://[fd00::1]:8000/v1'],
    ['fd00::1', 'http://[fd00::1]:8000/v1'],
  ])('bypasses the proxy for %s', (entry, url) => {
    expect(through(url, [entry])).toBeUndefined();
  });

  it.each([
    ['openai.com', 'https://notopenai.com'],
    ['api.openai.com:8443', 'https://api.openai.com'],
    ['10.0.0.0/8', 'http://11.0.0.1'],
    ['', 'https://api.openai.com'],
  ])('does not treat %j as a match of %s', (entry, url) => {
    expect(through(url, [entry])).toBe(proxyUrl);
  });

  it('uses HTTP_PROXY only for plain http if both are set', () => {
    const rules = readProxyEnvironment({ HTTPS_PROXY: 'http://s:1', http_proxy: 'http://p:2', NO_PROXY: 'a.b, c.d' });
    expect(selectProxy(new URL('https://x.y'), rules)).toBe('http://s:1');
    expect(selectProxy(new URL('http://x.y'), rules)).toBe('http://p:2');
    expect(selectProxy(new URL('http://c.d'), rules)).toBeUndefined();
  });

  it('prefers lower case and falls back to HTTP_PROXY and ALL_PROXY', () => {
    expect(readProxyEnvironment({ HTTPS_PROXY: 'http://a', https_proxy: 'http://b' }).proxyUrl).toBe('http://b');
    expect(readProxyEnvironment({ HTTP_PROXY: 'http://a' }).proxyUrl).toBe('http://a');
    expect(readProxyEnvironment({ all_proxy: 'http://a' }).httpProxyUrl).toBe('http://a');
    expect(readProxyEnvironment({ HTTPS_PROXY: '' }).proxyUrl).toBeUndefined();
  });

  it('can be switched off without changing the rest of the environment', () => {
    const env = {
      HTTPS_PROXY: 'http://a',
      http_proxy: 'http://b',
      ALL_PROXY: 'http://c',
      no_proxy: '*',
      NODE_EXTRA_CA_CERTS: '/ca',
    };
    expect(withoutProxies(env)).toEqual({ NODE_EXTRA_CA_CERTS: '/ca' });
    expect(readProxyEnvironment(withoutProxies(env))).toEqual({});
  });

  it('decodes the user and password of a proxy URL', () => {
    expect(proxyCredentials('http://me:p%40ss@proxy:1')).toBe('me:p@ss');
    expect(proxyCredentials('http://me@proxy:1')).toBe('me:');
    expect(proxyCredentials('http://proxy:1')).toBeUndefined();
  });

  it('recognizes loopback by name and address', () => {
    expect(['localhost', 'app.localhost', '127.0.0.1', '[::1]'].every(isLoopback)).toBe(true);
    expect(['10.0.0.1', 'localhost.evil.com', '127.0.0.1.evil.com', '0.0.0.0'].some(isLoopback)).toBe(false);
  });
});
