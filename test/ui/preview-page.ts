import type { FrameLocator, Locator } from 'playwright-core';
import type { WorkbenchWindow } from '../bed/workbench.mjs';

/** The Preview as a user finds it. */
export interface PreviewPage {
  view: FrameLocator;
  message(role: string): Locator;
  input(name: string): Locator;
  tab(name: string): Locator;
}

export function previewPage(window: WorkbenchWindow): PreviewPage {
  const view = window.webview();
  return {
    view,
    message: (role) => view.getByRole('region', { name: `${role} message` }),
    input: (name) => view.getByRole('textbox', { name: new RegExp(`^${name}\\b`) }),
    tab: (name) => view.getByRole('tab', { name, exact: true }),
  };
}

/** Opens a prompt and its preview, with the icon in the editor's title. */
export async function openPreview(window: WorkbenchWindow, prompt: string): Promise<PreviewPage> {
  await window.openFile(prompt);
  await window.page
    .getByRole('button', { name: /^Open Preview to the Side/ })
    .first()
    .click();
  const preview = previewPage(window);
  await preview.message('user').first().waitFor();
  return preview;
}
