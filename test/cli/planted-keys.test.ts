import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEAKS, type LeakyServer, startLeakyServer } from '../contract/leaky-server.ts';
import { createWorkspace, llmops, promptText, type Workspace } from './cli.ts';

const KEYS = {
  LEAKY_OPENAI_KEY: 'planted+openai/0123456789=ABCDEF',
  LEAKY_CLAUDE_KEY: 'planted+anthro/abcdef0123456=789',
  LLMOPS_SECRET_GATE: 'planted~gate"way0011223344556677',
};

let server: LeakyServer;
let workspace: Workspace;

beforeAll(async () => {
  server = await startLeakyServer();
  workspace = createWorkspace();
  const declare = (id: string, type: string, key: string) =>
    `${id}:\n  type: ${type}\n  baseUrl: ${server.url}/v1\n  apiKeyEnv: ${key}\n  headers: { x-gate: 'token \${secret:gate}' }\n`;
  workspace.write(
    'llmops/connections.yaml',
    declare('oa', 'openai-compatible', 'LEAKY_OPENAI_KEY') + declare('cl', 'anthropic', 'LEAKY_CLAUDE_KEY'),
  );
  workspace.write('p.prompt', promptText({ body: 'Hello', model: 'oa/m' }));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  workspace[Symbol.dispose]();
});

const run = (...args: string[]) =>
  llmops(args, {
    cwd: workspace.folder,
    env: {
      ...KEYS,
      LLMOPS_ALLOW_ORIGINS: [server.url, `LEAKY_OPENAI_KEY=${server.url}`, `LEAKY_CLAUDE_KEY=${server.url}`].join(),
    },
  });

describe('a server that returns the keys to the command line', () => {
  it.each([LEAKS[0], LEAKS[3], LEAKS[4], LEAKS[6]])('%s: they are not printed anywhere', async (leak) => {
    server.leak = leak;
    server.seen.clear();
    const both = ['-m', 'oa/m', '-m', 'cl/m'];
    const outcomes = await Promise.all([
      run('--verbose', 'run', 'p.prompt', ...both),
      run('--verbose', 'run', 'p.prompt', ...both, '--json', '--stream'),
      run('--verbose', 'models', '--refresh', '--json'),
    ]);
    expect([...server.seen].sort()).toEqual(Object.values(KEYS).sort());
    const printed = outcomes.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    const folder = path.join(workspace.folder, '.llmops');
    const kept = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'latin1'));
    for (const key of Object.values(KEYS)) {
      const lower = encodeURIComponent(key).replace(/%../g, (code) => code.toLowerCase());
      for (const form of [key, encodeURIComponent(key), lower, JSON.stringify(key).slice(1, -1)]) {
        for (let at = 0; at + 12 <= form.length; at++) {
          expect([printed, ...kept].filter((text) => text.includes(form.slice(at, at + 12)))).toEqual([]);
        }
      }
    }
  });
});
