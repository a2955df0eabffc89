import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createWorkspace, llmops } from './cli.ts';

const RUN = ['run', 'prompts/priced.prompt', '--model', 'demo/swift', '--json', '--no-record'];

interface Report {
  runs: {
    costUsd: number | null;
    costEstimated: boolean | null;
    priceSource: string | null;
    priceDate: string | null;
  }[];
}

describe('llmops/prices.yaml', () => {
  it('prices the runs of the command line, which shows the price’s source and date', async () => {
    using workspace = createWorkspace();
    workspace.write('prompts/priced.prompt', 'Say hello.');
    const before = await llmops(RUN, { cwd: workspace.folder });
    const [demo] = (JSON.parse(before.stdout) as Report).runs;
    expect(demo).toMatchObject({ priceSource: 'demo', priceDate: null, costEstimated: false });

    workspace.write('llmops/prices.yaml', 'demo/*:\n  inputUsd: 1000\n  outputUsd: 1000\n  asOf: 2026-11-29\n');
    const after = await llmops(RUN, { cwd: workspace.folder });
    const [own] = (JSON.parse(after.stdout) as Report).runs;
    expect(after.stderr).toBe('');
    expect(own).toMatchObject({ priceSource: 'llmops/prices.yaml (2026-11-29)', priceDate: '2026-11-29' });
    expect(own?.costUsd).toBeGreaterThan((demo?.costUsd ?? 0) * 100);
  });

  it('is shown with the models that it prices', async () => {
    using workspace = createWorkspace();
    workspace.write('llmops/prices.yaml', 'demo/swift:\n  inputUsd: 7\n  outputUsd: 8\n');
    const { stdout } = await llmops(['models', 'demo', '--json'], { cwd: workspace.folder });
    const [{ models }] = (JSON.parse(stdout) as { connections: [{ models: { ref: string; prices: unknown }[] }] })
      .connections;
    expect(models.find(({ ref }) => ref === 'demo/swift')?.prices).toEqual({
      inputUsd: 7,
      outputUsd: 8,
      source: 'llmops/prices.yaml',
    });
  });

  it('with an error is reported by run, by models and, with its place, by check, which exits with 1', async () => {
    using workspace = createWorkspace();
    workspace.write('prompts/priced.prompt', 'Say hello.');
    workspace.write('llmops/prices.yaml', 'demo/swift:\n  inputUsd: 1\n  outputUsd: cheap\n');
    const ran = await llmops(RUN, { cwd: workspace.folder });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/prices\.yaml: "demo\/swift": "outputUsd" must be a number, 0 or more\.\n$/);
    const listed = await llmops(['models', 'demo'], { cwd: workspace.folder });
    expect(listed.stderr).toContain('"outputUsd" must be a number');

    const checked = await llmops(['check'], { cwd: workspace.folder });
    expect(checked.stdout).toContain(
      'llmops/prices.yaml:3:14  error  "demo/swift": "outputUsd" must be a number, 0 or more.  price-file\n',
    );
    expect(checked.stdout).toContain('4 prompts, 1 evaluation and llmops/prices.yaml checked: 1 error.\n');
    expect(checked.code).toBe(1);
    const alone = await llmops(['check', 'llmops/prices.yaml'], { cwd: workspace.folder });
    expect(alone.stdout).toContain('llmops/prices.yaml checked: 1 error.');
    const prompts = await llmops(['check', 'prompts'], { cwd: workspace.folder });
    expect(prompts.stdout).not.toContain('prices.yaml');
    const sarif = await llmops(['check', '--format', 'sarif'], { cwd: workspace.folder });
    const [{ tool }] = (JSON.parse(sarif.stdout) as { runs: [{ tool: { driver: { rules: unknown[] } } }] }).runs;
    expect(tool.driver.rules).toEqual([
      expect.objectContaining({ id: 'price-file', shortDescription: { text: 'A price cannot be used' } }),
    ]);
  });
});

