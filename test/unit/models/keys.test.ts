import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../src/core/models/connection.ts';
import { resolveAccess } from '../../../src/core/models/connections/access.ts';
import { readAllowedOrigins } from '../../../src/core/models/connections/allowed-origins.ts';
import { createEnvKeyStore } from '../../../src/core/models/connections/env-keys.ts';
import { cleanKey, createSecretKeyStore, fillSecrets, secretNames } from '../../../src/core/models/connections/keys.ts';
import { errorOf, memorySecrets } from './fixtures.ts';

const A = 'https://a.example';
const B = 'https://b.example';

function connection(over: Partial<Connection> = {}): Connection {
  return { id: 'x', type: 'openai', source: 'workspace', baseUrl: `${A}/v1`, headers: {}, ...over };
}

describe('keys in SecretStorage', () => {
  test('a key is used for the origin it was set for, and for no other', async () => {
    const store = createSecretKeyStore(memorySecrets());
    expect(await store.key(connection(), A)).toMatchObject({ kind: 'missing' });
    await store.setKey(connection(), A, 'planted-key');
    expect(await store.key(connection(), A)).toEqual({ kind: 'found', value: 'planted-key' });
    const refused = await store.key(connection(), B);
    expect(refused).toMatchObject({
      kind: 'refused',
      keyOrigin: A,
      action: { command: 'llmops.connection.allowOrigin', args: ['x'] },
    });
    expect(JSON.stringify(refused)).not.toContain('planted');
  });

  test('the user can allow it for the new origin too, including secrets of headers', async () => {
    const store = createSecretKeyStore(memorySecrets());
    const withHeader = connection({ headers: { 'X-Gateway': `\${secret:gate}` } });
    await store.setKey(withHeader, A, 'key-1');
    await store.setSecret(withHeader, A, { name: 'gate', value: 'gate-1' });
    await store.allowOrigin(withHeader, B);
    expect(await store.key(withHeader, B)).toEqual({ kind: 'found', value: 'key-1' });
    expect(await store.secret(withHeader, B, 'gate')).toEqual({ kind: 'found', value: 'gate-1' });
    expect(await store.key(withHeader, A)).toEqual({ kind: 'found', value: 'key-1' });
  });

  test('two workspaces with the same id and different servers each have their own key', async () => {
    const store = createSecretKeyStore(memorySecrets());
    await store.setKey(connection(), A, 'key-a');
    await store.setKey(connection(), B, 'key-b');
    expect(await store.key(connection(), A)).toEqual({ kind: 'found', value: 'key-a' });
    expect(await store.key(connection(), B)).toEqual({ kind: 'found', value: 'key-b' });
  });

  test('allowing an origin without a key sets none', async () => {
    const secrets = memorySecrets();
    await createSecretKeyStore(secrets).allowOrigin(connection(), B);
    expect(secrets.entries.size).toBe(0);
  });

  test('a removed key is removed for every origin, and other connections keep theirs', async () => {
    const store = createSecretKeyStore(memorySecrets());
    await store.setKey(connection(), A, 'key-a');
    await store.setKey(connection({ id: 'y' }), A, 'key-y');
    await store.removeKey(connection());
    expect(await store.key(connection(), A)).toMatchObject({ kind: 'missing' });
    expect(await store.key(connection({ id: 'y' }), A)).toMatchObject({ kind: 'found' });
  });

  test('secrets of headers are removed with the key', async () => {
    const secrets = memorySecrets();
    const store = createSecretKeyStore(secrets);
    const withHeader = connection({ headers: { 'X-Gateway': `\${secret:gate}` } });
    await store.setSecret(withHeader, A, { name: 'gate', value: 'gate-1' });
    await store.removeKey(withHeader);
    expect(secrets.entries.size).toBe(0);
  });

  test.each(['', 'nonsense', '{}', '{"latest":1,"values":{}}', '{"latest":"a","values":{"a":5}}', 'null'])(
    'an unreadable entry (%s) counts as none',
    async (text) => {
      const secrets = memorySecrets();
      secrets.entries.set('llmops.key.x', text);
      expect(await createSecretKeyStore(secrets).key(connection(), A)).toMatchObject({ kind: 'missing' });
    },
  );

  test('spaces around a pasted key are removed; one with a line break is rejected and not repeated', async () => {
    expect(cleanKey('  sk-1234 \n')).toBe('sk-1234');
    for (const bad of ['', '  ', 'planted\nkey', 'planted key', 'plantéd']) {
      expect(() => cleanKey(bad)).toThrow(/^The key (?!.*plant)/);
    }
  });

  test('all references in a header are filled in', () => {
    expect(secretNames(`Bearer \${secret:a-1} \${secret:b}`)).toEqual(['a-1', 'b']);
    const secrets = new Map([
      ['a-1', '$&1'],
      ['b', '2'],
    ]);
    expect(fillSecrets(`Bearer \${secret:a-1}:\${secret:b}`, secrets)).toBe('Bearer $&1:2');
  });
});

