import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, isSecretHeader } from '../../../src/core/base/secrets/redact.ts';
import { cpuTimeMs } from '../cpu-time.ts';

describe('the redactor', () => {
  it('removes a registered secret anywhere', () => {
    const { redact } = createRedactor(['hunter2-hunter2']);

    expect(redact('a hunter2-hunter2 b hunter2-hunter2')).toBe('a [removed] b [removed]');
  });

  it('removes a secret in a URL, in JSON and in base64 at any offset', () => {
    const secret = 'p@ss/w"ord+&x';
    const { redact } = createRedactor([secret]);

    for (const text of [encodeURIComponent(secret), JSON.stringify({ secret })])
      expect(redact(text)).toContain('[removed]');
    for (const prefix of ['', 'u', 'us', 'use', 'user:']) {
      const encoded = Buffer.from(prefix + secret).toString('base64');
      expect(redact(`x ${encoded} y`), prefix).toContain('[removed]');
    }
  });

  it('removes a secret in any JSON notation', () => {
    const secret = "a/b<c>&d'e+f0123456789";
    const { redact } = createRedactor([secret]);
    const php = secret.replaceAll('/', '\\/');
    const go = secret.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
    const net = go.replaceAll("'", '\\u0027').replaceAll('+', '\\u002b');
    for (const text of [php, go, net]) {
      expect(JSON.parse(`"${text}"`)).toBe(secret);
      expect(redact(`"${text}"`)).toBe('"[removed]"');
    }
  });

  it('removes a secret in every URL encoding: any characters, either case, encoded several times', () => {
    const plain = fc.stringMatching(/^[A-Za-z0-9+/=_.%-]{8,40}$/);
    const code = (c: string, upper: boolean) => {
      const hex = c.charCodeAt(0).toString(16).padStart(2, '0');
      return `%${upper ? hex.toUpperCase() : hex}`;
    };
    const encode = (text: string, pick: (index: number) => number) =>
      [...text].map((c, index) => (c === '%' || pick(index) > 0 ? code(c, pick(index) > 1) : c)).join('');
    fc.assert(
      fc.property(plain, fc.array(fc.nat(2), { minLength: 1 }), fc.nat(2), (secret, picks, times) => {
        let form = secret;
        for (let level = 0; level <= times; level++) form = encode(form, (index) => picks[index % picks.length] ?? 0);
        const { redact, find } = createRedactor([secret]);
        expect(find(`a/${form}/b`)).toEqual([{ start: 2, end: 2 + form.length }]);
        expect(redact(`a/${form}/b`)).toBe('a/[removed]/b');
      }),
    );
  });

  it('removes a secret as HTML or a program writes it', () => {
    const secret = 'a+b/C=d_0123456789';
    const { redact } = createRedactor([secret]);
    const each = (write: (code: number, hex: string) => string) =>
      [...secret].map((c) => write(c.charCodeAt(0), c.charCodeAt(0).toString(16))).join('');
    for (const form of [
      each((code) => `&#${code};`),
      each((code) => `&#00${code};`),
      each((_, hex) => `&#x${hex};`),
      each((_, hex) => `&#X${hex.toUpperCase()};`),
      each((code) => `&amp;#${code};`),
      each((_, hex) => `\\x${hex}`),
      each((_, hex) => `\\u{${hex}}`),
      each((_, hex) => `\\U000000${hex}`),
      'a&plus;b&sol;C&equals;d&lowbar;0123456789',
      'a&#43b&sol;C=d_0123456789',
      'a&#43;b%2fC\\u003dd_0123456789',
    ]) {
      expect(redact(`say ${form}, twice`), form).toBe('say [removed], twice');
      const { find, openEnd } = createRedactor([secret]);
      // Cut anywhere, none of it is returned before the rest has arrived.
      for (let cut = 1; cut < form.length; cut++) {
        const [first] = find(form.slice(0, cut));
        if (!first) expect(openEnd(form.slice(0, cut)), form.slice(0, cut)).toBe(0);
      }
    }
    expect(redact('a &amp; b &#8364; &unknown; &constructor;')).toBe('a &amp; b &#8364; &unknown; &constructor;');
  });

  it('is as fast for 16 MB of text as for its pieces', () => {
    const { removeSecrets } = createRedactor(['sk-planted-0123456789abcdef']);
    const text = 'The rate is 12%, see C:\\temp or https://h/a%20b &amp; says "s".\n'.repeat(280_000);
    const began = cpuTimeMs();
    expect(removeSecrets(text)).toBe(text);
    expect(cpuTimeMs() - began).toBeLessThan(4000);
  });

  it.each([
    'sk-proj-abcdefghijklmnop',
    'sk-ant-api03-abcdefghijkl',
    'sk-abc*****wxyz',
    'AIzaSyA1234567890abcdefghijklmnopqrs',
    'ya29.a0AfH6SMBxyz_123',
    'ghp_abcdefghijklmnopqrstuv',
    'hf_abcdefghijklmnopqrst',
    'AKIAABCDEFGHIJKLMNOP',
  ])('removes text that looks like a key, even if it is not registered: %s', (key) => {
    expect(createRedactor().redact(`error: ${key} is wrong`)).toBe('error: [removed] is wrong');
  });

  it('removes the value of an Authorization header and keeps its scheme', () => {
    expect(createRedactor().redact('authorization: Bearer abcdefgh12345678')).toBe('authorization: Bearer [removed]');
  });

  it('does not change ordinary text', () => {
    const text = 'The task-list asks for a risk assessment; see https://example.com/a?b=c.';

    expect(createRedactor(['abc', undefined, '']).redact(text)).toBe(text);
  });

  it('keeps words in prompts that only look like keys', () => {
    const { removeSecrets } = createRedactor(['real-secret']);

    expect(removeSecrets('use sk-learn-pipelines, not real-secret')).toBe('use sk-learn-pipelines, not [removed]');
  });

  it('covers arrays, objects and keys of JSON', () => {
    const { redactJson } = createRedactor(['real-secret']);

    expect(redactJson({ a: ['real-secret', 1, null], 'real-secret': { b: 'x real-secret' } })).toEqual({
      a: ['[removed]', 1, null],
      '[removed]': { b: 'x [removed]' },
    });
  });

  it('never lets a registered secret through, whatever is around it', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9+/=_.-]{8,40}$/);
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const { redact } = createRedactor([value]);
        return !redact(before + value + after).includes(value) || '[removed]'.includes(value);
      }),
    );
  });

  it('knows which headers are never shown', () => {
    const secret = ['Authorization', 'x-api-key', 'api-key', 'X-Auth-Token', 'Cookie', 'x-goog-api-key'];

    expect(secret.filter(isSecretHeader)).toEqual(secret);
    expect(['content-type', 'user-agent', 'x-team', 'anthropic-version'].filter(isSecretHeader)).toEqual([]);
  });
});
