import { describe, expect, test } from 'vitest';
import {
  mergeConnections,
  parseConnections,
  readSettingsConnections,
} from '../../../src/core/models/connections/connections.ts';

const PATH = '/folder/llmops/connections.yaml';

async function merge(yaml: string, options: { settings?: unknown; env?: Record<string, string> } = {}) {
  const declared = await parseConnections(yaml, PATH);
  const settings = readSettingsConnections(options.settings);
  return mergeConnections({
    env: options.env ?? {},
    hasHostModels: false,
    file: { declared, path: PATH },
    settings,
  });
}

/** The text in the file that a problem marks. */
async function problemsOf(yaml: string) {
  const { problems } = await merge(yaml);
  return problems.map(({ message, range, severity }) => ({
    message,
    severity,
    marked: range && yaml.slice(range.start, range.end),
  }));
}

describe('llmops/connections.yaml', () => {
  test('declares connections of every kind', async () => {
    const { connections, problems } = await merge(`
vllm-gke:
  type: openai-compatible
  baseUrl: https://llm.example.com/v1/
  apiKeyEnv: VLLM_KEY
  headers: { X-Team: churn, Authorization: 'Bearer \${secret:vllm}' }
  models: [llama-3-70b]
  timeoutMs: 90000
our-azure:
  type: azure-openai
  baseUrl: https://ours.openai.azure.com
  apiVersion: 2025-04-01-preview
eu:
  type: vertexai
  project: my-project
  location: europe-west4
`);
    expect(problems).toEqual([]);
    expect(connections.get('vllm-gke')).toEqual({
      id: 'vllm-gke',
      type: 'openai-compatible',
      source: 'workspace',
      declaredIn: PATH,
      baseUrl: 'https://llm.example.com/v1',
      apiKeyEnv: 'VLLM_KEY',
      headers: { 'X-Team': 'churn', Authorization: `Bearer \${secret:vllm}` },
      models: ['llama-3-70b'],
      timeoutMs: 90000,
    });
    expect(connections.get('our-azure')).toMatchObject({
      apiKeyEnv: 'AZURE_OPENAI_API_KEY',
      apiVersion: '2025-04-01-preview',
    });
    expect(connections.get('eu')?.baseUrl).toBe('https://europe-west4-aiplatform.googleapis.com');
  });

  test('an empty file declares nothing and has no problem', async () => {
    expect((await merge('')).problems).toEqual([]);
    expect((await merge('# later\n')).problems).toEqual([]);
  });

  test('the built-in connections need no file', async () => {
    const { connections } = await merge('', { env: { GOOGLE_CLOUD_PROJECT: 'from-env' } });
    expect([...connections.keys()]).toEqual(['openai', 'anthropic', 'googleai', 'vertexai', 'demo']);
    expect(connections.get('openai')?.baseUrl).toBe('https://api.openai.com/v1');
    expect(connections.get('vertexai')).toMatchObject({ project: 'from-env', location: 'global' });
    expect(connections.get('demo')?.baseUrl).toBeUndefined();
  });

  test('a broken file is reported with its line, and none of it is used', async () => {
    const yaml = 'a:\n  type: openai\nb: [\n';
    const { problems, connections } = await merge(yaml);
    expect(problems[0]?.message).toMatch(/^Line \d+: .*No connections from this file are used\.$/);
    expect(problems[0]?.range).toBeDefined();
    expect(connections.has('a')).toBe(false);
  });

  test.each([
    ['x:\n  type: opnai\n', 'Did you mean openai?', 'opnai'],
    ['x:\n  type: 5\n', '"type" must be one of', '5'],
    ['x:\n  type: demo\n', 'built in', 'demo'],
    ['demo:\n  type: openai\n', 'cannot be declared', 'demo'],
    ['x:\n  baseUrl: https://a.example\n', '"type" is missing', 'x'],
    ['x:\n  type: openai-compatible\n', 'needs a "baseUrl"', 'x'],
    ['x:\n  type: openai\n  baseUrl: nonsense\n', 'must be a complete URL', 'nonsense'],
    ['x:\n  type: openai\n  baseUrl: ftp://a.example\n', 'must start with https://', 'ftp://a.example'],
    ['x:\n  type: openai\n  baseUrl: https://a.example/v1?key=1\n', 'cannot contain "?"', 'https://a.example/v1?key=1'],
    ['x:\n  type: openai\n  bseUrl: https://a.example\n', 'Did you mean baseUrl?', 'bseUrl'],
    ['x:\n  type: openai\n  apiKeyEnv: not-a-name\n', 'the name of an environment variable', 'not-a-name'],
    ['x:\n  type: vertexai\n  location: evil.example/\n', 'a location', 'evil.example/'],
    ['x:\n  type: openai\n  models: gpt\n', 'must be a list', 'gpt'],
    ['x:\n  type: openai\n  timeoutMs: soon\n', 'number of milliseconds', 'soon'],
    ['x:\n  type: openai\n  contentTimeoutMs: never\n', '"contentTimeoutMs" must be a number of', 'never'],
    ['x:\n  type: openai\n  streamOptions: maybe\n', '"streamOptions" must be true or false', 'maybe'],
    ['x:\n  type: openai\n  headers: [a]\n', '"headers" must be a map', 'headers'],
    ['a/b:\n  type: openai\n', 'is not a valid ID', 'a/b'],
    ['x: openai\n', 'must be a map', 'openai'],
  ])('reports the problem at its place: %j', async (yaml, message, marked) => {
    expect(await problemsOf(yaml)).toEqual([
      expect.objectContaining({ message: expect.stringContaining(message), marked }),
    ]);
  });

  test('a list instead of a map is reported', async () => {
    expect((await problemsOf('- type: openai\n'))[0]?.message).toContain('must be a map');
  });

  test('a duplicate id is reported by the parser, at its place', async () => {
    const [problem] = await problemsOf('a:\n  type: openai\na:\n  type: anthropic\n');
    expect(problem?.message).toContain('Line 3');
  });

  test('aliases that would use up the memory are rejected', async () => {
    const levels = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 8; level++) {
      levels.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    const { problems } = await merge(levels.join('\n'));
    expect(problems.some(({ message }) => message.includes('No connections from this file are used'))).toBe(true);
  });

  test('http to another machine causes a warning and is used; http to this machine is not a problem', async () => {
    const remote = await merge('x:\n  type: openai-compatible\n  baseUrl: http://10.0.0.5:8000/v1\n');
    expect(remote.problems).toEqual([expect.objectContaining({ severity: 'warning' })]);
    expect(remote.connections.has('x')).toBe(true);
    const local = await merge('x:\n  type: openai-compatible\n  baseUrl: http://127.0.0.1:8000/v1\n');
    expect(local.problems).toEqual([]);
  });

  test('a connection with an invalid address is not used, not even with the default one', async () => {
    const { connections, invalid } = await merge('openai:\n  baseUrl: nonsense\n');
    expect(connections.has('openai')).toBe(false);
    expect(invalid.get('openai')).toContain('baseUrl');
  });

  test.each([
    ['Authorization', 'Bearer PLANTEDPLANTED1234'],
    ['Authorization', 'PLANTED'],
    ['X-Api-Key', 'PLANTED-0123'],
    ['X-Custom', 'sk-PLANTED0123456789'],
    ['X-Custom', 'PLANTED0123456789abcdefghijklmn'],
    ['Cookie', 'session=PLANTED'],
    ['Authorization', `Bearer sk-PLANTED0123456789 \${secret:x}`],
  ])('a header %s that contains a secret is not sent, and its value is not repeated', async (name, value) => {
    const { connections, problems } = await merge(
      `x:\n  type: openai\n  headers:\n    X-Ok: yes-please\n    ${name}: ${JSON.stringify(value)}\n`,
    );
    expect(connections.get('x')?.headers).toEqual({ 'X-Ok': 'yes-please' });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(`\${secret:name}`);
    expect(JSON.stringify(problems)).not.toContain('PLANTED');
  });

  test('a key in a field of its own or in the URL is rejected and not repeated', async () => {
    const { problems, connections } = await merge(
      'x:\n  type: openai\n  apiKey: PLANTED1\ny:\n  type: openai\n  baseUrl: https://me:PLANTED2@a.example\n',
    );
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('keys do not belong in this file'),
      expect.stringContaining('cannot contain a user name or password'),
    ]);
    expect(JSON.stringify([problems, [...connections.values()]])).not.toContain('PLANTED');
  });

  test('headers that would break the request are rejected', async () => {
    const { problems, connections } = await merge(
      `x:\n  type: openai\n  headers: { Host: a.example, "bad name": a, X-Line: "a\\nb", X-Env: "\${env:HOME}" }\n`,
    );
    expect(problems).toHaveLength(4);
    expect(connections.get('x')?.headers).toEqual({});
  });
});

