import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, llmops, type Workspace } from './cli.ts';

let server: Server;
let workspace: Workspace;
let answer: (path: string) => unknown;

beforeEach(async () => {
  server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(request.url ?? '')));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  workspace = createWorkspace();
  const url = `http://127.0.0.1:${port}`;
  workspace.write(
    'llmops/connections.yaml',
    `mine: { type: openai-compatible, baseUrl: "${url}/v1" }\nclaude: { type: anthropic, baseUrl: "${url}" }\n`,
  );
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  workspace[Symbol.dispose]();
});

async function listOf(connection: string) {
  const env = {
    ANTHROPIC_API_KEY: 'a-key-of-some-length',
    LLMOPS_ALLOW_ORIGINS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  const text = await llmops(['models', connection, '--refresh'], { cwd: workspace.folder, env });
  const json = await llmops(['models', connection, '--json'], { cwd: workspace.folder, env });
  return { text, list: JSON.parse(json.stdout).connections[0] };
}

const HOSTILE = [
  null,
  5,
  'text',
  {},
  { id: 5 },
  { id: '' },
  { id: 'x'.repeat(100_000) },
  { id: 'a\u001b[2Jb' },
  { id: 'turned\u202egnihtemos' },
  { id: 'fine', name: `N\u0007${'n'.repeat(100_000)}`, context_length: -5, max_model_len: '8', shutdown_date: 7 },
  { id: 'fine', context_length: 8 },
  { id: 'huge', context_length: 1e308, created: 1e308 },
];

describe('a malicious model list', () => {
  it('shows only printable names and valid figures', async () => {
    answer = () => ({ data: HOSTILE });
    const { text, list } = await listOf('mine');
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/mine\/fine +— +—[\s\S]*mine\/huge +— +—/);
    expect(text.stdout).toContain('3 more models that the server lists are not shown.');
    expect(text.stdout.length).toBeLessThan(2000);
    expect(list.models.map(({ ref, contextWindow }: Record<string, unknown>) => [ref, contextWindow])).toEqual([
      ['mine/fine', null],
      ['mine/huge', null],
    ]);
    expect(list.omitted).toBe(3);
    expect(list.models[0].displayName.length).toBeLessThanOrEqual(200);
  });

  it('of 100,000 entries shows 5,000 and counts the rest', async () => {
    const data = Array.from({ length: 100_000 }, (_, n) => ({ id: `model-${n}`, context_length: -n }));
    answer = () => ({ data });
    const { text, list } = await listOf('mine');
    expect(text.code).toBe(0);
    expect(text.stdout).toContain('95,000 more models that the server lists are not shown.');
    expect(list.models).toHaveLength(5000);
    expect(list.omitted).toBe(95_000);
  });

  it("in Anthropic's protocol ends, even if the pages do not", async () => {
    let pages = 0;
    answer = (path) => {
      if (!path.includes('/models')) return {};
      pages += 1;
      const data = Array.from({ length: 1000 }, (_, n) => ({
        id: `claude-${pages}-${n}`,
        max_input_tokens: -1,
        retires_at: 5,
      }));
      return { data: [null, { id: 7 }, ...data], has_more: true, first_id: 'a', last_id: `claude-${pages}-999` };
    };
    const { text, list } = await listOf('claude');
    expect(text.code).toBe(0);
    expect(list.models).toHaveLength(5000);
    expect(text.stdout).toContain('1 more model that the server lists is not shown.');
    expect(pages).toBeLessThan(10);
  });
});
