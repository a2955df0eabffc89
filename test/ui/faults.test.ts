import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { answerOf, type ComparePage, figure, openCompare } from './compare-page.ts';
import { pick } from './quick-input.ts';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();
const MODEL = 'local/echo-1';
const PROMPT = `---\nmodel: ${MODEL}\nllmops.models: [${MODEL}]\n---\nSay hello.\n`;

let server: ChatServer;
let window: WorkbenchWindow;
let compare: ComparePage;

beforeAll(async () => {
  server = await startChatServer();
  window = await openWindow({
    settings: { 'llmops.prices': { 'local/*': { inputUsd: 10, outputUsd: 20 } } },
    files: {
      'llmops/connections.yaml': `local:\n  type: openai-compatible\n  baseUrl: ${server.url}\n`,
      'prompts/hello.prompt': PROMPT,
      'prompts/broken.prompt': '---\nmodel: demo/swift\n---\nOne\nTwo {{#if x}} never closed\n',
    },
  });
  compare = await openCompare(window, 'prompts/hello.prompt');
});
afterAll(() => server?.stop());

test('a rate limit is shown with the wait, and the answer arrives after it', async () => {
  server.script({ status: 429, headers: { 'retry-after': '2' }, raw: '{"error":{"message":"Slow down."}}' }, {});
  await compare.button(/^Run$/).click();
  await compare
    .column(MODEL)
    .getByText(/429, retrying in [12] s/)
    .waitFor();
  await compare.column(MODEL, 'done').waitFor();
  expect(Number.parseFloat(await figure(compare.column(MODEL), 'elapsed'))).toBeGreaterThanOrEqual(2);
  expect(await answerOf(compare.column(MODEL))).toContain('Hello.');
  expect(server.seen.length).toBe(2);
});

test('a cut stream keeps the received text, and is reported', async () => {
  server.script({ pieces: ['The first half ', 'of an answer'], cut: true });
  await compare.run();
  const column = compare.column(MODEL, 'cut off');
  await column.waitFor();
  expect(await answerOf(column)).toContain('The first half of an answer');
  const error = column.getByRole('region', { name: 'Error' });
  await error.getByText('the stream ended before the answer was complete').waitFor();
  await column.locator('.notes summary').getByText('the stream ended').waitFor();
  expect(await figure(column, 'output tokens')).toMatch(/^out ≈[1-9]/);
  expect(await figure(column, 'cost')).toMatch(/^≈\$0\.0/);
});

test('an invalid response is explained, with the next step', async () => {
  server.script({ raw: '<html><body>Bad gateway</body></html>' });
  await compare.button(/^Run$/).click();
  await compare.column(MODEL, 'failed').waitFor();
  const error = compare.column(MODEL).getByRole('region', { name: 'Error' });
  await error.getByText('the server sent a web page instead of an answer').waitFor();
  await error.getByText(`Check the base URL of the connection (${server.url})`).waitFor();
});

test('markup, escape codes, null bytes and right-to-left text are shown as text', async () => {
  const hostile = [
    '<script>window.owned=1</script>',
    '<img src=x onerror=alert(1)>',
    '\u001b[31mred\u001b[0m',
    'a\u0000b',
    ' שלום',
  ];
  server.script({ pieces: hostile });
  await compare.runColumn(MODEL);
  const shown = await answerOf(compare.column(MODEL));
  expect(shown).toContain('<script>window.owned=1</script>');
  expect(shown).toContain('שלום');
  expect(shown).not.toContain('\u001b');
  await compare.column(MODEL).getByRole('tab', { name: 'Markdown' }).click();
  await compare.column(MODEL).getByText('<script>window.owned=1</script>').first().waitFor();
  expect(await compare.view.locator('body').evaluate('window.owned')).toBeUndefined();
  expect(await compare.column(MODEL).locator('img').count()).toBe(0);
});

test('a file with an error is not sent: the panel shows the line and links to it', async () => {
  const broken = await openCompare(window, 'prompts/broken.prompt');
  await broken.view.getByRole('alert').getByText('{{#if}}').waitFor();
  await broken.view.locator('body').press('Control+Enter');
  expect(await broken.button(/^Run$/).isDisabled()).toBe(true);

  await broken.button('Go to Line 5').click();

  await window.page.getByRole('button', { name: /^Ln 5, Col 5/ }).waitFor();
  await broken.column('demo/swift', 'not run yet').waitFor();
});

test('without a folder, a new prompt runs, and its history is kept until the window closes', async () => {
  const empty = await openWindow({ workspace: undefined });
  await empty.page.getByRole('tab', { name: 'LLMOps', exact: true }).waitFor();
  await empty.command('LLMOps: New Prompt File…');
  await pick(empty, 'New Prompt File', 'Chat');
  await empty.page.locator('.codelens-decoration a').filter({ hasText: 'Run' }).first().click();
  await empty.webview().getByRole('region', { name: 'demo/balanced, done' }).waitFor();
  await empty.page.getByRole('tab', { name: 'LLMOps', exact: true }).click();
  await empty.page.getByRole('treeitem', { name: /, done, demo\/balanced/ }).waitFor();
});
