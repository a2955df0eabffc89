import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../../bed/workbench.mjs';
import { type ChatServer, startChatServer } from '../chat-server.ts';
import { type ComparePage, openCompare } from '../compare-page.ts';
import { openPreview, type PreviewPage } from '../preview-page.ts';
import { gitIn } from '../prompt-repository.ts';
import { useWorkbench } from '../workbench.ts';
import { faultsInThemes } from './axe.ts';
import { recordThemes, type ThemeFacts } from './theme-replay.ts';

const openWindow = useWorkbench();
const LOCAL = 'local/echo-1';
const OTHER = 'local/echo-2';

const ASK = `---
model: ${LOCAL}
llmops.models: [${LOCAL}, ${OTHER}]
input:
  schema:
    topic: string, what it is about
    tags?(array): string
  default:
    topic: tides
---
{{role "system"}}
You are kind.

{{role "user"}}
Write about {{topic}}.
`;

const chunk = (delta: object, finish: string | null = null) => {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', choices })}\n\n`;
};
const LOOKUP = { index: 0, id: 't-1', type: 'function', function: { name: 'lookup', arguments: '{"id":42}' } };
const TOOL_CALL = [
  chunk({ reasoning_content: 'The customer has to be looked up first.' }),
  chunk({ tool_calls: [LOOKUP] }),
  chunk({}, 'tool_calls'),
  'data: [DONE]\n\n',
].join('');
const MARKDOWN =
  '# Tides\n\nThe **moon** [pulls](https://example.com).\n\n```js\nlet a = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n';
const FAILURE = { status: 401, raw: '{"error":{"message":"Incorrect API key provided.","code":"invalid_api_key"}}' };

let server: ChatServer;
let window: WorkbenchWindow;
let compare: ComparePage;
let themes: ThemeFacts[];

beforeAll(async () => {
  server = await startChatServer();
  window = await openWindow({
    size: { width: 1440, height: 900 },
    files: {
      'llmops/connections.yaml': `local:\n  type: openai-compatible\n  baseUrl: ${server.url}\n`,
      'prompts/ask.prompt': ASK,
      'prompts/greet.prompt': '---\nmodel: demo/swift\ninput:\n  schema:\n    name: string\n---\nGreet {{name}}.\n',
      'prompts/broken.prompt': '---\nmodel: demo/swift\n---\nOne\nTwo {{#if x}} never closed\n',
    },
  });
  const folder = window.workspace ?? '';
  gitIn(folder, 'init', '-q', '--initial-branch=main');
  gitIn(folder, 'add', '--all');
  gitIn(folder, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '-q', '-m', 'Ask about tides');
  compare = await openCompare(window, 'prompts/ask.prompt');
  themes = await recordThemes(window, compare.view);
}, 120_000);
afterAll(() => server?.stop());

const faults = () => faultsInThemes(compare.view, themes);
const closeIt = () => window.page.keyboard.press('Escape');

