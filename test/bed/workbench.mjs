// Opens windows of the real workbench and controls them like a user: by keyboard, and by what is on the screen.
import fs from 'node:fs';
import path from 'node:path';
import { launchBrowser } from './browser.mjs';
import {
  installVsix,
  linkExtension,
  removeScratch,
  root,
  scratch,
  startServer,
  themes,
  workbenchUrl,
  writeSettings,
} from './vscode-host.mjs';

/**
 * Waits for a window whose commands work: those of VS Code that need a late part of it ("New File…") end in a dialog
 * before, and no icon on the screen shows that it is ready.
 */
async function waitForStart(page) {
  await page.locator('.monaco-workbench .statusbar').waitFor();
  const hasStarted = () => performance.getEntriesByName('code/didCreateWorkbenchContributions/3').length > 0;
  // VS Code does this when it is idle, which on a busy machine is late
  await page.waitForFunction(hasStarted, undefined, { timeout: 90_000 });
}

/** Sets the text of an input in one step: keys would go to whatever gets the focus while they are typed. */
export async function setValue(input, text) {
  await input.evaluate((element, value) => {
    element.focus();
    element.value = value;
    element.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, text);
}

/** Of windows whose connection was lost; long enough for a busy machine to restore it. */
export const GRACE_SECONDS = 15;

const succeeds = (action) =>
  action.then(
    () => true,
    () => false,
  );

/** One window. Everything here waits for the named element, and fails after the page's timeout. */
export function createWindow(page, workspace) {
  /**
   * Moves the focus out of a webview. VS Code returns it to a webview by a message to its frame, some time after
   * the palette closed: a picker that the command opened meanwhile would lose the focus and close.
   */
  const leavePanel = () =>
    page.evaluate(() => {
      if (document.activeElement?.tagName === 'IFRAME') document.querySelector('.part.statusbar')?.focus();
    });
  /** Opens a list with a key, filters it, and clicks a row; tries again if something opened before took the focus. */
  async function choose(key, text, row) {
    const input = page.locator('.quick-input-widget input.input');
    for (let attempt = 0; attempt < 5; attempt++) {
      await leavePanel();
      await page.keyboard.press(key);
      // a webview that gets the focus back just then closes the list again
      if (!(await succeeds(input.waitFor({ timeout: 5000 })))) continue;
      await setValue(input, text);
      // A click that is given up may have arrived, and the command would run twice: only the search is tried again.
      if (await succeeds(row.click({ trial: true, timeout: 5000 }))) {
        await row.click();
        return true;
      }
      await page.keyboard.press('Escape');
    }
    return false;
  }
  const rows = page.locator('.quick-input-list .monaco-list-row');
  /** Runs a command by its full title, category included: `LLMOps: Compare…`. */
  async function command(title) {
    // the first row is VS Code's best guess, which need not be the requested command
    const exactly = page.locator('.label-name').getByText(title, { exact: true });
    // a palette that was opened before the extension was ready does not list its commands: it is opened again
    const wasChosen = await choose('F1', `>${title}`, rows.filter({ has: exactly }).first());
    if (!wasChosen) throw new Error(`The palette has no command “${title}”.`);
  }
  /** Opens a file of the workspace by its relative path. */
  async function openFile(relativePath) {
    const name = path.posix.basename(relativePath);
    // Recently opened files are listed first, before the search has ended: the name alone may match another file.
    const folder = path.posix.dirname(relativePath);
    const row = rows.filter({ hasText: name });
    const wasChosen = await choose(
      'ControlOrMeta+P',
      relativePath,
      (folder === '.' ? row : row.filter({ hasText: folder })).first(),
    );
    if (!wasChosen) throw new Error(`The workspace has no file “${relativePath}”.`);
    const group = page.locator('.editor-group-container.active');
    await group.locator('.tab.active').filter({ hasText: name }).waitFor();
    // A key that is pressed before the editor has the focus is for what had it before. The list of files may return the
    // focus to that when it closes.
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await group.locator('.monaco-editor .native-edit-context, .monaco-editor textarea.inputarea').first().focus();
    await group.locator('.monaco-editor.focused').first().waitFor();
  }
  /** The document of the visible webview: VS Code's shell, then the extension's own page inside it. */
  const webview = () =>
    page
      .locator('iframe.webview.ready')
      .locator('visible=true')
      .last()
      .contentFrame()
      .frameLocator('iframe#active-frame');
  /** With VS Code's own command, which saves what is open; the browser's own reload may lose it. */
  async function reload() {
    await Promise.all([page.waitForEvent('load'), command('Developer: Reload Window')]);
    await waitForStart(page);
  }
  /** Text of the visible notification toasts. */
  const toast = (text) => page.locator('.notifications-toasts .notification-toast').filter({ hasText: text }).first();
  /** Several views may be loading at once, each with a progress bar of its own. */
  const viewsAreLoaded = () =>
    page.locator('.sidebar .monaco-progress-container.active').first().waitFor({ state: 'detached' });
  /** Leaves the page first: after a lost connection VS Code keeps the window's extension host for three hours. */
  async function close() {
    if (!page.isClosed()) await page.goto('about:blank').catch(() => {});
    await page.context().close();
  }
  return { page, workspace, command, openFile, reload, webview, toast, viewsAreLoaded, close };
}

async function prepare({ vsix, extension = true, others = [], settings, env, driver, trust }) {
  const dir = scratch(settings);
  if (vsix) await installVsix(dir, vsix);
  else if (extension && !driver) linkExtension(dir, root);
  for (const folder of others) linkExtension(dir, folder);
  const server = await startServer(dir, { driver, env, trust, graceSeconds: GRACE_SECONDS });
  return { dir, server };
}

/** Windows of a running server in a running browser; closing the bed ends neither. */
export function connectBed({ dir, port, browser, settings: bedSettings = {} }) {
  let windows = 0;

  async function openWindow(options = {}) {
    const { workspace, copy = true, files = {}, workspaceFile, theme, settings = {}, size, readyText } = options;
    const color = theme ? { 'workbench.colorTheme': themes[theme] ?? theme } : {};
    writeSettings(dir, { ...bedSettings, ...color, ...settings });
    let folder = workspace;
    if (workspace && copy) {
      const parent = fs.mkdtempSync(path.join(dir, `w${++windows}-`));
      folder = path.join(parent, path.basename(workspace)); // tests may write to it
      fs.cpSync(workspace, folder, { recursive: true });
      for (const [name, text] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        fs.writeFileSync(path.join(folder, name), text);
      }
    }
    const context = await browser.newContext({ viewport: size ?? { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(Number(process.env.TEST_PAGE_TIMEOUT_MS ?? 30_000));
    await page.goto(workbenchUrl(port, { folder: workspaceFile ? path.join(folder, workspaceFile) : folder }));
    await waitForStart(page);
    if (readyText) await page.getByText(readyText).first().waitFor();
    return createWindow(page, folder);
  }
  const close = async () => {};
  return { dir, port, browser, openWindow, close, [Symbol.asyncDispose]: close };
}

/**
 * A server and a browser for any number of windows. The extension is the built source folder, linked, or the
 * package given as `vsix`. Pass `browser` to share one; its owner closes it.
 */
export async function openBed(options = {}) {
  const { dir, server } = await prepare(options);
  const browser = options.browser ?? (await launchBrowser());
  const close = async () => {
    if (!options.browser) await browser.close();
    await server.stop();
    removeScratch(dir);
  };
  const bed = connectBed({ dir, port: server.port, browser, settings: options.settings });
  return { ...bed, server, close, [Symbol.asyncDispose]: close };
}

/** A bed with one window, for scripts that need only one. Closing it closes all. */
export async function openWorkbench({ workspace, copy, theme, settings, size, ...bedOptions } = {}) {
  const bed = await openBed(bedOptions);
  try {
    const window = await bed.openWindow({ workspace, copy, theme, settings, size });
    return { ...window, bed, close: bed.close, [Symbol.asyncDispose]: bed.close };
  } catch (error) {
    await bed.close();
    throw error;
  }
}
