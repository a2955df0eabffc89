import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import { readSetting } from '../../host/settings.ts';

const KIND = vscode.DocumentDropOrPasteEditKind.Text.append('llmops', 'picoschema');

/** Offers to paste a JSON example into the front matter as a matching Picoschema. */
export function registerSchemaPaste(): vscode.Disposable {
  return vscode.languages.registerDocumentPasteEditProvider(
    { language: LANGUAGE_ID },
    {
      async provideDocumentPasteEdits(document, [range], transfer, _context, token) {
        const json = await transfer.get('text/plain')?.asString();
        if (!range || !json || !/^\s*[{[]/.test(json) || !readSetting('editor.pasteSchema', document.uri)) return;
        const [{ parseTree }, { pasteAsSchema }] = await Promise.all([
          import('../../../core/language/syntax/parse-tree.ts'),
          import('../../../core/prompts/schema/paste-schema.ts'),
        ]);
        if (token.isCancellationRequested) return;
        const source = document.getText();
        const frontMatter = parseTree(source).frontMatter?.range;
        const paste = frontMatter && pasteAsSchema(source, document.offsetAt(range.start), { json, frontMatter });
        if (!paste) return;
        const edit = new vscode.DocumentPasteEdit(paste.text, 'Insert as Picoschema', KIND);
        // Elsewhere, the text is pasted unchanged, and the schema is an alternative.
        if (!paste.preferred) edit.yieldTo = [vscode.DocumentDropOrPasteEditKind.Text];
        return [edit];
      },
    },
    { pasteMimeTypes: ['text/plain'], providedPasteEditKinds: [KIND] },
  );
}