/** A server on this machine that answers every request with the same text. */
async function serve(body: string, status = 200) {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const LIST = JSON.stringify([
  {
    id: 'openai',
    api_pattern: 'https://api\\.openai\\.com',
    models: [{ id: 'gpt-7', match: { equals: 'gpt-7' }, prices: { input_mtok: 3, output_mtok: 12 } }],
  },
]);

describe('llmops prices', () => {
  it('shows which list is used, and fetches another one after showing its address', async () => {
    using workspace = createWorkspace();
    await using server = await serve(LIST);
    const cwd = workspace.folder;
    const before = await llmops(['prices', 'show'], { cwd });
    expect(before.stdout).toMatch(/^built in {2}genai-prices \d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\), [\d,]+ models\n$/);

    const update = await llmops(['prices', 'update', '--url', server.url], { cwd });
    expect(update.stderr).toBe(`Fetching ${server.url}\n`);
    expect(update.stdout).toMatch(/^Saved the prices of 1 model \(\d{4}-\d\d-\d\d\) to .*prices\.json\.\n$/);
    expect(update.code).toBe(0);

    const after = await llmops(['prices', 'show', '--json'], { cwd });
    const lists = JSON.parse(after.stdout) as Record<string, unknown>;
    expect(lists.fetched).toMatchObject({ models: 1, used: true });
    expect(lists.builtIn).toMatchObject({ source: expect.stringContaining('genai-prices') });

    workspace.write('llmops/connections.yaml', 'openai:\n  models: [gpt-7]\n');
    const env = { OPENAI_API_KEY: 'sk-test', HTTPS_PROXY: 'http://127.0.0.1:9' };
    const listed = await llmops(['models', 'openai', '--json'], { cwd, env });
    const [{ models }] = (
      JSON.parse(listed.stdout) as { connections: [{ models: { ref: string; prices: unknown }[] }] }
    ).connections;
    expect(models.find(({ ref }) => ref === 'openai/gpt-7')?.prices).toMatchObject({ inputUsd: 3, outputUsd: 12 });
  });

  it('exits with 3 if the server sends an invalid list, and with 2 for an address that is not allowed', async () => {
    using workspace = createWorkspace();
    await using server = await serve('<html>');
    const cwd = workspace.folder;
    const page = await llmops(['prices', 'update', '--url', server.url], { cwd });
    expect(page.stderr).toContain('it is a web page');
    expect(page.code).toBe(3);
    const plain = await llmops(['prices', 'update', '--url', 'http://prices.example/x'], { cwd });
    expect(plain.stderr).toContain('is not a valid address');
    expect(plain.code).toBe(2);
  });
});

/** Claude's Messages API, with responses that report how they were served. */
async function serveClaude(served: Record<string, unknown>) {
  const usage = { input_tokens: 1000, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const events = [
    {
      type: 'message_start',
      message: {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'claude-opus-5-5',
        content: [],
        usage: { ...usage, ...served },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 100 } },
    { type: 'message_stop' },
  ];
  const stream = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function runClaude(config: string, served: Record<string, unknown>, notice = '') {
  using workspace = createWorkspace();
  await using server = await serveClaude(served);
  workspace.write('llmops/connections.yaml', `claude:\n  type: anthropic\n  baseUrl: ${server.origin}\n`);
  workspace.write('prompts/asked.prompt', `---\nconfig:\n  ${config}\n---\nSay hello.`);
  const args = ['run', 'prompts/asked.prompt', '--model', 'claude/claude-opus-5-5', '--json', '--no-record'];
  const env = { ANTHROPIC_API_KEY: 'sk-ant-planted', LLMOPS_ALLOW_ORIGINS: server.origin };
  const { stdout, stderr } = await llmops(args, { cwd: workspace.folder, env });
  expect(stderr).toBe(notice);
  const [run] = (JSON.parse(stdout) as { runs: Record<string, unknown>[] }).runs;
  return run;
}

describe('the cost of a run', () => {
  const standard = (1000 * 4 + 100 * 20) / 1e6;

  it('uses the requested mode, if the response reports nothing else', async () => {
    const run = await runClaude('speed: fast', {});
    expect(run).toMatchObject({ costUsd: standard * 2, costEstimated: false, costEstimatedBecause: null });
    expect(run?.priceSource).toMatch(/^genai-prices \d/);
  });

  it('uses the served mode, if the response reports it', async () => {
    const run = await runClaude('speed: fast', {
      speed: 'standard',
      service_tier: 'standard',
      inference_geo: 'global',
    });
    expect(run).toMatchObject({ costUsd: standard, costEstimated: false });
  });

  it('is an estimate with its reason if no list has the price of the served mode', async () => {
    const run = await runClaude(
      'maxOutputTokens: 500',
      { service_tier: 'priority' },
      'claude/claude-opus-5-5: The cost is an estimate. No price is listed for service_tier "priority" of this model; the standard price is used.\n',
    );
    expect(run).toMatchObject({
      costUsd: standard,
      costEstimated: true,
      costEstimatedBecause: expect.stringContaining('service_tier "priority"'),
    });
    expect(run?.usage).toMatchObject({ estimated: false });
    expect(run?.warnings).toContainEqual({
      code: 'price-estimated',
      message: expect.stringContaining('The cost is an estimate.'),
    });
  });
});
