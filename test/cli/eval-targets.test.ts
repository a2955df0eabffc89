import { spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';
import { readResult } from './eval-files.ts';

const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

/** Writes and runs an evaluation of six questions, and returns its cells by the question. */
async function evaluate(targets: string, metrics: string, env: Record<string, string> = {}) {
  workspace.write('data/questions.jsonl', ROWS.map((row) => `${JSON.stringify(row)}\n`).join(''));
  workspace.write('evals/app.eval.yaml', `${targets}\ndataset: ../data/questions.jsonl\nmetrics:\n${metrics}`);
  const options = { cwd: workspace.folder, env: { PLANTED_API_KEY: 'sk-planted', ...env } };
  const { code, stdout, stderr } = await llmops(['eval', 'evals/app.eval.yaml', '--json'], options);
  expect(`${stdout}${stderr}`).not.toContain('sk-planted');
  expect({ code, stderr, isPrinted: stdout !== '' }).toMatchObject({ isPrinted: true });
  const result = readResult(stdout);
  const cells = Object.fromEntries(result.cases.map(({ id, cells: [cell] }) => [id, cell]));
  return { code, stderr, result, cells };
}

const ROWS = ['one', 'two', 'refused', 'late', 'three', 'four'].map((question) => {
  return { id: question, question, expected: `Answer to ${question}` };
});

describe('an evaluation of an http target', () => {
  let server: Server;
  let asked: unknown[];
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => void serve(request, response, asked));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('scores answers with contexts, tool calls and usage; a fault of the server is an error of one cell', async () => {
    const { port } = server.address() as AddressInfo;
    const { code, result, cells } = await evaluate(
      `targets:
  - name: app
    timeoutMs: 5000
    http:
      url: http://127.0.0.1:${port}/ask
      headers: { X-Client: tests }
      body: { q: "{{question}}" }
      answer: $.data.text
      contexts: $.data.sources
      toolCalls: $.data.calls
      usage: $.usage`,
      '  - equals\n  - { metric: latencyMs, threshold: 60000 }\n  - inputTokens\n',
    );

    // two cells are errors, and maxErrors is 0
    expect(code).toBe(3);
    expect(result.columns).toMatchObject([{ prompt: 'app', model: null }]);
    expect(result.totals).toMatchObject({ errors: 2 });
    expect(cells.one).toMatchObject({ state: 'passed', output: 'Answer to one', inputTokens: 11, error: null });
    expect(cells.refused).toMatchObject({ state: 'error', output: '' });
    expect(cells.refused?.error?.message).toContain('500');
    expect(cells.late).toMatchObject({ state: 'error' });
    expect(cells.late?.error?.message).toMatch(/5 s|5,?000 ms/);
    expect([cells.two, cells.three, cells.four]).toMatchObject(Array(3).fill({ state: 'passed' }));
    expect(asked).toContainEqual({ q: 'one' });
    expect(JSON.stringify(asked)).not.toContain('Answer to');
    const { stdout } = await llmops(['eval', 'show', '--format', 'jsonl'], { cwd: workspace.folder });
    expect(stdout).toContain('"contexts":["source of one"]');
    expect(stdout).toContain('"name":"search"');
  });

  async function serve(request: IncomingMessage, response: ServerResponse, bodies: unknown[]) {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as { q: string };
    bodies.push(body);
    if (body.q === 'late') return;
    response.writeHead(body.q === 'refused' ? 500 : 200, { 'content-type': 'application/json' });
    const data = {
      text: `Answer to ${body.q}`,
      sources: [`source of ${body.q}`],
      calls: [{ name: 'search', arguments: { q: body.q } }],
    };
    response.end(JSON.stringify({ data, usage: { input_tokens: 11, output_tokens: 7 } }));
  }
});

const NODE_APP = `
import { readFileSync } from 'node:fs';
const { question } = JSON.parse(readFileSync(0, 'utf8'));
if (question === 'refused') { console.error('no such question'); process.exit(3); }
if (question === 'late') setInterval(() => {}, 1000);
else console.log(JSON.stringify({ answer: 'Answer to ' + question, contexts: ['c'], usage: { inputTokens: 5 } }));
`;
const PYTHON_APP = `
import json, sys, time
question = json.load(sys.stdin)["question"]
if question == "refused":
    print("no such question", file=sys.stderr)
    sys.exit(3)
if question == "late":
    time.sleep(60)
print(json.dumps({"answer": "Answer to " + question, "contexts": ["c"], "usage": {"inputTokens": 5}}))
`;
const APPS = [
  ['node', 'app.mjs', NODE_APP, process.execPath],
  ['python', 'app.py', PYTHON_APP, python],
] as const;

