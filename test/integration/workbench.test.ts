import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskFiles } from '../../src/core/base/files/disk-files.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/base/settings.ts';
import type { RunEvent, RunSpec } from '../../src/core/runs/events.ts';
import { createWorkbench, type Ports, type Workbench } from '../../src/core/workbench.ts';

const PROMPT = `---
model: demo/swift
config:
  demo.tokensPerSecond: 20000
  demo.ttftMs: 1
input:
  schema:
    name: string
---
{{> greeting}} {{name}}
`;

let folder: string;
let settings: Settings;
let open: Workbench[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'llmops-workbench-'));
  mkdirSync(path.join(folder, 'prompts/deep'), { recursive: true });
  writeFileSync(path.join(folder, 'prompts/_greeting.prompt'), 'Good morning,');
  writeFileSync(path.join(folder, 'prompts/deep/a.prompt'), PROMPT);
  settings = { ...DEFAULT_SETTINGS, discoverOllama: false };
  open = [];
});
afterEach(async () => {
  for (const workbench of open) await workbench.dispose();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

function create(ports: Partial<Ports> = {}): Workbench {
  const workbench = createWorkbench({
    folder,
    trusted: () => true,
    settings: () => settings,
    files: diskFiles,
    env: {},
    log: { debug() {}, info() {}, warn() {}, error() {} },
    now: Date.now,
    network: async () => {
      throw new Error('Nothing here needs a network.');
    },
    storeWorkerUrl: new URL('../../src/core/store/worker.ts', import.meta.url),
    windowId: 'test',
    ...ports,
  });
  open.push(workbench);
  return workbench;
}

async function prepare(workbench: Workbench, models = ['demo/swift']): Promise<RunSpec[]> {
  const { prompt } = await workbench.prompts.load(path.join(folder, 'prompts/deep/a.prompt'));
  const input = { name: 'Ada' };
  const rendered = await workbench.prompts.render(prompt, { input });
  const columns = models.map((model) => ({ model, parameters: {}, promptCaching: false }));
  return workbench.runs.prepare({ prompt, rendered, columns, repeat: 1, input });
}

async function runAll(workbench: Workbench, specs: RunSpec[]): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of workbench.runs.compare(specs).events) events.push(event);
  return events;
}

