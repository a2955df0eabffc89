import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskFiles } from '../../../src/core/base/files/disk-files.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/base/settings.ts';
import { createWorkbench } from '../../../src/core/workbench.ts';
import { PreviewSession } from '../../../src/panels/preview/preview-session.ts';
import type { PreviewEvent, Rendering } from '../../../src/protocol/preview.ts';
import { PROMPT } from './make-session.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** A preview on a real workbench, in a separate folder. */
async function openPreview(text: string, { history = false } = {}) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'preview-'));
  const workbench = createWorkbench({
    folder,
    trusted: () => true,
    settings: () => DEFAULT_SETTINGS,
    files: diskFiles,
    env: {},
    log,
    now: Date.now,
    network: async () => ({
      fetch: () => Promise.reject(new Error('asked the network')),
      options: { rejectUnauthorized: true },
    }),
    storeWorkerUrl: new URL('../../../src/core/store/worker.ts', import.meta.url),
    windowId: 'test',
  });
  const events: PreviewEvent[] = [];
  const source = (now: string) => ({ path: path.join(folder, 'a.prompt'), label: 'a.prompt', dirty: false, text: now });
  const create = () =>
    PreviewSession.create({
      workbench,
      source: source(text),
      settings: () => DEFAULT_SETTINGS,
      log,
      send: (_seq, batch) => events.push(...batch),
      hasHistory: async () => history,
    });
  return {
    workbench,
    events,
    source,
    create,
    session: await create(),
    async [Symbol.asyncDispose]() {
      await workbench.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function rendered(rendering: Rendering) {
  if (!rendering.ok) throw new Error(rendering.error.message);
  return rendering;
}

describe('the preview of a prompt', () => {
  it('shows each message with its tokens, the estimate and the request body, and sends nothing', async () => {
    await using preview = await openPreview(PROMPT);
    const { messages, estimate, request } = rendered(preview.session.snapshot().rendering);
    expect(messages.map(({ message }) => message.role)).toEqual(['system', 'user']);
    expect(messages.every(({ tokens }) => (tokens ?? 0) > 4)).toBe(true);
    expect(estimate?.inputTokens).toBeGreaterThan(10);
    expect(request.ok && JSON.parse(request.body).model).toBe('swift');
  });

  it('shows the request for a real provider, without any key and with streaming', async () => {
    await using preview = await openPreview('---\nmodel: openai/gpt-5\n---\nHello {{name}}');
    await preview.session.setInput({ name: 'Ana' });
    const { request } = rendered(preview.session.snapshot().rendering);
    const body = request.ok ? JSON.parse(request.body) : {};
    expect(request.ok && request.url).toContain('api.openai.com');
    expect(body.stream).toBe(true);
    expect(JSON.stringify(body)).toContain('Hello Ana');
  });

  it('follows the text and the inputs, and fills a new input with its default', async () => {
    await using preview = await openPreview('---\ninput:\n  default: {a: one}\n---\n{{a}}');
    await preview.session.setSource(preview.source('---\ninput:\n  default: {a: one, b: two}\n---\n{{a}} {{b}}'));
    expect(preview.session.input).toEqual({ a: 'one', b: 'two' });
    await preview.session.setInput({ a: 'three', b: 'two' });
    const last = preview.events.findLast((event) => event.type === 'rendering');
    const parts = last && rendered(last.rendering).messages[0]?.message.parts;
    expect(parts).toEqual([{ type: 'text', text: 'three two' }]);
  });

  it('shows which inputs need a value, and their names instead of values', async () => {
    const schema = '    email: string\n    age: integer\n    items(array):\n      title: string\n    note?: string\n';
    const body = '{{email}} is {{age}}{{#each items}}, {{title}}{{/each}}{{note}}';
    await using preview = await openPreview(`---\nmodel: demo/swift\ninput:\n  schema:\n${schema}---\n${body}`);
    const draft = rendered(preview.session.snapshot().rendering);
    expect(draft.messages[0]?.message.parts).toEqual([{ type: 'text', text: '{{email}} is {{age}}, {{items.title}}' }]);
    expect(draft.missing).toEqual(['email', 'age', 'items']);
    expect(draft.request).toEqual({
      ok: false,
      error: { code: 'invalid-input', message: 'Fill in email, age and items to see the messages.' },
    });
    expect(() => preview.session.requestBody()).toThrow('There is no request to copy.');
    await preview.session.setInput({ email: 'a@b.c', age: 7, items: '[]' });
    const whole = rendered(preview.session.snapshot().rendering);
    expect(whole.messages[0]?.message.parts).toEqual([{ type: 'text', text: 'a@b.c is 7' }]);
    expect(whole.missing).toEqual([]);
    expect(whole.request.ok).toBe(true);
  });

  it('reports a wrong value like the form does, and asks for a picture instead of a placeholder', async () => {
    const front = (schema: string, body: string) => `---\ninput:\n  schema:\n    ${schema}\n---\n${body}`;
    await using preview = await openPreview(front('age: integer', '{{age}}'));
    await preview.session.setInput({ age: 'old' });
    const { rendering } = preview.session.snapshot();
    expect(!rendering.ok && rendering.error.message).toBe('age: “old” is not a number.');
    await preview.session.setSource(preview.source(front('photo: string', '{{media url=photo}}')));
    await preview.session.setInput({});
    const asked = preview.session.snapshot().rendering;
    expect(!asked.ok && asked.error.message).toBe('Fill in photo to see the messages.');
  });

  it('shows why nothing can be rendered', async () => {
    await using preview = await openPreview('Hello {{#if x}}');
    const { rendering, prompt } = preview.session.snapshot();
    expect(rendering.ok).toBe(false);
    expect(prompt.problems).toHaveLength(1);
  });

  it('sends no picture to the panel, only its type and size', async () => {
    const data = `data:image/png;base64,${'iVBORw0KGgo'.repeat(1000)}`;
    await using preview = await openPreview(`Look: {{media url="${data}"}}`);
    const { rendering } = preview.session.snapshot();
    expect(JSON.stringify(rendering).length).toBeLessThan(2000);
    expect(JSON.stringify(rendering)).toContain('[image/png, 9 KB]');
  });

  it('starts with the values that Compare remembers, and stores its own for Compare', async () => {
    await using preview = await openPreview(PROMPT, { history: true });
    const { store } = preview.workbench;
    const key = `compare:${preview.session.source.path}`;
    await store.state.set(key, { input: { age: 7 }, models: ['demo/thorough'] });
    const session = await preview.create();
    expect(session.input).toEqual({ age: 7, plan: 'Gold' });
    await session.setInput({ age: 8, plan: 'Basic' });
    const kept = { input: { age: 8, plan: 'Basic' }, models: ['demo/thorough'] };
    await expect.poll(() => store.state.get(key)).toEqual(kept);
  });
});
