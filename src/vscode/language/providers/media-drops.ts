import path from 'node:path';
import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../../host/contributions.ts';
import { readSetting } from '../../host/settings.ts';

const URI_LIST = 'text/uri-list';
const KIND = vscode.DocumentDropOrPasteEditKind.Empty.append('llmops', 'media');
const TITLE = 'Insert as Media';

/** Inserts an image or PDF that is dropped or pasted into a template as `{{media url="…"}}`. */
export function registerMediaDrops(): vscode.Disposable {
  const selector = { language: LANGUAGE_ID };
  return vscode.Disposable.from(
    vscode.languages.registerDocumentDropEditProvider(
      selector,
      {
        async provideDocumentDropEdits(document, position, transfer, token) {
          const found = await readMedia({ document, position, transfer, token });
          if (!found) return undefined;
          const edit = new vscode.DocumentDropEdit(found.text, TITLE, KIND);
          if (found.files) edit.additionalEdit = found.files;
          return edit;
        },
      },
      { dropMimeTypes: [URI_LIST, 'files', 'image/*', 'application/pdf'], providedDropEditKinds: [KIND] },
    ),
    vscode.languages.registerDocumentPasteEditProvider(
      selector,
      {
        async provideDocumentPasteEdits(document, [range], transfer, _context, token) {
          const found = range && (await readMedia({ document, position: range.start, transfer, token }));
          if (!found) return undefined;
          const edit = new vscode.DocumentPasteEdit(found.text, TITLE, KIND);
          if (found.files) edit.additionalEdit = found.files;
          return [edit];
        },
      },
      { pasteMimeTypes: [URI_LIST, 'files', 'image/*'], providedPasteEditKinds: [KIND] },
    ),
  );
}

interface Transfer {
  document: vscode.TextDocument;
  position: vscode.Position;
  transfer: vscode.DataTransfer;
  token: vscode.CancellationToken;
}

/** `files` creates a file next to the prompt if there is none, such as for an image from the clipboard. */
async function readMedia(dropped: Transfer): Promise<{ text: string; files?: vscode.WorkspaceEdit } | undefined> {
  const { document, position, transfer, token } = dropped;
  if (!readSetting('editor.dropMedia', document.uri)) return undefined;
  const list = await transfer.get(URI_LIST)?.asString();
  const [{ parseTree }, { freeName, isMediaFile, mediaTag }] = await Promise.all([
    import('../../../core/language/syntax/parse-tree.ts'),
    import('../../../core/prompts/render/media-tag.ts'),
  ]);
  if (token.isCancellationRequested) return undefined;
  if (document.offsetAt(position) < parseTree(document.getText()).template.range.start) return undefined;
  const promptDir = path.dirname(document.uri.fsPath);
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const tagOf = (file: string) => mediaTag(file, { promptDir, roots });
  const uris = (list ?? '').split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  const tags = uris.map((uri) => tagOf(vscode.Uri.parse(uri).fsPath)).filter((tag) => tag !== undefined);
  if (tags.length) return { text: tags.join('\n') };
  if (uris.length || document.uri.scheme !== 'file') return undefined;
  const [file] = [...transfer].flatMap(([, item]) => item.asFile() ?? []);
  if (!file || !isMediaFile(file.name)) return undefined;
  const beside = await vscode.workspace.fs.readDirectory(vscode.Uri.file(promptDir));
  const uri = vscode.Uri.file(path.join(promptDir, freeName(file.name, new Set(beside.map(([name]) => name)))));
  const text = tagOf(uri.fsPath);
  if (text === undefined) return undefined;
  const files = new vscode.WorkspaceEdit();
  files.createFile(uri, { contents: file });
  return { text, files };
}
