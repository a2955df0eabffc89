import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliOptions, createWorkspace, llmops, type Outcome, promptText, type Workspace } from './cli.ts';

const SLOW = 'config:\n  demo.tokensPerSecond: 20\n  demo.ttftMs: 1\n';
const FAST = 'config:\n  demo.tokensPerSecond: 20000\n  demo.ttftMs: 1\n';
/** The documented behavior. */
const LONGEST_END_MS = 2000;

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

/** Runs until `reached` resolves, sends the signal, and measures how long it takes to end. */
async function interruptAt(
  args: string[],
  signal: NodeJS.Signals,
  { reached, ...options }: Partial<CliOptions> & { reached(child: ChildProcess): Promise<unknown> },
): Promise<Outcome & { tookMs: number }> {
  let sentAt = Number.NaN;
  const outcome = await llmops(args, {
    cwd: workspace.folder,
    ...options,
    onStart(child) {
      void reached(child).then(() => {
        sentAt = performance.now();
        child.kill(signal);
      });
    },
  });
  return { ...outcome, tookMs: performance.now() - sentAt };
}

/** Resolves once the process has the file open. */
async function hasOpen({ pid }: ChildProcess, file: string): Promise<void> {
  const folder = `/proc/${pid}/fd`;
  const target = (name: string) => {
    try {
      return readlinkSync(path.join(folder, name));
    } catch {
      return '';
    }
  };
  while (!readdirSync(folder).some((name) => target(name) === file)) await nextTurn();
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

describe.skipIf(process.platform !== 'linux')('one signal ends the command within two seconds', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s while git does not answer', async (signal) => {
    const bin = path.join(workspace.folder, 'bin');
    const started = path.join(workspace.folder, 'started');
    mkdirSync(bin);
    mkdirSync(path.join(workspace.folder, '.git'));
    writeFileSync(path.join(bin, 'git'), `#!/bin/sh\n: > ${started}\nexec sleep 30\n`, { mode: 0o755 });
    const outcome = await interruptAt(['run', 'churn-analysis@v1'], signal, {
      env: { PATH: `${bin}:${process.env.PATH}` },
      async reached() {
        while (!existsSync(started)) await nextTurn();
      },
    });
    expect(outcome.code).toBe(130);
    expect(outcome.tookMs).toBeLessThan(LONGEST_END_MS);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s while another program holds the database', async (signal) => {
    const prompt = workspace.write('p.prompt', promptText({ model: 'demo/swift', config: FAST }));
    await llmops(['run', prompt], { cwd: workspace.folder });
    const file = path.join(workspace.folder, '.llmops/llmops.db');
    const database = new DatabaseSync(file);
    database.exec('BEGIN IMMEDIATE');
    const outcome = await interruptAt(['run', prompt], signal, { reached: (child) => hasOpen(child, file) });
    database.close();
    expect(outcome.code).toBe(130);
    expect(outcome.tookMs).toBeLessThan(LONGEST_END_MS);
  });

  it('SIGTERM while one server is silent prints the received text of another', async () => {
    const asked = Promise.withResolvers<void>();
    const server = createServer((request) => {
      if (request.method === 'POST') asked.resolve();
    });
    try {
      const baseUrl = await listen(server);
      workspace.write('llmops/connections.yaml', `silent: { type: openai-compatible, baseUrl: "${baseUrl}" }\n`);
      const prompt = workspace.write('p.prompt', promptText({ config: FAST }));
      const args = ['run', prompt, '-m', 'silent/x', '-m', 'demo/swift', '--json'];
      const outcome = await interruptAt(args, 'SIGTERM', { reached: () => asked.promise });
      expect(outcome.code).toBe(130);
      expect(outcome.tookMs).toBeLessThan(LONGEST_END_MS);
      expect(JSON.parse(outcome.stdout).runs.map(({ model }: { model: string }) => model)).toEqual([
        'silent/x',
        'demo/swift',
      ]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('SIGHUP stores the received text as a stopped run', async () => {
    const prompt = workspace.write('p.prompt', promptText({ model: 'demo/thorough', config: SLOW }));
    let seen = '';
    const arrived = Promise.withResolvers<void>();
    const outcome = await interruptAt(['run', prompt, '--stream'], 'SIGHUP', {
      reached: () => arrived.promise,
      onOutput({ stdout }) {
        seen = stdout;
        arrived.resolve();
      },
    });
    expect(outcome.code).toBe(130);
    expect(outcome.tookMs).toBeLessThan(LONGEST_END_MS);
    const database = new DatabaseSync(path.join(workspace.folder, '.llmops/llmops.db'), { readOnly: true });
    const [run] = database.prepare('SELECT state FROM runs').all();
    database.close();
    expect(run).toMatchObject({ state: 'stopped' });
    expect(seen.length).toBeGreaterThan(0);
  });
});

it('a check of thousands of prompts always handles signals', async () => {
  const folder = path.join(workspace.folder, 'many');
  mkdirSync(folder);
  const text = promptText({ model: 'demo/swift', body: 'Hello {{a}} {{b}} and so on.\n'.repeat(20) });
  for (let index = 0; index < 3000; index += 1) writeFileSync(path.join(folder, `p${index}.prompt`), text);
  const watch = `import { monitorEventLoopDelay } from 'node:perf_hooks';
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    process.on('exit', () => process.stderr.write('longest=' + delay.max / 1e6));`;
  const { code, stderr } = await llmops(['check', 'many'], {
    cwd: workspace.folder,
    nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(watch)}`],
  });
  expect(code).toBe(0);
  expect(Number(/longest=([\d.]+)/.exec(stderr)?.[1])).toBeLessThan(800);
});