describe.each(APPS)('an evaluation of a command in %s', (_name, file, code, program) => {
  it.skipIf(program === undefined)('keeps all answers but those of calls that fail or take too long', async () => {
    workspace.write(`evals/${file}`, code);
    const target = `targets: [{ name: app, timeoutMs: 6000, command: ['${program}', ${file}] }]`;
    const { code: exit, cells } = await evaluate(target, '  - equals\n  - inputTokens\n');

    expect(exit).toBe(3);
    expect(cells.one).toMatchObject({ state: 'passed', output: 'Answer to one', inputTokens: 5 });
    expect(cells.refused).toMatchObject({ state: 'error', output: '' });
    expect(cells.refused?.error?.message).toMatch(/exit code 3[\s\S]*no such question/);
    expect(cells.late).toMatchObject({ state: 'error' });
    expect(cells.late?.error?.message).toMatch(/6 s|6,?000 ms/);
    expect([cells.two, cells.three, cells.four]).toMatchObject(Array(3).fill({ state: 'passed' }));
  });
});

const NODE_METRIC = `
export default function ({ output, expected }) {
  if (output.endsWith('two')) throw new RangeError('no such word');
  if (output.endsWith('refused')) return Number.NaN;
  if (output.endsWith('late')) for (;;);
  if (output.endsWith('three')) process.exit(4);
  return { value: output === expected ? 1 : 0.25, reason: process.env.PLANTED_API_KEY ?? 'no key' };
}
`;
const PYTHON_METRIC = `
import os
def score(case):
    output = case["output"]
    if output.endswith("two"): raise ValueError("no such word")
    if output.endswith("refused"): return float("nan")
    while output.endswith("late"): pass
    if output.endswith("three"): os._exit(4)
    value = 1 if output == case["expected"] else 0.25
    return {"value": value, "reason": os.environ.get("PLANTED_API_KEY", "no key")}
`;
const METRICS = [
  ['javascript', 'score.mjs', NODE_METRIC, true],
  ['python', 'score.py', PYTHON_METRIC, python !== undefined],
] as const;

describe.each(METRICS)('an evaluation with a metric in %s', (id, file, code, isThere) => {
  it.skipIf(!isThere)('has one cell as an error for each call that throws, hangs, ends or returns NaN', async () => {
    workspace.write(`evals/${file}`, code);
    workspace.write('prompts/ask.prompt', '---\nmodel: demo/echo\n---\nAnswer to {{question}}\n');
    const { code: exit, cells } = await evaluate(
      'prompts: [../prompts/ask.prompt]',
      `  - equals\n  - { metric: ${id}, name: own, file: ${file}, timeoutMs: 5000, threshold: 0.5 }\n`,
    );

    expect(exit).toBe(3);
    const own = (question: string) => {
      const { value, passed, reason } = cells[question]!.scores.find(({ metric }) => metric === 'own') as {
        value: number | null;
        passed: boolean | null;
        reason?: string;
      };
      return [cells[question]!.state, value, passed, reason];
    };
    expect(own('one')).toEqual(['passed', 1, true, 'no key']);
    expect(own('four')).toEqual(['passed', 1, true, 'no key']);
    expect(own('two')).toEqual(['error', null, null, expect.stringContaining('no such word')]);
    expect(own('refused')).toEqual(['error', null, null, expect.stringContaining('NaN')]);
    expect(own('late')).toEqual(['error', null, null, expect.stringContaining('5000 ms')]);
    expect(own('three')).toEqual(['error', null, null, expect.stringContaining('exit code 4')]);
    // the answer and the other metric are kept
    expect(cells.late).toMatchObject({ output: 'Answer to late' });
    expect(cells.late?.scores[0]).toMatchObject({ metric: 'equals', value: 1 });
  });
});
