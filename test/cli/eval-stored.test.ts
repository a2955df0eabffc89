import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChatServer, startChatServer } from '../integration/evals/chat-server.ts';
import { createWorkspace, llmops, type Workspace } from './cli.ts';
import { FILE, readResult, writeEvaluation } from './eval-files.ts';

describe('a result that cannot be recorded', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'llmops-outside-'));
    const write = (file: string, text: string) => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    };
    writeEvaluation({ folder, write } as Pick<Workspace, 'folder' | 'write'>);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is printed without an ID outside a workspace, with the reason', async () => {
    const { code, stdout, stderr } = await llmops(['eval', FILE], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain('plan: 3 of 6 answers passed');
    expect(stdout).not.toMatch(/Result [0-9a-f-]{36}/);
    const place = path.join(folder, 'evals');
    expect(stderr).toContain(`The result is not recorded: ${place} is not in a workspace (a git repository, or `);
    const { stdout: listed } = await llmops(['eval', 'list'], { cwd: folder });
    expect(listed).toBe(
      `No results are stored: ${folder} is not in a workspace (a git repository, or a folder that contains llmops/).\n`,
    );
    // nothing is left behind
    expect(await llmops(['eval', FILE, '--resume'], { cwd: folder })).toMatchObject({ code: 2 });
  });

  it('has its documented form as JSON, and no advice to resume it', async () => {
    const { code, stdout, stderr } = await llmops(['eval', FILE, '--json'], { cwd: folder });
    expect(code).toBe(0);
    expect(readResult(stdout).cases).toHaveLength(6);
    expect(stderr).toMatch(/^The result is not recorded: [^\n]*\n$/);
  });

  it('says that the database cannot be written', async () => {
    mkdirSync(path.join(folder, 'llmops'));
    // a file where its folder would be: also the superuser cannot write there
    writeFileSync(path.join(folder, '.llmops'), '');
    const { code, stdout, stderr } = await llmops(['eval', FILE], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/Result [0-9a-f-]{36}/);
    expect(stderr).toContain('The result is not recorded: the database of the workspace cannot be written.');
    expect(stderr).toContain(`The history cannot be saved in ${path.join(folder, '.llmops')}`);
  });
});

describe('a stored result whose files were deleted', () => {
  let workspace: Workspace;
  let server: ChatServer;
  beforeEach(async () => {
    workspace = createWorkspace();
    server = await startChatServer();
    workspace.write('llmops/connections.yaml', `local: { type: openai-compatible, baseUrl: "${server.url}" }\n`);
    workspace.write('llmops/prices.yaml', 'local/*: { inputUsd: 100, outputUsd: 100 }\n');
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    workspace[Symbol.dispose]();
  });

  const evaluate = (...args: string[]) => llmops(['eval', ...args], { cwd: workspace.folder });
  const remove = (...files: string[]) => {
    for (const file of files) rmSync(path.join(workspace.folder, file));
  };
  /** Stops after two of six answers. */
  async function stop() {
    writeEvaluation(workspace, {
      model: 'local/echo',
      body: '{{> polite}} The plan is {{plan}}.',
      more: 'concurrency: 1\nmodels: [{ model: local/echo, config: { maxOutputTokens: 100 } }]\n',
      metrics: '[{ metric: contains, name: polite, value: Please }]',
    });
    workspace.write('prompts/_polite.prompt', 'Please:');
    return readResult((await evaluate(FILE, '--json', '--max-cost', '0.04')).stdout);
  }

  it('is resumed and scored again from what is stored', async () => {
    const stopped = await stop();
    expect(stopped.state).toBe('budget');
    const asked = server.asked.length;
    expect(asked).toBeGreaterThan(0);
    remove('prompts/plan.prompt', 'prompts/_polite.prompt', 'data/plans.jsonl');

    const { code, stdout, stderr } = await evaluate(FILE, '--resume', '--max-cost', '10', '--json');
    const resumed = readResult(stdout);
    const rescored = await evaluate(FILE, '--rescore', '--json');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(resumed).toMatchObject({ id: stopped.id, state: 'done', totals: { errors: 0 } });
    expect(server.asked).toHaveLength(4);
    expect(new Set(server.asked.map((text) => text.replace(/\w+\.$/, 'X.')))).toEqual(
      new Set(['Please: The plan is X.']),
    );
    expect({ code: rescored.code, stderr: rescored.stderr }).toEqual({ code: 0, stderr: '' });
    expect(server.asked).toHaveLength(4);
  });

  it('uses the metrics of the result if the evaluation file is gone too', async () => {
    const stopped = await stop();
    remove(FILE);

    const resumed = await evaluate('--resume', stopped.id, '--max-cost', '10', '--json');
    const rescored = await evaluate(FILE, '--rescore', '--json');

    const notice = 'plan.eval.yaml does not exist any more, so the metrics and gates of the result are used.';
    for (const { code, stdout, stderr } of [resumed, rescored]) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(notice) });
      expect(readResult(stdout)).toMatchObject({
        id: stopped.id,
        state: 'done',
        metrics: [{ metric: 'polite', mean: 1 }],
      });
    }
  });
});
