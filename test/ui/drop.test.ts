import fs from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { WorkbenchWindow } from '../bed/workbench.mjs';
import { useWorkbench } from './workbench.ts';

const openWindow = useWorkbench();

const TEXT = '---\nmodel: demo/swift\n---\nLook:\n\nAnd tell.\n';
/** A prompt for each test. */
const [INTO_TEXT, STAYS_PATH, FROM_OUTSIDE] = ['prompts/look.prompt', 'prompts/path.prompt', 'prompts/photo.prompt'];
let window: WorkbenchWindow;

beforeAll(async () => {
  const prompts = Object.fromEntries([INTO_TEXT, STAYS_PATH, FROM_OUTSIDE].map((file) => [file, TEXT]));
  window = await openWindow({
    files: { ...prompts, 'prompts/dot.png': 'not looked at', 'prompts/notes.txt': 'text' },
  });
  await window.openFile(INTO_TEXT);
  // a file that is dropped before the extension is active is inserted as a path
  await window.page
    .locator('.statusbar-item')
    .filter({ hasText: /≈\d+ tok/ })
    .waitFor();
});

/** The text of the editor; VS Code draws each space as a no-break space. */
async function shown(): Promise<string> {
  const lines = await window.page.locator('.editor-group-container.active .view-line').allTextContents();
  return lines.join('\n').replaceAll('\u00a0', ' ');
}

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

/** Where an element is, once it stands still: VS Code draws lines anew and moves them when lenses and hints arrive. */
async function stillBox(element: Locator): Promise<Box> {
  let box: Box | null = null;
  const isStill = async () => {
    const before = JSON.stringify(box);
    box = await element.boundingBox();
    return box !== null && JSON.stringify(box) === before;
  };
  await expect.poll(isStill, { interval: 200 }).toBe(true);
  return box as unknown as Box;
}

/** The left end of the line below the one with this text. */
async function below(text: string): Promise<{ x: number; y: number }> {
  const box = await stillBox(window.page.locator('.view-line').filter({ hasText: text }).first());
  return { x: box.x + 2, y: box.y + box.height * 1.5 };
}

/** Drags a file from the explorer with the mouse, and drops it below a line with Shift held, as VS Code requires. */
async function drag(name: string, line: string): Promise<void> {
  const { mouse, keyboard } = window.page;
  const item = await stillBox(window.page.getByRole('treeitem', { name }));
  const { x, y } = await below(line);
  await mouse.move(item.x + 60, item.y + item.height / 2);
  await mouse.down();
  await mouse.move(item.x + 80, item.y + item.height / 2 + 4, { steps: 3 });
  await mouse.move(x + 60, y, { steps: 8 });
  await keyboard.down('Shift');
  await mouse.move(x, y, { steps: 8 });
  await mouse.up();
  await keyboard.up('Shift');
}

test('a picture that is dragged from the explorer into the text becomes media', async () => {
  await window.openFile(INTO_TEXT);
  await drag('dot.png', 'Look:');

  await expect.poll(shown).toContain('{{media url="dot.png"}}');
  await window.page.keyboard.press('ControlOrMeta+S');
  const file = path.join(window.workspace ?? '', INTO_TEXT);
  await expect.poll(() => fs.readFileSync(file, 'utf8')).toBe(TEXT.replace('\n\n', '\n{{media url="dot.png"}}\n'));
});

test('other files, and files dropped into the front matter, stay paths', async () => {
  await window.openFile(STAYS_PATH);
  await drag('notes.txt', 'Look:');
  await expect.poll(shown).toContain('notes.txt');
  await drag('dot.png', 'model:');
  await expect.poll(shown).toContain('dot.png');

  expect(await shown()).not.toContain('media');
});

test('a picture from outside VS Code is written next to the prompt, and inserted as media', async () => {
  await window.openFile(FROM_OUTSIDE);
  const at = await below('Look:');
  await window.page.evaluate(({ x, y }) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['bytes of a picture'], 'photo.png', { type: 'image/png' }));
    const target = document.elementFromPoint(x, y);
    for (const type of ['dragenter', 'dragover', 'drop']) {
      const options = {
        dataTransfer: transfer,
        clientX: x,
        clientY: y,
        shiftKey: true,
        bubbles: true,
        cancelable: true,
      };
      target?.dispatchEvent(new DragEvent(type, options));
    }
  }, at);

  await expect.poll(shown).toContain('{{media url="photo.png"}}');
  const picture = path.join(window.workspace ?? '', 'prompts/photo.png');
  await expect.poll(() => fs.existsSync(picture) && fs.readFileSync(picture, 'utf8')).toBe('bytes of a picture');
});
