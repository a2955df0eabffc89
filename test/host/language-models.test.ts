import assert from 'node:assert/strict';
import type { ChatEvent, ChatRequest } from '../../src/core/models/chat-model.ts';
import { createHostModels } from '../../src/vscode/host/host-models.ts';
import { until } from './workspace.ts';

const request: ChatRequest = {
  model: 'llmops-test/echo',
  messages: [
    { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
    { role: 'user', parts: [{ type: 'text', text: 'hello' }] },
  ],
  parameters: {},
};

// test/fixtures/model-extension provides the model, like another extension of the user
describe('a model provided by VS Code', () => {
  const models = createHostModels();

  it('is listed with its context window', async () => {
    const echo = await until(async () => (await models?.list())?.find(({ id }) => id === 'llmops-test/echo'));
    assert.equal(echo.contextWindow, 1000);
  });

  it('gets the system text in the first user message, with a warning', async () => {
    assert.ok(models);
    const events: ChatEvent[] = [];
    for await (const event of models.chat().stream(request, new AbortController().signal)) events.push(event);
    const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.warning.code] : []));
    assert.deepEqual(warnings, ['system-folded', 'usage-estimated']);
    const text = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
    assert.equal(text, `You said ${JSON.stringify(['Be brief.\n\nhello'])}`);
  });

  it('has its tokens counted by its own counter', async () => {
    const count = await models?.chat().countTokens?.(request, new AbortController().signal);
    assert.equal(count, 'Be brief.\n\nhello'.length);
  });

  it('that does not exist is reported as not found', async () => {
    assert.ok(models);
    const stream = models.chat().stream({ ...request, model: 'llmops-test/none' }, new AbortController().signal);
    await assert.rejects(
      async () => {
        for await (const _event of stream) assert.fail('nothing may arrive');
      },
      { code: 'model-not-found' },
    );
  });
});
