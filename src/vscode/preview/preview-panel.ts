import * as vscode from 'vscode';
import { PreviewSession } from '../../panels/preview/preview-session.ts';
import type { PreviewEvent, PreviewMethods } from '../../protocol/preview.ts';
import { previewChecks } from '../../protocol/preview-checks.ts';
import { PANELS } from '../host/contributions.ts';
import { readSettings } from '../host/settings.ts';
import { followDocument, followPartials, promptUri, sourceOf } from '../shell/follow-document.ts';
import { formMemory } from '../shell/form-memory.ts';
import { createPanelHost, type PanelContent, type PanelDeps } from '../shell/panel-host.ts';
import type { SendEvents } from '../shell/panels/send-events.ts';
import { createPreviewHandlers } from './preview-handlers.ts';

/** One preview per prompt, beside the editor. The editor keeps the focus, so that typing continues. */
const previews = createPanelHost<vscode.Uri, PreviewSession, PreviewEvent, PreviewMethods>({
  viewType: PANELS.preview,
  page: 'preview',
  title: 'Preview',
  icon: 'prompt',
  column: () => vscode.ViewColumn.Beside,
  preserveFocus: true,
  keyOf: (prompt) => prompt.toString(),
  promptOf: (prompt) => prompt,
  checks: previewChecks,
  open: openPreview,
});

export async function openPreviewPanel(deps: PanelDeps, prompt: vscode.Uri): Promise<void> {
  await previews.open(deps, prompt);
}

/** Restores a preview after a window reload. */
export async function restorePreviewPanel(deps: PanelDeps, panel: vscode.WebviewPanel, state: unknown): Promise<void> {
  const { promptPath } = (state ?? {}) as { promptPath?: unknown };
  if (typeof promptPath !== 'string' || promptPath === '') return panel.dispose();
  await previews.restore(deps, panel, [promptUri(promptPath)]);
}

async function openPreview(
  { workbenches, log }: PanelDeps,
  prompt: vscode.Uri,
  send: SendEvents<PreviewEvent>,
): Promise<PanelContent<PreviewSession, PreviewMethods>> {
  const [workbench, document] = await Promise.all([workbenches.for(prompt), vscode.workspace.openTextDocument(prompt)]);
  const session = await PreviewSession.create({
    workbench,
    source: sourceOf(document),
    settings: () => readSettings(prompt),
    log,
    send,
    hasHistory: async () => vscode.workspace.isTrusted && (await workbenches.hasHistory()),
  });
  return {
    session,
    handlers: createPreviewHandlers({ prompt, form: formMemory(workbenches.viewState, prompt) }, session),
    subscriptions: [
      followDocument(prompt, session, log),
      followPartials(prompt, session, log),
      workbenches.onModelsChanged(() => void session.refresh()),
    ],
  };
}
