import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, promptText, type Workspace } from './cli.ts';

const OPENAI_KEY = 'sk-planted-openai-0123456789abcdef';
const ANTHROPIC_KEY = 'sk-ant-planted-0123456789abcdef';
const SECRET = 'planted-gateway-secret-0123456789';
const USAGE = {
  prompt_tokens: 1100,
  completion_tokens: 170,
  total_tokens: 1270,
  input_tokens: 1100,
  output_tokens: 170,
};

let mock: LLMock;
let workspace: Workspace;

beforeAll(async () => {
  mock = new LLMock({ port: 0, host: '127.0.0.1' });
  mock.onMessage('hello', { content: 'Hi there, this answer was streamed.', usage: USAGE }, { chunkSize: 5 });
  mock.onMessage('hostile', { content: 'a\u001b[2Jb\u0000c <script>alert(1)</script> \u202eabc', usage: USAGE });
  mock.onMessage('limit', { error: { message: `Slow down, ${OPENAI_KEY}`, type: 'rate_limit_error' }, status: 429 });
  mock.onMessage('denied', { error: { message: `Bad key ${OPENAI_KEY}`, type: 'invalid_request_error' }, status: 401 });
  // Slowly, so that the beginning is sent before the connection is cut.
  const slowly = { streamingProfile: { ttft: 5, tps: 100 } };
  mock.onMessage(
    'cut',
    { content: 'abcdefghij'.repeat(20), usage: USAGE },
    { truncateAfterChunks: 8, chunkSize: 5, ...slowly },
  );
  mock.onMessage('wrong json', { content: '{"n": "no number"}', usage: USAGE });
  mock.onMessage('slow', { content: 'never seen', usage: USAGE }, { streamingProfile: { ttft: 20_000, tps: 1 } });
  await mock.start();
});
afterAll(() => mock.stop());

beforeEach(() => {
  workspace = createWorkspace();
  workspace.write(
    'llmops/connections.yaml',
    `local:
  type: openai-compatible
  baseUrl: ${mock.url}/v1
  apiKeyEnv: LOCAL_KEY
  headers:
    x-gateway: \${secret:gateway}
claude:
  type: anthropic
  baseUrl: ${mock.url}
elsewhere:
  type: openai
  baseUrl: ${mock.url}/v1
dead:
  type: openai-compatible
  baseUrl: http://127.0.0.1:1/v1
`,
  );
});
afterEach(() => {
  mock.clearRequests();
  workspace[Symbol.dispose]();
});

const keys = (more: Record<string, string> = {}) => ({
  LOCAL_KEY: OPENAI_KEY,
  OPENAI_API_KEY: OPENAI_KEY,
  ANTHROPIC_API_KEY: ANTHROPIC_KEY,
  LLMOPS_SECRET_GATEWAY: SECRET,
  LLMOPS_ALLOW_ORIGINS: `${mock.url} LOCAL_KEY=${mock.url}/v1`,
  ...more,
});

function run(
  body: string,
  args: string[],
  {
    env = keys(),
    config = '',
    file = 'p.prompt',
  }: { env?: Record<string, string>; config?: string; file?: string } = {},
) {
  const prompt = workspace.write(file, promptText({ body, config }));
  return llmops(['run', prompt, ...args], { cwd: workspace.folder, env });
}

const reportOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout);

