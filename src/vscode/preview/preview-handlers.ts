import * as vscode from 'vscode';
import type { PreviewSession } from '../../panels/preview/preview-session.ts';
import type { PreviewMethods } from '../../protocol/preview.ts';
import type { FormMemory } from '../shell/form-memory.ts';
import { promptPanelHandlers } from '../shell/prompt-panel-handlers.ts';
import type { Handlers } from '../shell/serve.ts';

/** The request handlers of the Preview webview. */
export function createPreviewHandlers(
  { prompt, form }: { prompt: vscode.Uri; form: FormMemory },
  session: PreviewSession,
): Handlers<PreviewMethods> {
  return {
    ...promptPanelHandlers(prompt, session, form),
    snapshot: () => ({ ...session.snapshot(), form: form.recall() }),
    'prompt.run': async () => void (await vscode.commands.executeCommand('llmops.prompt.run', prompt)),
    'request.copy': async () => {
      await vscode.env.clipboard.writeText(session.requestBody());
      vscode.window.setStatusBarMessage('$(check) Copied the request body.', 5000);
    },
  };
}
