import * as vscode from 'vscode';
import { compareChecks } from '../../panels/compare/compare-params.ts';
import type { PreviewSession } from '../../panels/preview/preview-session.ts';
import type { PreviewMethods } from '../../protocol/preview.ts';
import type { FormMemory } from '../shell/form-memory.ts';
import { nothing, promptPanelHandlers } from '../shell/prompt-panel-handlers.ts';
import { type Handlers, withChecks } from '../shell/serve.ts';

/** What the Preview webview's requests do. */
export function createPreviewHandlers(
  { prompt, form }: { prompt: vscode.Uri; form: FormMemory },
  session: PreviewSession,
): Handlers<PreviewMethods> {
  const noParams = (_params: unknown): _params is undefined => true;
  return withChecks<PreviewMethods>(
    {
      ...promptPanelHandlers(prompt, session, form),
      snapshot: () => ({ ...session.snapshot(), form: form.recall() }),
      'prompt.run': async () => nothing(await vscode.commands.executeCommand('llmops.prompt.run', prompt)),
      'request.copy': async () => {
        await vscode.env.clipboard.writeText(session.requestBody());
        vscode.window.setStatusBarMessage('$(check) Copied the request body.', 5000);
        return undefined;
      },
    },
    { ...compareChecks, 'prompt.run': noParams, 'request.copy': noParams },
  );
}
