import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, promptText, type Workspace } from './cli.ts';

const LEVELS = 8000;
const DEEP = `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`;

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

type Answer = (response: ServerResponse) => void;

const stream = (chunks: string[]): Answer => {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end([...chunks, '[DONE]'].map((chunk) => `data: ${chunk}\n\n`).join(''));
  };
};
const delta = (json: string, finish = 'null') =>
  `{"id":"x","model":"m","choices":[{"index":0,"delta":${json},"finish_reason":${finish}}]}`;
const call = (args: string) =>
  `{"content":"Before. ","tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"deep","arguments":${args}}}]}`;

/** Each is a server's answer that is deeply nested in another place. */
const ANSWERS: Record<string, Answer> = {
  arguments: stream([delta(call(JSON.stringify(DEEP))), delta('{}', '"tool_calls"')]),
  text: stream([delta(`{"content":${JSON.stringify(DEEP)}}`), delta('{}', '"stop"')]),
  extra: stream([delta(`{"content":"Hi","vendor":${DEEP}}`), delta('{}', '"stop"')]),
  'error-chunk': stream([`{"error":${DEEP}}`]),
  'error-body': (response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(`${'{"error":'.repeat(LEVELS)}{"message":"x"}${'}'.repeat(LEVELS)}`);
  },
};

describe('an answer that is nested 8,000 deep', () => {
  it.each([
    ['arguments', 0],
    ['text', 1],
    ['extra', 0],
    ['error-chunk', 3],
    ['error-body', 3],
  ] as const)('in its %s hides no other column, and each is shown and recorded', async (kind, code) => {
    await using server = await serve(ANSWERS[kind] as Answer);
    workspace.write(
      'llmops/connections.yaml',
      `deep: { type: openai-compatible, baseUrl: "${server.baseUrl}", apiKeyEnv: LLMOPS_DEEP_KEY }\n`,
    );
    const config = `${kind === 'text' ? 'output:\n  format: json\n  schema:\n    a: any\n' : ''}config:\n  demo.ttftMs: 1\n`;
    const prompt = workspace.write('p.prompt', promptText({ config }));
    const args = ['run', prompt, '-m', 'deep/m', '-m', 'demo/swift'];
    const env = { LLMOPS_DEEP_KEY: 'a-secret-of-some-length', LLMOPS_ALLOW_ORIGINS: new URL(server.baseUrl).origin };
    const [json, table] = await Promise.all([
      llmops([...args, '--json'], { cwd: workspace.folder, env }),
      llmops([...args], { cwd: workspace.folder, env }),
    ]);
    expect([json.code, table.code]).toEqual([code, code]);
    expect(json.stderr + table.stderr + table.stdout).not.toMatch(/call stack/);
    const [deep, demo] = JSON.parse(json.stdout).runs;
    expect(demo).toMatchObject({ model: 'demo/swift', state: 'done' });
    expect(table.stdout).toContain('── demo/swift');
    if (kind === 'arguments') {
      expect(deep).toMatchObject({ state: 'done', text: 'Before. ' });
      expect(deep.toolCalls[0].input).toBe(DEEP);
      expect(deep.warnings).toContainEqual(expect.objectContaining({ code: 'arguments-too-deep' }));
    }
    if (kind === 'text') {
      expect(deep.text).toBe(DEEP);
      expect(deep.schemaProblems).toEqual(['The answer is not JSON: it is nested more than 200 levels deep.']);
    }
    const database = new DatabaseSync(path.join(workspace.folder, '.llmops/llmops.db'), { readOnly: true });
    const states = database.prepare('SELECT state FROM runs').all();
    database.close();
    expect(states).toHaveLength(4);
  });

  it('and an input that is nested too deeply are rejected before anything is sent', async () => {
    const prompt = workspace.write(
      'p.prompt',
      promptText({ model: 'demo/swift', config: 'input:\n  schema:\n    x: any\n' }),
    );
    workspace.write('rows.jsonl', `{"x":${DEEP}}\n`);
    const pair = await llmops(['run', prompt, '--input', `x:=${DEEP}`], { cwd: workspace.folder });
    expect(pair).toMatchObject({ code: 2, stdout: '', stderr: /nested more than 200 levels deep/ });
    const file = await llmops(['run', prompt, '--input-file', 'rows.jsonl'], { cwd: workspace.folder });
    expect(file).toMatchObject({ code: 2, stdout: '', stderr: /rows\.jsonl:1: .*nested more than 200 levels deep/ });
  });
});

async function serve(answer: Answer): Promise<AsyncDisposable & { baseUrl: string }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
