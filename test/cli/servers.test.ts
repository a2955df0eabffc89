import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';

let server: Server;
let workspace: Workspace;
/** What the server does with each request. */
let answer: (response: ServerResponse, body: Record<string, unknown>) => void;
const bodies: Record<string, unknown>[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    bodies.push(body);
    answer(response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  bodies.length = 0;
  workspace = createWorkspace();
  const { port } = server.address() as AddressInfo;
  const connection = `type: openai-compatible\n  baseUrl: http://127.0.0.1:${port}/v1\n`;
  workspace.write(
    'llmops/connections.yaml',
    `local:\n  ${connection}plain:\n  ${connection}  streamOptions: false\nshort:\n  ${connection}  timeoutMs: 5000\n  contentTimeoutMs: 6000\n`,
  );
});
afterEach(() => workspace[Symbol.dispose]());

const chunk = (delta: object, more: object = {}) => ({
  model: 'served',
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});
const stop = (reason = 'stop') => chunk({}, { finish_reason: reason });
const stream =
  (...chunks: unknown[]) =>
  (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(chunks.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join(''));
  };

async function run(prompt: string, args: string[] = ['-m', 'local/m', '--json']) {
  workspace.write('prompts/a.prompt', prompt);
  const outcome = await llmops(['run', 'prompts/a.prompt', ...args], { cwd: workspace.folder });
  const report = outcome.stdout.startsWith('{') ? JSON.parse(outcome.stdout) : undefined;
  return { ...outcome, run: report?.runs[0] };
}

describe('an answer that is an error', () => {
  it.each<[string, unknown[], RegExp]>([
    ['the finish reason error', [chunk({ content: 'Half' }), stop('error'), '[DONE]'], /finish reason "error"/],
    ['an error object', [{ object: 'error', message: 'Out of memory.', code: 500 }], /Out of memory\./],
    ['a chunk that is no object', ['[]', '[DONE]'], /not a JSON object: \[\]/],
    ['nothing but [DONE]', ['[DONE]'], /without an answer/],
  ])('exits with 3 and the reason: %s', async (_, chunks, message) => {
    answer = stream(...chunks);
    const { code, run: result } = await run('Hello\n');

    expect(code).toBe(3);
    expect(result).toMatchObject({ state: 'failed', error: { message: expect.stringMatching(message) } });
  });

  it('exits with 3 if the server only keeps the connection alive', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => response.write(': keep-alive\n\n'), 50);
      response.on('close', () => clearInterval(timer));
    };
    const { code, run: result } = await run('Hello\n', ['-m', 'short/m', '--json']);

    expect(code).toBe(3);
    expect(result.error).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('kept the connection alive'),
    });
  });
});

describe('an answer that contains its reasoning', () => {
  it('is checked without it; --json and the history keep both texts', async () => {
    answer = stream(
      chunk({ content: '<thi' }),
      chunk({ content: 'nk>\nOne.</think>\n\n{"n":' }),
      chunk({ content: ' 1}' }),
      stop(),
    );
    const { code, run: result } = await run('---\noutput:\n  format: json\n  schema:\n    n: integer\n---\nHello\n');
    const exact = '<think>\nOne.</think>\n\n{"n": 1}';

    expect(code).toBe(0);
    expect(result).toMatchObject({ text: '{"n": 1}', rawText: exact, reasoning: 'One.', schemaValid: true });
    const db = new DatabaseSync(path.join(workspace.folder, '.llmops/llmops.db'), { readOnly: true });
    try {
      const row = db.prepare('SELECT body FROM run_answers ORDER BY run DESC LIMIT 1').get();
      expect(JSON.parse(String(row?.body))).toMatchObject({ text: '{"n": 1}', rawText: exact, reasoning: 'One.' });
    } finally {
      db.close();
    }
  });
});