describe('the settings', () => {
  test('override the file field by field, headers by name', async () => {
    const yaml = `
x:
  type: openai-compatible
  baseUrl: https://a.example/v1
  headers: { X-Team: one, X-Kept: two }
  models: [m]
`;
    const { connections, problems } = await merge(yaml, {
      settings: { x: { baseUrl: 'https://b.example/v1', headers: { 'x-team': 'mine' } }, openai: { timeoutMs: 5 } },
    });
    expect(problems).toEqual([]);
    expect(connections.get('x')).toMatchObject({
      source: 'settings',
      declaredIn: PATH,
      baseUrl: 'https://b.example/v1',
      headers: { 'x-team': 'mine', 'X-Kept': 'two' },
      models: ['m'],
    });
    expect(connections.get('openai')).toMatchObject({ timeoutMs: 5, baseUrl: 'https://api.openai.com/v1' });
  });

  test('another type starts from scratch, so that no address or header of the old one is used', async () => {
    const yaml = 'x:\n  type: openai-compatible\n  baseUrl: https://a.example/v1\n  headers: { X-Team: one }\n';
    const { connections } = await merge(yaml, { settings: { x: { type: 'anthropic' } } });
    expect(connections.get('x')).toMatchObject({
      type: 'anthropic',
      baseUrl: 'https://api.anthropic.com',
      headers: {},
    });
  });

  test('a valid address in the settings replaces an invalid one in the file', async () => {
    const yaml = 'x:\n  type: openai-compatible\n  baseUrl: nonsense\n';
    const { connections } = await merge(yaml, { settings: { x: { baseUrl: 'https://b.example' } } });
    expect(connections.get('x')?.baseUrl).toBe('https://b.example');
  });

  test('their problems name the setting', async () => {
    const { problems } = readSettingsConnections({ x: { type: 'nope' }, y: 5 });
    expect(problems.map(({ where }) => where)).toEqual(['llmops.connections', 'llmops.connections']);
    expect(readSettingsConnections('nonsense').problems).toHaveLength(1);
  });
});