describe('axe-core reports nothing in Compare', () => {
  test('before a run, with the messages expanded', async () => {
    await compare.showInputs();
    await compare.button('messages (2)').click();
    await compare.button(/^parameters/).click();
    expect(await faults()).toEqual([]);
  });

  test('while models answer', async () => {
    const slow = { pieces: Array.from({ length: 400 }, (_, index) => `word ${index} `), delayMs: 50 };
    server.script(slow, slow);
    await compare.run();
    await compare.column(LOCAL, 'streaming').getByText('word 2').first().waitFor();
    expect(await faults()).toEqual([]);
    await compare.button(/^Stop$/).click();
    await compare.column(LOCAL, 'stopped').waitFor();
    expect(await faults()).toEqual([]);
  });

  test('with answers, in each form', async () => {
    server.script({ pieces: [MARKDOWN] }, { pieces: ['{"tide":"high","at":[1,2],"is":true,"no":null}'] });
    await compare.runAll([LOCAL, OTHER]);
    for (const name of ['Text', 'Markdown', 'JSON', 'Diff']) {
      for (const model of [LOCAL, OTHER]) await compare.column(model).getByRole('tab', { name, exact: true }).click();
      expect([name, await faults()]).toEqual([name, []]);
    }
  });

  test('when the inputs have changed since the answers', async () => {
    await compare.showInputs();
    await compare.input('topic').fill('neaps');
    await compare.view.getByText('inputs changed', { exact: false }).first().waitFor();
    expect(await faults()).toEqual([]);
  });

  test('with everything that opens above it', async () => {
    const column = compare.column(LOCAL);
    for (const open of ['Add Model', 'Add Version']) {
      await compare.button(open).click();
      await compare.view.getByRole('option').first().waitFor();
      expect([open, await faults()]).toEqual([open, []]);
      await closeIt();
    }
    await column.getByRole('button', { name: 'More Actions', exact: true }).click();
    await compare.view.getByRole('menuitem').first().waitFor();
    expect(['menu', await faults()]).toEqual(['menu', []]);
    await closeIt();
    await column.getByRole('button', { name: 'Add Note' }).click();
    expect(['note', await faults()]).toEqual(['note', []]);
    await closeIt();
    for (const item of ['Parameters…', 'Version…']) {
      await compare.pick(column, 'More Actions', item);
      const dialog = compare.view.getByRole('dialog', { name: /^Parameters of|^Select Version/ });
      if (item === 'Parameters…') await dialog.getByRole('textbox', { name: 'Temperature' }).fill('-1');
      else await dialog.getByRole('option').first().waitFor();
      expect([item, await faults()]).toEqual([item, []]);
      await closeIt();
    }
    await compare.view.getByRole('combobox', { name: 'Repeats' }).click();
    await compare.view.getByRole('option', { name: '× 2', exact: true }).waitFor();
    expect(['repeats', await faults()]).toEqual(['repeats', []]);
    await closeIt();
    await column.focus();
    await window.page.keyboard.press('?');
    await compare.view.getByRole('dialog', { name: 'Keyboard Shortcuts' }).waitFor();
    expect(['keys', await faults()]).toEqual(['keys', []]);
    await closeIt();
  });

  test('with repeated runs, failed runs and their next step', async () => {
    server.script(FAILURE, FAILURE, {}, { pieces: ['Hel'], cut: true });
    await compare.choose('Repeats', '× 2');
    await compare.run();
    await compare.view.getByText(/^4 runs ended$/).waitFor();
    expect(await faults()).toEqual([]);
    await compare.choose('Repeats', '× 1');
  });

  test('with reasoning and a tool call that needs a result', async () => {
    server.script({ raw: TOOL_CALL });
    await compare
      .column(LOCAL)
      .getByRole('button', { name: /^Run This Column/ })
      .click();
    await compare.column(LOCAL, 'done, tool calls').waitFor();
    await compare.column(LOCAL).getByRole('button', { name: 'reasoning' }).click();
    expect(await faults()).toEqual([]);
  });

  test('with columns of versions', async () => {
    await compare.button('Add Version').click();
    await compare.view.getByRole('option', { name: /Ask about tides/ }).click();
    await compare.view.locator('.version-badge').first().waitFor();
    expect(await faults()).toEqual([]);
  });

  test('without a model', async () => {
    const columns = compare.view.locator('section.column');
    for (let left = await columns.count(); left > 0; left--) {
      await removeColumn(columns.first());
      await columns.nth(left - 1).waitFor({ state: 'detached' });
    }
    await compare.button('Add Model').waitFor();
    expect(await faults()).toEqual([]);
  });

  test('for a prompt that cannot run', async () => {
    const broken = await openCompare(window, 'prompts/broken.prompt');
    await broken.view.getByRole('alert').getByText('{{#if}}').waitFor();
    expect(await faultsInThemes(broken.view, themes)).toEqual([]);
  });
});

describe('axe-core reports nothing in the preview', () => {
  let preview: PreviewPage;

  test('while inputs have no value', async () => {
    preview = await openPreview(window, 'prompts/greet.prompt');
    await preview.view.getByText('Until then').waitFor();
    expect(await faultsInThemes(preview.view, themes)).toEqual([]);
    await preview.tab('Request').click();
    expect(await faultsInThemes(preview.view, themes)).toEqual([]);
  });

  test('with everything that would be sent', async () => {
    preview = await openPreview(window, 'prompts/ask.prompt');
    expect(await faultsInThemes(preview.view, themes)).toEqual([]);
    await preview.tab('Request').click();
    await preview.view.locator('.request-body').waitFor();
    expect(await faultsInThemes(preview.view, themes)).toEqual([]);
  });

  test('for a prompt that cannot be rendered', async () => {
    await window.openFile('prompts/broken.prompt');
    await window.page
      .getByRole('button', { name: /^Open Preview to the Side/ })
      .first()
      .click();
    const view = window.webview();
    await view.getByText(/^Line 5:/).waitFor();
    expect(await faultsInThemes(view, themes)).toEqual([]);
  });
});

/** From the column's menu, which has it however narrow the column is. */
async function removeColumn(column: ReturnType<ComparePage['column']>): Promise<void> {
  await column.getByRole('button', { name: 'More Actions', exact: true }).click();
  await column.getByRole('menuitem', { name: 'Remove This Column' }).click();
}