describe('keys of the command line', () => {
  const env = {
    OPENAI_API_KEY: 'planted-openai',
    AWS_SECRET_ACCESS_KEY: 'planted-aws',
    GOOGLE_API_KEY: 'planted-google',
    LLMOPS_SECRET_GATE_WAY: 'planted-gate',
    LLMOPS_TEAM_KEY: 'planted-team',
    HOME: '/home/planted',
  };
  const ask = async (over: Partial<Connection>, allow: string[] = []) => {
    const answer = await resolveAccess(connection(over), createEnvKeyStore(env, readAllowedOrigins(allow.join(' '))));
    if (answer.kind !== 'granted') expect(JSON.stringify([answer, String(answer.error)])).not.toContain('planted');
    return answer;
  };
  const OWN = 'https://api.openai.com/v1';

  test('a provider’s usual key is sent to the provider', async () => {
    expect(await ask({ baseUrl: OWN })).toMatchObject({ kind: 'granted', apiKey: 'planted-openai' });
    const googleai = { type: 'googleai', baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai' } as const;
    expect(await ask(googleai)).toMatchObject({ apiKey: 'planted-google' });
  });

  test('it is sent to another server only if the origin is listed', async () => {
    const refused = await ask({ baseUrl: 'https://evil.example/v1' });
    expect(refused).toMatchObject({ kind: 'key-origin', keyOrigin: 'https://api.openai.com' });
    expect(refused).toMatchObject({
      error: { code: 'key-origin', hint: expect.stringMatching(/https:\/\/evil\.example.*LLMOPS_ALLOW_ORIGINS/) },
    });
    const allowed = await ask({ baseUrl: 'http://127.0.0.1:9/v1' }, ['http://127.0.0.1:9']);
    expect(allowed).toMatchObject({ kind: 'granted', apiKey: 'planted-openai' });
    expect(await ask({ baseUrl: 'http://127.0.0.1:91/v1' }, ['http://127.0.0.1:9'])).toMatchObject({
      kind: 'key-origin',
    });
  });

  test('another secret of the machine is sent to no provider, not even to the provider’s own origin', async () => {
    const refused = await ask({ baseUrl: OWN, apiKeyEnv: 'AWS_SECRET_ACCESS_KEY' });
    expect(refused).toMatchObject({
      kind: 'key-origin',
      error: { message: expect.stringContaining('AWS_SECRET_ACCESS_KEY') },
    });
    const compatible = { type: 'openai-compatible', apiKeyEnv: 'AWS_SECRET_ACCESS_KEY' } as const;
    expect(await ask(compatible)).toMatchObject({ kind: 'key-origin' });
    // An origin alone does not allow other variables: the variable has to be named with it.
    expect(await ask(compatible, [A])).toMatchObject({
      kind: 'key-origin',
      error: {
        code: 'key-origin',
        hint: `To allow this, add AWS_SECRET_ACCESS_KEY=${A}/v1 to the environment variable LLMOPS_ALLOW_ORIGINS.`,
      },
    });
    expect(await ask(compatible, [`AWS_SECRET_ACCESS_KEY=${A}`])).toMatchObject({ apiKey: 'planted-aws' });
    for (const apiKeyEnv of ['HOME', 'GOOGLE_API_KEY', 'PATH']) {
      const place = `OPENAI_API_KEY=${A} ${A}`;
      expect((await ask({ ...compatible, apiKeyEnv }, [place])).kind).toBe(
        apiKeyEnv === 'PATH' ? 'no-key' : 'key-origin',
      );
    }
  });

  test('a secret in a header is sent only if the origin is listed', async () => {
    const headers = { 'X-Gateway': `token \${secret:gate-way}` };
    expect(await ask({ baseUrl: OWN, headers })).toMatchObject({ kind: 'key-origin' });
    expect(await ask({ baseUrl: OWN, headers }, ['https://api.openai.com'])).toMatchObject({
      kind: 'granted',
      headers: { 'X-Gateway': 'token planted-gate' },
    });
    expect(await ask({ baseUrl: OWN, headers: { 'X-Gateway': `\${secret:none}` } })).toMatchObject({
      kind: 'no-key',
      error: { hint: 'Set the environment variable LLMOPS_SECRET_NONE.' },
    });
  });

  test('an entry with a path allows keys only below it, so that the account of a gateway stays the same', async () => {
    const at = (baseUrl: string, allow: string, apiKeyEnv = 'LLMOPS_TEAM_KEY') =>
      ask({ type: 'openai-compatible', baseUrl, apiKeyEnv }, [allow]);
    for (const allow of [`${A}/team-a`, `LLMOPS_TEAM_KEY=${A}/team-a/`, `LLMOPS_TEAM_KEY=${A}/%74eam-a`]) {
      for (const path of ['/team-a', '/team-a/', '/team-a/v1', '/team%2Da/v1', '/x/../team-a/v1']) {
        expect(await at(A + path, allow), path).toMatchObject({ kind: 'granted', apiKey: 'planted-team' });
      }
      for (const path of [
        '',
        '/v1',
        '/team-b/v1',
        '/team-ab/v1',
        '/Team-a/v1',
        '/team-a/../team-b',
        '/team-a/%2e%2e/team-b',
        '/team-a%2f..%2fteam-b',
        '/team-a%2Fv1',
        '/team-a%252f..%252fteam-b',
        '//team-a/v1',
        '/team-a%5c..%5cteam-b',
      ]) {
        const answer = await at(A + path, allow);
        expect(answer, path).toMatchObject({ kind: 'key-origin' });
      }
      expect(await at(`${B}/team-a`, allow)).toMatchObject({ kind: 'key-origin' });
    }
    // Nothing below the allowed path may be read as a way out.
    for (const path of [
      '/team-a/..%2fteam-b',
      '/team-a/%2e%2e%2fteam-b',
      '/team-a//team-b',
      '/team-a/x%5cy',
      '/team-a/%zz',
    ]) {
      expect(await at(A + path, `LLMOPS_TEAM_KEY=${A}/team-a`), path).toMatchObject({
        kind: 'key-origin',
        error: { hint: expect.stringContaining('No entry in LLMOPS_ALLOW_ORIGINS can allow this') },
      });
    }
  });

  test('the suggested entry allows the key', async () => {
    for (const baseUrl of [`${A}/v1`, A, `${A}/team%20a/v1/`, 'http://127.0.0.1:8000/v1', 'https://[::1]:8443/a/b']) {
      const over = { type: 'openai-compatible', baseUrl, apiKeyEnv: 'AWS_SECRET_ACCESS_KEY' } as const;
      const refused = await ask(over);
      const entry = refused.kind === 'key-origin' ? / add (\S+) to /.exec(refused.error.hint ?? '')?.[1] : undefined;
      expect(await ask(over, [entry ?? '']), entry).toMatchObject({ apiKey: 'planted-aws' });
    }
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'a variable named %s is unknown, like any other that is not set',
    async (apiKeyEnv) => {
      expect(await ask({ type: 'openai-compatible', apiKeyEnv }, [A])).toMatchObject({
        kind: 'no-key',
        error: { code: 'missing-key', hint: `Set the environment variable ${apiKeyEnv}.` },
      });
    },
  );

  test('a missing key is reported with its variable', async () => {
    const own = { type: 'anthropic', baseUrl: 'https://api.anthropic.com' } as const;
    expect(await ask(own)).toMatchObject({
      kind: 'no-key',
      error: { hint: expect.stringContaining('ANTHROPIC_API_KEY') },
    });
    expect(await ask({ ...own, apiKeyEnv: 'ANTHROPIC_KEY_TEAM' })).toMatchObject({
      error: { hint: 'Set the environment variable ANTHROPIC_KEY_TEAM.' },
    });
  });

  test('an invalid key is reported by its variable, never repeated', async () => {
    const odd = { OPENAI_API_KEY: 'planted\nkey', LLMOPS_SECRET_GATE: 'planted\u0007' };
    const keys = createEnvKeyStore(odd, readAllowedOrigins('https://api.openai.com'));
    const headers = { authorization: `Bearer \${secret:gate}` };
    for (const over of [{ baseUrl: OWN }, { baseUrl: OWN, headers }]) {
      const answer = await resolveAccess(connection(over), keys);
      expect(answer).toMatchObject({ kind: 'no-key', error: { hint: expect.stringContaining('line break') } });
      expect(JSON.stringify(answer)).not.toContain('planted');
    }
  });

  test('a server that needs no key is queried without one', async () => {
    expect(await ask({ type: 'openai-compatible' })).toMatchObject({ kind: 'granted', apiKey: undefined, headers: {} });
  });

  test('nothing can be stored', async () => {
    const error = await errorOf(createEnvKeyStore(env, readAllowedOrigins(undefined)).setKey(connection(), A, 'key'));
    expect(error).toMatchObject({ code: 'usage' });
  });
});
