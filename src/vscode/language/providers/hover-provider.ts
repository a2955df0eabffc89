import * as vscode from 'vscode';
import type { HoverPart } from '../../../core/language/navigation/hover.ts';
import { plainMarkdown } from '../../host/plain-text.ts';
import { readSetting } from '../../host/settings.ts';
import { workspaceOf } from '../../versions/documents/version-workspace.ts';
import { analyzedDocument } from '../workspace/analyzed-documents.ts';
import { unlessDeferred } from '../workspace/defer-language.ts';
import { guardFeature, type LanguageContext, pathOf, SELECTOR, toRange } from './language-context.ts';

export function registerHover({ workspace, documents, log }: LanguageContext): vscode.Disposable {
  const provider: vscode.HoverProvider = {
    provideHover: (document, position) =>
      guardFeature(log, 'Hover', async () => {
        const [{ hoverAt }, prompt, index] = await Promise.all([
          import('../../../core/language/navigation/hover.ts'),
          analyzedDocument(document),
          workspace.index(),
        ]);
        const defaultModel = readSetting('defaultModel', document.uri);
        const context = {
          path: pathOf(document),
          workspace: await workspaceOf(document, index, { documents, shown: true }),
          defaultModel,
          shownPath: (file: string) => vscode.workspace.asRelativePath(file),
        };
        const found = await hoverAt(prompt, document.offsetAt(position), context);
        return found && new vscode.Hover(found.parts.map(toMarkdown), toRange(document, found.range));
      }),
  };
  return unlessDeferred(() => vscode.languages.registerHoverProvider(SELECTOR, provider));
}

/** Some of this comes from files and servers, so it is shown as plain text and code only. */
function toMarkdown(part: HoverPart): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  if (part.kind === 'code') return markdown.appendCodeblock(part.text, part.language);
  return markdown.appendMarkdown(part.text.split('\n').map(plainMarkdown).join('  \n'));
}
