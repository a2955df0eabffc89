import { existsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, promptText, type Workspace } from './cli.ts';

const CHURN = 'prompts/churn-analysis.prompt';
const FAST = 'config:\n  demo.tokensPerSecond: 20000\n  demo.ttftMs: 1\n';

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

const run = (args: string[], options: Partial<Parameters<typeof llmops>[1]> = {}) =>
  llmops(['run', ...args], { cwd: workspace.folder, ...options });

describe('llmops run', () => {
  it('prints a table of the models, then the answers', async () => {
    const { code, stdout, stderr } = await run([CHURN, '-m', 'demo/swift', '-m', 'demo/balanced']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [head, first, second] = stdout.split('\n');
    expect(head).toMatch(/^MODEL +RESULT +INPUT +CACHED +OUTPUT +TTFT +TIME +SPEED +COST +SCHEMA$/);
    expect(first).toMatch(/^demo\/swift \(demo\) +stop +\d+ +.* \$0\.\d+ \(simulated\) +valid$/);
    expect(second).toMatch(/^demo\/balanced \(demo\) +stop .* valid$/);
    expect(stdout).toMatch(/cheapest demo\/swift · total \$0\.\d+ \(simulated\)$/m);
    expect(stdout.match(/"risk_level": "high"/g)).toHaveLength(2);
  });

  it('runs a prompt whose schemas only a program knows, with its tool choice, and names no winner on a tie', async () => {
    const text = `---\nmodel: demo/swift\n${FAST}input:\n  schema: DishInput\noutput:\n  schema: Recipe\ntoolDefs:\n  - name: lookup_dish\n    inputSchema: DishQuery\ntoolChoice: required\nmaxTurns: 3\n---\nA recipe for {{dish}}, as json.\n`;
    workspace.write('prompts/recipe.prompt', text);
    const { code, stdout, stderr } = await run([
      'prompts/recipe.prompt',
      '-m',
      'demo/swift',
      '-m',
      'demo/swift',
      '--input',
      'dish=Pho',
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/recipe\.prompt:\d+:\d+: No file defines the schema `Recipe`: .*are not checked here/);
    expect(stdout.match(/^calls lookup_dish\(\{\}\)$/gm)).toHaveLength(2);
    expect(stdout).not.toContain('cheapest');
    const checked = await llmops(['check', 'prompts/recipe.prompt'], { cwd: workspace.folder });
    expect(checked.code).toBe(0);
    expect(checked.stdout).toContain('1 prompt checked: 3 warnings, 1 note.');
  });

  it('writes no escape codes if its output is not a terminal', async () => {
    const { stdout, stderr } = await run([CHURN, '-m', 'demo/swift'], { env: { FORCE_COLOR: '1' } });
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('prints every field as JSON, and null for unknown values', async () => {
    const { code, stdout } = await run([CHURN, '-m', 'demo/swift', '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      prompt: 'churn-analysis',
      sourceHash: /^[0-9a-f]{64}$/,
      comparisonId: expect.any(String),
    });
    expect(report.runs).toHaveLength(1);
    expect(report.runs[0]).toEqual({
      runId: expect.any(String),
      model: 'demo/swift',
      servedModel: expect.any(String),
      demo: true,
      repeat: 0,
      state: 'done',
      finishReason: 'stop',
      text: expect.stringContaining('risk_level'),
      rawText: null,
      reasoning: '',
      toolCalls: [],
      usage: {
        inputTokens: expect.any(Number),
        outputTokens: expect.any(Number),
        cacheReadTokens: expect.any(Number),
        cacheWriteTokens: null,
        reasoningTokens: expect.any(Number),
        estimated: false,
      },
      costUsd: expect.any(Number),
      costReported: false,
      costEstimated: false,
      costEstimatedBecause: null,
      priceSource: 'demo',
      priceDate: null,
      ttftMs: expect.any(Number),
      elapsedMs: expect.any(Number),
      tokensPerSecond: expect.any(Number),
      schemaValid: true,
      schemaProblems: [],
      warnings: [],
      error: null,
    });
    expect(report.totalCostUsd).toBe(report.runs[0].costUsd);
    expect(report.simulatedCostUsd).toBe(report.totalCostUsd);
  });

  it('streams one answer to stdout and its figures to stderr', async () => {
    let pieces = 0;
    const { code, stdout, stderr } = await run([CHURN, '-m', 'demo/swift', '--stream'], {
      onOutput: () => {
        pieces += 1;
      },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('risk_level');
    expect(pieces).toBeGreaterThan(2);
    expect(stderr).toMatch(/^demo\/swift \(demo\) · stop · \d+ in, \d+ out · .*\$0\.\d+ \(simulated\)\n$/);
  });

  it('streams the events of several models as JSON lines', async () => {
    const { stdout } = await run([CHURN, '-m', 'demo/swift', '-m', 'demo/balanced', '--stream', '--json']);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter(({ type }) => type === 'run-end')).toHaveLength(2);
    expect(events[0]).toMatchObject({ type: 'run-start', estimatedInputTokens: expect.any(Number) });
  });

  it('repeats a model and prints mean and spread', async () => {
    const prompt = workspace.write('fast.prompt', promptText({ model: 'demo/swift', config: FAST }));
    const { code, stdout } = await run([prompt, '--repeat', '3']);
    expect(code).toBe(0);
    expect(stdout.match(/^demo\/swift \(demo\) #\d /gm)).toHaveLength(3);
    expect(stdout).toMatch(/^demo\/swift: 3 of 3 done, time .* ± .*, cost \$[\d.]+ ± \$[\d.]+ \(simulated\)$/m);
  });

  it('records each run, unless recording is off', async () => {
    const prompt = workspace.write('fast.prompt', promptText({ model: 'demo/swift', config: FAST }));
    await run([prompt, '--no-record']);
    const file = path.join(workspace.folder, '.llmops/llmops.db');
    expect(existsSync(file)).toBe(false);
    await run([prompt]);
    const database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare('SELECT state, model FROM runs').all()).toMatchObject([
      { state: 'done', model: 'demo/swift' },
    ]);
    database.close();
  });
});

describe('the inputs of llmops run', () => {
  const echo = `input:
  schema:
    name: string
    age: integer
    tags?(array): string
`;
  const prompt = () =>
    workspace.write(
      'echo.prompt',
      promptText({ model: 'demo/swift', config: FAST + echo, body: '{{name}} {{age}} {{tags}}' }),
    );
  const inputOf = async (args: string[]) => JSON.parse((await run([prompt(), '--json', ...args])).stdout).input;

  it('are parsed by the types of the schema, and as JSON after :=', async () => {
    const input = await inputOf(['-i', 'name=a=b', '-i', 'age=7', '-i', 'tags:=["x", "y"]']);
    expect(input).toEqual({ name: 'a=b', age: 7, tags: ['x', 'y'] });
  });

  it('come from a row of a file, with single ones on top', async () => {
    workspace.write('rows.csv', 'name,age\nAda,36\nBo,4\n');
    workspace.write('rows.jsonl', '{"name":"Cy","age":1}\n');
    expect(await inputOf(['--input-file', 'rows.csv', '--row', '2', '-i', 'name=X'])).toEqual({ name: 'X', age: 4 });
    expect(await inputOf(['--input-file', 'rows.jsonl'])).toEqual({ name: 'Cy', age: 1 });
  });

  it.each([
    ['a missing one', ['-i', 'name=x'], /age is missing/],
    ['one of the wrong type', ['-i', 'name=x', '-i', 'age=old'], /age: “old” is not a number/],
    ['no pair', ['-i', 'name'], /--input name is not name=value/],
    ['no JSON', ['-i', 'age:={'], /--input age:= is not valid JSON/],
    ['a missing file', ['--input-file', 'no.json'], /no\.json could not be read/],
    ['a missing row', ['--input-file', 'data/customers.jsonl', '--row', '99999'], /row 99999 was requested/],
    ['a row without a file', ['--row', '2'], /--row needs --input-file/],
  ])('that are invalid exit with 2 before anything is sent: %s', async (_, args, message) => {
    const { code, stdout, stderr } = await run([prompt(), ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(existsSync(path.join(workspace.folder, '.llmops'))).toBe(false);
  });
});

describe('invalid usage of llmops run', () => {
  it.each([
    ['a file that is not there', ['no.prompt'], /no\.prompt does not exist/],
    ['a folder', ['prompts'], /is a folder/],
    ['no file', [], /missing required argument 'prompt'/],
    ['an unknown option', [CHURN, '--modle', 'x'], /unknown option '--modle'\n\(Did you mean --model\?\)/],
    ['a model without a connection', [CHURN, '-m', 'swift'], /"swift" is not a model/],
    ['an unknown connection', [CHURN, '-m', 'opnai/gpt-5'], /opnai[\s\S]*openai/],
    ['a connection without its key', [CHURN, '-m', 'openai/gpt-5'], /no API key[\s\S]*OPENAI_API_KEY/],
    ['no number', [CHURN, '--repeat', 'many'], /must be an integer/],
    [
      'several answers in one stream',
      [CHURN, '-m', 'demo/swift', '-m', 'demo/swift', '--stream'],
      /--stream prints a single answer/,
    ],
  ])('exits with 2 and an explanation: %s', async (_, args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('reports file, line and column of a broken prompt and sends nothing', async () => {
    const prompt = workspace.write('broken.prompt', '---\nmodel: [demo\n---\nHi {{#if}}\n');
    const { code, stderr } = await run([prompt]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/broken\.prompt:\d+:\d+/);
  });

  it('exits with 3 and suggests similar names if the provider does not know the model', async () => {
    const { code, stdout } = await run([CHURN, '-m', 'demo/swfit']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/failed: model-not-found/);
    expect(stdout).toMatch(/demo\/swift/);
  });

  it('asks for a model if neither the file nor the command names one', async () => {
    const prompt = workspace.write('plain.prompt', promptText({}));
    const { code, stderr } = await run([prompt]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/does not specify a model[\s\S]*--model/);
  });
});

describe('the command itself', () => {
  it('prints its version and its help', async () => {
    const at = { cwd: workspace.folder };
    expect((await llmops(['--version'], at)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await llmops(['run', '--help'], at);
    expect(help).toMatchObject({ code: 0, stdout: /--input-file[\s\S]*LLMOPS_ALLOW_ORIGINS/ });
  });

  it('reports the required Node version on an older one', async () => {
    const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'18.20.4'}})`;
    const { code, stderr } = await llmops(['--version'], { cwd: workspace.folder, nodeArgs: ['--import', old] });
    expect(code).toBe(2);
    expect(stderr).toMatch(/needs Node 22\.16 or newer/);
  });

  it('keeps the received text when it is interrupted, and exits with 130', async () => {
    const slow = 'config:\n  demo.tokensPerSecond: 20\n  demo.ttftMs: 1\n';
    const prompt = workspace.write('slow.prompt', promptText({ model: 'demo/thorough', config: slow }));
    let killed = false;
    const { code, stdout } = await run([prompt, '--stream', '--json'], {
      onOutput({ stdout: sofar }, kill) {
        if (killed || !sofar.includes('text-delta')) return;
        killed = true;
        kill('SIGINT');
      },
    });
    expect(code).toBe(130);
    const end = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(end).toMatchObject({ type: 'run-end', result: { state: 'stopped' } });
    expect(end.result.text.length).toBeGreaterThan(0);
    const database = new DatabaseSync(path.join(workspace.folder, '.llmops/llmops.db'), { readOnly: true });
    expect(database.prepare('SELECT state FROM runs').all()).toMatchObject([{ state: 'stopped' }]);
    database.close();
  });
});