describe('a workbench', () => {
  it('runs a prompt and records it; a simulated cost is not spent', async () => {
    const workbench = create();
    const specs = await prepare(workbench);
    const events = await runAll(workbench, specs);
    expect(events.at(-1)).toMatchObject({ type: 'run-end', result: { state: 'done' } });
    const kept = await workbench.store.runs.comparison(specs[0]?.comparisonId ?? '');
    expect(kept).toMatchObject([{ state: 'done', model: 'demo/swift', input: { name: 'Ada' }, promptName: 'a' }]);
    expect(kept[0]?.costUsd).toBeGreaterThan(0);
    expect(await workbench.runs.spentToday()).toBe(0);
  });

  it('finds a partial in the folders above the prompt, and reads none outside the workspace', async () => {
    const [spec] = await prepare(create());
    expect(spec?.messages[0]?.parts[0]).toMatchObject({ text: 'Good morning, Ada' });
    rmSync(path.join(folder, 'prompts/_greeting.prompt'));
    const outside = mkdtempSync(path.join(tmpdir(), 'llmops-outside-'));
    writeFileSync(path.join(outside, 'secret'), 'a secret');
    symlinkSync(path.join(outside, 'secret'), path.join(folder, 'prompts/_greeting.prompt'));
    await expect(prepare(create())).rejects.toThrow(/greeting/);
    rmSync(outside, { recursive: true });
  });

  it('estimates tokens, cost and the maximum before a run', async () => {
    const workbench = create();
    const [spec] = await prepare(workbench);
    if (!spec) throw new Error('no spec');
    const estimate = await workbench.runs.estimate({
      ...spec,
      parameters: { ...spec.parameters, maxOutputTokens: 1000 },
    });
    expect(estimate.inputTokens).toBeGreaterThan(3);
    expect(estimate.maxOutputTokens).toBe(1000);
    expect(estimate.ceilingUsd).toBeCloseTo((estimate.inputUsd ?? 0) + 0.0004, 6);
  });

  it('keeps runs in memory without a folder, without trust, and by setting', async () => {
    for (const ports of [{ folder: undefined }, { trusted: () => false }, { record: false }]) {
      const status = await create(ports).store.status();
      expect(status.mode).toBe('memory');
    }
    await expect(access(path.join(folder, '.llmops'))).rejects.toThrow();
  });

  it('runs nothing in an untrusted folder', async () => {
    const workbench = create({ trusted: () => false });
    const events = await runAll(workbench, await prepare(workbench));
    expect(events.at(-1)).toMatchObject({ result: { state: 'failed', error: { code: 'untrusted' } } });
  });

  it('records active runs as interrupted, with the received text, when its window closes', async () => {
    const workbench = create();
    const [spec] = await prepare(workbench);
    if (!spec) throw new Error('no spec');
    const slow = { 'demo.ttftMs': 1, 'demo.tokensPerSecond': 20 };
    const events: RunEvent[] = [];
    const ended = (async () => {
      for await (const event of workbench.runs.compare([{ ...spec, parameters: { extra: slow } }]).events) {
        events.push(event);
        if (event.type === 'text-delta' && events.filter(({ type }) => type === 'text-delta').length === 2) {
          void workbench.dispose();
        }
      }
    })();
    await ended;
    await workbench.dispose();
    const kept = await create().store.runs.get(spec.runId);
    expect(kept).toMatchObject({ state: 'interrupted' });
    expect(kept?.text.length).toBeGreaterThan(0);
  });

  it('returns the raw response as objects, although it was written as text', async () => {
    const workbench = create();
    const [spec] = await prepare(workbench);
    await runAll(workbench, spec ? [spec] : []);
    const { store } = workbench;
    const done = await store.runs.get(spec?.runId ?? '');
    if (!done) throw new Error('not recorded');
    expect(done.rawResponse).toBeInstanceOf(Array);
    await store.runs.finish([{ ...done, id: 'raw', rawResponse: undefined, rawResponseJson: '[{"c":1}]' }]);
    expect(await store.runs.get('raw')).toMatchObject({ rawRequest: done.rawRequest, rawResponse: [{ c: 1 }] });
  });

  const ESTIMATED = `---
model: openai/gpt-5
input:
  schema:
    name: string
  default:
    name: Ada
output:
  format: json
  schema:
    risk: string, how likely the customer is to leave
    reasons(array): string
tools: [lookup]
toolDefs:
  - name: lookup
    inputSchema:
      id: string
---
{{role "system"}}
You judge customers.
{{role "user"}}
Judge {{name}}.
`;

  it('has one estimate for the prompt as it is, its run, its parts and its columns', async () => {
    const workbench = create();
    const file = path.join(folder, 'prompts/estimated.prompt');
    const { prompt } = await workbench.prompts.load(file, ESTIMATED);
    const rendered = await workbench.prompts.render(prompt, { input: {} });
    const columns = [{ model: 'openai/gpt-5', parameters: {}, promptCaching: false }];
    const [spec] = workbench.runs.prepare({ prompt, rendered, columns, repeat: 1, input: {} });
    if (!spec) throw new Error('no spec');
    const shown = await workbench.runs.estimatePrompt(prompt, 'openai/gpt-5');
    const run = await workbench.runs.estimate(spec);
    const parts = await workbench.runs.inputParts(spec);
    expect(shown).toEqual({ ...run, filledWith: 'defaults' });
    expect(parts.total).toBe(run.inputTokens);
    expect(parts).toMatchObject({ messages: [expect.any(Number), expect.any(Number)], opening: 3 });
    // It includes the output schema and the tool.
    const bare = await workbench.runs.estimate({ ...spec, output: { format: 'text' }, tools: [] });
    expect(run.inputTokens).toBe((bare.inputTokens ?? 0) + parts.schema + parts.tools);
    expect(parts.schema).toBeGreaterThan(20);
    expect(run.inputUsd).toBeGreaterThan(bare.inputUsd ?? 1);
  });

  it('reports what an estimate of the file uses instead of missing values', async () => {
    const workbench = create();
    const estimate = async (text: string) => {
      const { prompt } = await workbench.prompts.load(path.join(folder, 'prompts/x.prompt'), text);
      return workbench.runs.estimatePrompt(prompt, 'openai/gpt-5');
    };
    expect(await estimate('---\ninput:\n  schema:\n    name: string\n---\nHello {{name}}')).toMatchObject({
      filledWith: 'names',
      inputTokens: 4 + 3 + 4,
    });
    expect(await estimate('Hello {{#if name}}')).toMatchObject({ filledWith: 'template' });
  });

  it('does not run when the daily budget is spent', async () => {
    settings.budgetPerDayUsd = 0.000001;
    const workbench = create();
    const [demo] = await prepare(workbench);
    if (!demo) throw new Error('no spec');
    await runAll(workbench, [demo]);
    const { store } = workbench;
    const run = await store.runs.get(demo.runId);
    if (!run) throw new Error('not recorded');
    await store.runs.finish([{ ...run, id: 'paid', model: 'openai/gpt-6', simulated: false, costUsd: 0.5 }]);
    expect(await workbench.runs.spentToday()).toBe(0.5);

    const paid = await runAll(workbench, [{ ...demo, runId: 'next', model: 'openai/gpt-6' }]);
    const free = await runAll(workbench, [{ ...demo, runId: 'free' }]);

    expect(paid.at(-1)).toMatchObject({ result: { state: 'failed', error: { code: 'budget' } } });
    expect(free.at(-1)).toMatchObject({ result: { state: 'done' } });
  });

  it('marks runs of a closed window as interrupted, and purges old ones once a day', async () => {
    const workbench = create();
    const [spec] = await prepare(workbench);
    await runAll(workbench, spec ? [spec] : []);
    const { store } = workbench;
    const done = await store.runs.get(spec?.runId ?? '');
    if (!done) throw new Error('not recorded');
    const day = 86_400_000;
    await store.runs.finish([{ ...done, id: 'old', startedAt: Date.now() - 100 * day }]);
    await store.runs.start([{ ...done, id: 'orphan', state: 'streaming', endedAt: undefined }]);
    await workbench.dispose();
    const later = create({ now: () => Date.now() + 2 * day });
    await expect.poll(async () => later.store.runs.get('old'), { timeout: 5000 }).toBeUndefined();
    expect(await later.store.runs.get('orphan')).toMatchObject({ state: 'interrupted' });
    expect(await later.store.runs.get(spec?.runId ?? '')).toMatchObject({ state: 'done' });
  });
});
