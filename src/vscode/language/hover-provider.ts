import * as vscode from 'vscode';
import type { HoverPart } from '../../core/prompts/language/hover.ts';
import { plainMarkdown } from '../adapters/plain-text.ts';
import { readSetting } from '../adapters/settings.ts';
import { analyzedDocument } from './analyzed-documents.ts';
import { type LanguageContext, orNothing, pathOf, SELECTOR, toRange } from './language-context.ts';
import { workspaceOf } from './version-workspace.ts';
import { unlessYielding } from './yields-language.ts';

export function registerHover({ workspace, documents, log }: LanguageContext): vscode.Disposable {
  const provider: vscode.HoverProvider = {
    provideHover: (document, position) =>
      orNothing(log, 'A hover', async () => {
        const [{ hoverAt }, prompt, index] = await Promise.all([
          import('../../core/prompts/language/hover.ts'),
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
  return unlessYielding(() => vscode.languages.registerHoverProvider(SELECTOR, provider));
}

/** Files and servers wrote some of this, so it is shown as text and code only. */
function toMarkdown(part: HoverPart): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  if (part.kind === 'code') return markdown.appendCodeblock(part.text, part.language);
  return markdown.appendMarkdown(part.text.split('\n').map(plainMarkdown).join('  \n'));
}