describe('the cost reported by a provider', () => {
  it('is the cost in the report, the table and the history, marked as the provider’s', async () => {
    const counts = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12, cost: 0.00042 };
    answer = stream(chunk({ content: 'Hi' }), stop(), { choices: [], usage: counts }, '[DONE]');

    const { run: result } = await run('Hello\n');
    expect(result).toMatchObject({
      costUsd: 0.00042,
      costReported: true,
      costEstimated: false,
      priceSource: 'reported by the provider',
      usage: { inputTokens: 10, outputTokens: 2, estimated: false },
    });
    const { stdout } = await run('Hello\n', ['-m', 'local/m']);
    expect(stdout).toMatch(/ \$0\.00042 \(reported\) /);
  });
});

describe('a server that rejects stream_options', () => {
  const refuse = (response: ServerResponse, body: Record<string, unknown>) => {
    if (body.stream_options === undefined) return stream(chunk({ content: 'Hi' }), stop(), '[DONE]')(response);
    response.writeHead(422, { 'content-type': 'application/json' });
    response.end(
      '{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}',
    );
  };

  it('is queried again without them by every active request', async () => {
    const refused: ServerResponse[] = [];
    answer = (response, body) => {
      if (body.stream_options === undefined) return refuse(response, body);
      refused.push(response);
      if (refused.length === 3) for (const one of refused) refuse(one, { stream_options: {} });
    };
    const { code, stdout } = await run('Hello\n', ['-m', 'local/m', '--repeat', '3', '--json']);

    expect(JSON.parse(stdout).runs.map(({ state }: { state: string }) => state)).toEqual(['done', 'done', 'done']);
    expect(code).toBe(0);
  });

  it('is queried again without them; the counts are estimates', async () => {
    answer = refuse;
    const { code, run: result } = await run('Hello\n');

    expect(code).toBe(0);
    expect(bodies).toHaveLength(2);
    expect(result).toMatchObject({ text: 'Hi', usage: { estimated: true } });
    expect(result.warnings.map((warning: { code: string }) => warning.code)).toEqual([
      'parameter-unsupported',
      'usage-estimated',
    ]);
  });

  it('does not receive them if the connection or the file says so', async () => {
    answer = refuse;
    const byFile = await run('---\nconfig:\n  stream_options: null\n---\nHello\n');
    const byConnection = await run('Hello\n', ['-m', 'plain/m', '--json']);

    expect(bodies).toHaveLength(2);
    for (const { run: result } of [byFile, byConnection])
      expect(result.warnings.map((warning: { code: string }) => warning.code)).toEqual(['usage-estimated']);
  });
});

it('reports an answer that contains only pictures', async () => {
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
  answer = stream(chunk({ content: '', images: [image] }), stop(), '[DONE]');
  const { code, stdout } = await run('Hello\n', ['-m', 'local/m']);

  expect(code).toBe(0);
  expect(stdout).toContain('! The answer has no text: it consists of 1 image, which cannot be shown here.');
});

describe('a tool result in a prompt', () => {
  it('is sent with its call', async () => {
    answer = stream(chunk({ content: 'Cold.' }), stop(), '[DONE]');
    const { code } = await run(
      '{{role "user"~}}\nHow cold?\n{{~role "model"~}}{{section "llmops.tool-call/call_1/weather"~}}\n{"city":"Oslo"}\n{{~role "tool"~}}{{section "llmops.tool-result/call_1"~}}\n4 °C\n',
    );

    expect(code).toBe(0);
    expect(bodies[0]?.messages).toEqual([
      { role: 'user', content: 'How cold?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '4 °C\n' },
    ]);
  });

  it('is rejected without its call, before anything is sent', async () => {
    const { code, stderr } = await run('How cold?\n{{role "tool"}}4 °C\n');

    expect({ code, sent: bodies.length }).toEqual({ code: 2, sent: 0 });
    expect(stderr).toContain('does not say which call it answers');
    expect(stderr).toContain('llmops.tool-result/ID');
  });
});
