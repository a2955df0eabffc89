import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChatServer, startChatServer } from '../integration/evals/chat-server.ts';
import { createWorkspace, llmops, type Workspace } from './cli.ts';
import { FILE, writeEvaluation } from './eval-files.ts';

const built = process.env.LLMOPS_CLI ?? fileURLToPath(new URL('../../dist/llmops.js', import.meta.url));
const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

let workspace: Workspace;
let server: ChatServer;
beforeEach(async () => {
  workspace = createWorkspace();
  server = await startChatServer();
  workspace.write('llmops/connections.yaml', `local: { type: openai-compatible, baseUrl: "${server.url}" }\n`);
  workspace.write('llmops/prices.yaml', 'local/*: { inputUsd: 1, outputUsd: 1 }\n');
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  workspace[Symbol.dispose]();
});

const onTerminal = (args: string[], answer: string) => typeOnTerminal(['eval', ...args], answer);

/** Runs the command on a terminal, and types an answer to its question. */
function typeOnTerminal(args: string[], answer: string): Promise<{ code: number | null; shown: string }> {
  const command = [process.execPath, built, ...args].map((word) => `'${word}'`).join(' ');
  const env = { PATH: process.env.PATH ?? '', HOME: workspace.folder, TERM: 'xterm', NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: workspace.folder, env });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const isAsked = shown.includes('[y/N]');
      shown += text;
      if (!isAsked && shown.includes('[y/N]')) child.stdin.write(answer);
    });
    child.on('error', reject).on('close', (code) => resolve({ code, shown }));
  });
}

describe.skipIf(!hasTerminal)('the question before data is sent', () => {
  it('names who receives data and the cost, and no request is sent unless it is answered with yes', async () => {
    writeEvaluation(workspace, { model: 'local/echo' });
    const longest =
      '---\nmodel: local/echo\nconfig: { maxOutputTokens: 100 }\ninput:\n  schema:\n    plan: string\n---\n';
    workspace.write('prompts/plan.prompt', `${longest}The plan is {{plan}}.\n`);
    const { code, shown } = await onTerminal([FILE], '\r');
    // equal requests are sent once: there are four plans
    expect(shown).toMatch(
      /4 requests will be sent to local \(http:\/\/127\.0\.0\.1:\d+\)\. Estimated cost: ≈\$0\.\d+, at most \$0\.\d+ with the longest answers\./,
    );
    expect(shown).toContain('Cancelled. No request was sent.');
    expect(code).toBe(130);
    expect(server.asked).toEqual([]);
  });

  it('runs after a yes, with a table for the terminal', async () => {
    writeEvaluation(workspace, { model: 'local/echo' });
    const { code, shown } = await onTerminal([FILE], 'y\r');
    expect(shown).toContain('plan · local/echo');
    expect(code).toBe(0);
    expect(server.asked).toHaveLength(4);
    // every answer is stored now
    const again = await onTerminal([FILE], 'n\r');
    expect(again.shown).not.toContain('[y/N]');
    expect(again.code).toBe(0);
  });

  it('is asked before a stopped result is continued', async () => {
    writeEvaluation(workspace, { model: 'local/echo', more: 'concurrency: 1\n' });
    workspace.write('llmops/prices.yaml', 'local/*: { inputUsd: 100, outputUsd: 100 }\n');
    const prompt =
      '---\nmodel: local/echo\nconfig: { maxOutputTokens: 100 }\ninput:\n  schema:\n    plan: string\n---\n';
    workspace.write('prompts/plan.prompt', `${prompt}The plan is {{plan}}.\n`);
    const stopped = await llmops(['eval', FILE, '--json', '--max-cost', '0.03'], { cwd: workspace.folder });
    const asked = server.asked.length;
    const { code, shown } = await onTerminal([FILE, '--resume', '--max-cost', '9'], 'n\r');
    expect(stopped.code).toBe(2);
    expect(asked).toBeGreaterThan(0);
    expect(shown).toMatch(
      /Up to \d requests? will be sent to local \(http:\/\/127\.0\.0\.1:\d+\)\. Estimated cost: ≈\$0\.\d+, limited to \$9\.00\./,
    );
    expect(code).toBe(130);
    expect(server.asked).toHaveLength(asked);
    expect((await onTerminal([FILE, '--resume', '--max-cost', '9'], 'y\r')).code).toBe(0);
    expect(server.asked).toHaveLength(4);
  });

  it('is not asked with --yes, and for demo models', async () => {
    writeEvaluation(workspace, { model: 'local/echo' });
    expect((await onTerminal([FILE, '--yes'], 'n\r')).shown).not.toContain('[y/N]');
    expect(server.asked).toHaveLength(4);
    writeEvaluation(workspace, { model: 'demo/echo' });
    expect((await onTerminal([FILE], 'n\r')).shown).not.toContain('[y/N]');
  });

  it('is asked before versions are pushed', async () => {
    workspace.write('prompts/plan.prompt', 'The plan is {{plan}}.\n');
    const git = (...args: string[]) => {
      const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
      const { status, stdout } = spawnSync('git', [...identity, ...args], { cwd: workspace.folder, encoding: 'utf8' });
      expect(status).toBe(0);
      return stdout;
    };
    git('init', '-q', '-b', 'main');
    git('init', '-q', '--bare', 'remote.git');
    git('remote', 'add', 'origin', path.join(workspace.folder, 'remote.git'));
    git('add', 'prompts');
    git('commit', '-qm', 'A prompt');
    git('push', '-q', 'origin', 'main');
    git('config', 'user.name', 'Ada');
    git('config', 'user.email', 'ada@example.org');
    expect((await llmops(['versions', 'label', 'plan', 'production'], { cwd: workspace.folder })).code).toBe(0);
    const { code, shown } = await typeOnTerminal(['versions', 'push'], 'n\r');
    expect(shown).toContain('will be pushed to origin. Continue? [y/N]');
    expect(shown).toContain('Cancelled. Nothing was pushed.');
    expect(code).toBe(130);
    const pushed = () => git('--git-dir', 'remote.git', 'for-each-ref', 'refs/llmops');
    expect(pushed()).toBe('');
    const sent = await typeOnTerminal(['versions', 'push', '--yes'], 'n\r');
    expect(sent.shown).not.toContain('[y/N]');
    expect(sent.code).toBe(0);
    expect(pushed()).not.toBe('');
  });

  it('is asked before results are deleted', async () => {
    writeEvaluation(workspace, { model: 'demo/echo' });
    const { id } = JSON.parse((await llmops(['eval', FILE, '--json'], { cwd: workspace.folder })).stdout) as {
      id: string;
    };
    const { code, shown } = await onTerminal(['delete', id.slice(0, 8)], 'n\r');
    expect(shown).toContain(`1 result will be deleted: ${id}.`);
    expect(code).toBe(130);
    expect((await onTerminal(['delete', id], 'yes\r')).shown).toContain('Deleted 1 result.');
  });
});

it('is not asked where no terminal can answer', async () => {
  writeEvaluation(workspace, { model: 'local/echo' });
  const { code } = await llmops(['eval', path.join(workspace.folder, FILE), '--json'], { cwd: workspace.folder });
  expect(code).toBe(0);
  expect(server.asked).toHaveLength(4);
});