describe('llmops run on servers', () => {
  it('runs two protocols side by side, with the tokens that they report', async () => {
    const outcome = await run('hello', ['-m', 'local/some-model', '-m', 'claude/claude-opus-4-5', '--json']);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const { runs } = reportOf(outcome);
    for (const one of runs) {
      expect(one).toMatchObject({
        state: 'done',
        text: 'Hi there, this answer was streamed.',
        usage: { inputTokens: 1100, outputTokens: 170, estimated: false },
      });
    }
    // Opus 4.5 costs 5 and 25 dollars per million; the price of "some-model" is unknown.
    expect(runs.map(({ costUsd }: { costUsd: number | null }) => costUsd)).toEqual([null, 0.00975]);
  });

  it('prints only the answer to stdout when it streams', async () => {
    const { code, stdout } = await run('hello', ['-m', 'local/m', '--stream']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hi there, this answer was streamed.\n' });
  });

  it('writes a model’s text to a file unchanged', async () => {
    const { stdout } = await run('hostile', ['-m', 'local/m', '--stream']);
    expect(stdout).toBe('a\u001b[2Jb\u0000c <script>alert(1)</script> \u202eabc\n');
  });

  it('continues with the others when one fails, and exits with 3', async () => {
    const outcome = await run('hello', ['-m', 'dead/m', '-m', 'local/m', '--json']);
    expect(outcome.code).toBe(3);
    const [dead, local] = reportOf(outcome).runs;
    expect(dead).toMatchObject({
      state: 'failed',
      error: { code: 'network', hint: expect.any(String) },
      costUsd: null,
    });
    expect(local).toMatchObject({ state: 'done' });
  });

  it('keeps and marks the received text of a cut stream', async () => {
    const outcome = await run('cut', ['-m', 'local/m', '--json']);
    expect(outcome.code).toBe(3);
    const [cut] = reportOf(outcome).runs;
    expect(cut).toMatchObject({ state: 'failed', error: { code: 'stream-cut' }, usage: { estimated: true } });
    expect(cut.text).toMatch(/^abcde/);
    const { stdout } = await run('cut', ['-m', 'local/m']);
    expect(stdout).toMatch(/failed: stream-cut +≈\d+ /);
  });

  it('gives up on a silent server after the timeout', async () => {
    const outcome = await run('slow', ['-m', 'local/m', '--timeout', '0.3', '--json']);
    expect(outcome.code).toBe(3);
    expect(reportOf(outcome).runs[0]).toMatchObject({ state: 'failed', error: { code: 'timeout' } });
  });

  it('exits with 1 if the answer does not match its schema, and still prints it', async () => {
    const config = 'output:\n  format: json\n  schema:\n    n: integer\n';
    const outcome = await run('wrong json', ['-m', 'local/m'], { config });
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toMatch(/ invalid$/m);
    expect(outcome.stdout).toContain('{"n": "no number"}');
    expect(outcome.stdout).toMatch(/✗ The answer does not match the schema: \$\.n /);
  });
});

describe('the keys of the command line', () => {
  it('are sent only to the origin of their provider, or to an allowed one', async () => {
    const { LLMOPS_ALLOW_ORIGINS: _, ...env } = keys();
    const outcome = await run('hello', ['-m', 'elsewhere/gpt-5'], { env });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(
      `add OPENAI_API_KEY=${mock.url}/v1 to the environment variable LLMOPS_ALLOW_ORIGINS`,
    );
    expect(mock.getRequests()).toHaveLength(0);
  });

  it('cannot be other variables of the machine, whatever a connections file names, and the message shows the entry', async () => {
    const secrets = { AWS_SECRET_ACCESS_KEY: OPENAI_KEY, GITHUB_TOKEN: OPENAI_KEY, MY_KEY: OPENAI_KEY };
    for (const name of [...Object.keys(secrets), 'HOME']) {
      workspace.write(
        'llmops/connections.yaml',
        `local: { type: openai-compatible, baseUrl: "${mock.url}/v1", apiKeyEnv: ${name} }\n`,
      );
      const env = { ...secrets, LLMOPS_ALLOW_ORIGINS: `${mock.url} OTHER=${mock.url}` };
      const outcome = await run('hello', ['-m', 'local/m'], { env });
      expect(outcome.code).toBe(2);
      const entry = `${name}=${mock.url}/v1`;
      expect(outcome.stderr).toContain(`add ${entry} to the environment variable LLMOPS_ALLOW_ORIGINS`);
      const models = await llmops(['models'], { cwd: workspace.folder, env });
      expect(models.stdout).toContain(`add ${entry} to LLMOPS_ALLOW_ORIGINS to allow it`);
      expect(mock.getRequests()).toHaveLength(0);
      if (name !== 'MY_KEY') continue;
      const allowed = await run('hello', ['-m', 'local/m'], { env: { ...env, LLMOPS_ALLOW_ORIGINS: entry } });
      expect(allowed).toMatchObject({ code: 0, stderr: '' });
      mock.clearRequests();
    }
  });

  it('with a wrong name do not affect other connections, and entries that allow nothing are reported', async () => {
    workspace.write(
      'llmops/connections.yaml',
      `odd: { type: openai-compatible, baseUrl: "${mock.url}/v1", apiKeyEnv: constructor }
proto: { type: openai-compatible, baseUrl: "${mock.url}/v1", apiKeyEnv: __proto__ }
local: { type: openai-compatible, baseUrl: "${mock.url}/v1", apiKeyEnv: LOCAL_KEY }
`,
    );
    const env = keys({ LLMOPS_ALLOW_ORIGINS: `LOCAL_KEY=${mock.url} example.com` });
    const outcome = await run('hello', ['-m', 'local/m'], { env });
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toBe(
      'LLMOPS_ALLOW_ORIGINS: Entry 2, example.com, is ignored: it is not an http or https URL. Use NAME=https://host/path or https://host.\n',
    );
    const odd = await run('hello', ['-m', 'odd/m'], { env });
    expect(odd).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Set the environment variable constructor.'),
    });
    const models = await llmops(['models', '--json'], { cwd: workspace.folder, env });
    expect(models.code).toBe(0);
    const states = JSON.parse(models.stdout).connections.map(({ id, state }: { id: string; state: string }) => [
      id,
      state,
    ]);
    expect(states).toEqual(
      expect.arrayContaining([
        ['odd', 'no-key'],
        ['proto', 'no-key'],
        ['demo', 'ready'],
      ]),
    );
  });

  it('never appear: not in output, not in errors that repeat them, not in the database', async () => {
    const outcomes = await Promise.all([
      run('hello', ['-m', 'local/m', '-m', 'claude/c', '--json'], { file: 'hello.prompt' }),
      run('limit', ['-m', 'local/m', '-m', 'claude/c'], { file: 'limit.prompt' }),
      run('denied', ['-m', 'local/m', '-m', 'claude/c', '--json', '--stream'], { file: 'denied.prompt' }),
      llmops(['--verbose', 'models', '--json'], { cwd: workspace.folder, env: keys() }),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 3, 3, 0]);
    const folder = path.join(workspace.folder, '.llmops');
    const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'latin1'));
    expect(files.join('')).toContain('Hi there');
    const everything = [...outcomes.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...files].join('\n');
    for (const secret of [OPENAI_KEY, ANTHROPIC_KEY, SECRET]) expect(everything).not.toContain(secret);
  });
});

