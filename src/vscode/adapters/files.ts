import { access, readFile, realpath } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { FileReader } from '../../core/base/ports.ts';

/** Files as the editor sees them: an unsaved text wins over the disk, so that a partial being edited counts. */
export function createFileReader(): FileReader {
  return {
    async readText(path) {
      const open = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === path && document.isDirty);
      return open ? open.getText() : readFile(path, 'utf8');
    },
    readBytes: (path) => readFile(path),
    realPath: (path) => realpath(path),
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
  };
}
