import { expect } from 'vitest';
import { setValue, type WorkbenchWindow } from '../bed/workbench.mjs';

/** Clicks an entry of the quick pick with this title. */
export async function pick(window: WorkbenchWindow, title: string, entry: string | RegExp): Promise<void> {
  await titled(window, title);
  await pickEntry(window, entry);
}

/** Clicks an entry of the quick pick. The mouse then leaves the list: a row's tooltip would cover those of the next one. */
export async function pickEntry({ page }: WorkbenchWindow, entry: string | RegExp): Promise<void> {
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: entry }).first().click();
  await page.mouse.move(0, 0);
}

/** Enters a value into the input box with this title. */
export async function enter(window: WorkbenchWindow, title: string, text: string): Promise<void> {
  await titled(window, title);
  const input = window.page.locator('.quick-input-widget input.input');
  await setValue(input, text);
  await input.press('Enter');
}

/**
 * Saves under this path in the file dialog with this title. The dialog opens with the folder alone, and writes the
 * suggested name over the value when it has listed the folder: the path is entered after that.
 */
export async function enterSavedFile(window: WorkbenchWindow, title: string, file: string): Promise<void> {
  await titled(window, title);
  const input = window.page.locator('.quick-input-widget input.input');
  await expect.poll(() => input.inputValue()).toMatch(/[^\\/]$/);
  await enter(window, title, file);
}

/** Waits for the quick pick or the input box with this title. */
export async function titled(window: WorkbenchWindow, title: string): Promise<void> {
  await window.page.locator('.quick-input-titlebar:visible').getByText(title, { exact: true }).waitFor();
}

/** Closes the modal dialog with this text, with the button of this name. */
export async function answerDialog(window: WorkbenchWindow, text: string | RegExp, button: string): Promise<void> {
  const dialog = window.page.locator('.monaco-dialog-box').filter({ hasText: text });
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Moves the cursor of the active editor: `12:5`. */
export async function goTo(window: WorkbenchWindow, place: string): Promise<void> {
  await window.page.keyboard.press('Control+G');
  const input = window.page.locator('.quick-input-widget input.input');
  await input.waitFor();
  await setValue(input, `:${place}`);
  await input.press('Enter');
  await input.waitFor({ state: 'hidden' });
}

/**
 * Applies a code action at the cursor. Waits for the light bulb: VS Code asks for actions by itself a moment after the
 * cursor or a diagnostic has changed, and that drops a request by key which has not been answered yet.
 */
export async function applyCodeAction(window: WorkbenchWindow, title: string | RegExp): Promise<void> {
  const { page } = window;
  await page.locator('.lightBulbWidget:visible, [class*="codicon-gutter-lightbulb"]').first().waitFor();
  const action = page.locator('.action-widget').getByText(title).first();
  // a diagnostic that changes at this moment closes the list, as it would for a person, who presses the keys again
  await expect
    .poll(async () => {
      if (!(await action.isVisible())) await page.keyboard.press('ControlOrMeta+.');
      return action.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    })
    .toBe(true);
  await action.click();
}

/** Waits until the editor shows no problem of this severity; several may be shown on the way. */
export async function waitForNoSquiggles(window: WorkbenchWindow, severity: 'error' | 'warning'): Promise<void> {
  await expect.poll(() => window.page.locator(`.squiggly-${severity}`).count()).toBe(0);
}