describe('llmops models', () => {
  const models = (args: string[], env = keys()) => llmops(['models', ...args], { cwd: workspace.folder, env });

  it('lists each connection with its state, and the models of those that can be queried', async () => {
    const { code, stdout } = await models([]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^demo {2}demo models: built in, .* prices are simulated$/m);
    expect(stdout).toMatch(/^demo\/swift +32k +32k +\$0\.10 +\$0\.40/m);
    expect(stdout).toMatch(/^googleai {2}no key: set GEMINI_API_KEY$/m);
    expect(stdout).toMatch(/^dead \(openai-compatible\) {2}not reachable: /m);
    expect(stdout).toMatch(/^local\/\S+/m);
  });

  it('prints one connection as JSON', async () => {
    const { code, stdout } = await models(['demo', '--json']);
    expect(code).toBe(0);
    const { connections } = JSON.parse(stdout);
    expect(connections).toHaveLength(1);
    expect(connections[0]).toMatchObject({ id: 'demo', type: 'demo', state: 'ready', error: null });
    expect(connections[0].models[0]).toMatchObject({ ref: 'demo/swift', sunsetDate: null, prices: { source: 'demo' } });
  });

  it('fails if the named connection is unknown (2), has no key (2) or cannot be reached (3)', async () => {
    expect(await models(['nowhere'])).toMatchObject({ code: 2, stderr: /nowhere/ });
    expect((await models(['googleai'])).code).toBe(2);
    expect(await models(['dead'])).toMatchObject({ code: 3, stdout: /not reachable/ });
  });
});
