import * as vscode from 'vscode';
import { diskFiles } from '../../core/base/disk-files.ts';
import type { FileReader } from '../../core/base/ports.ts';

/** Files as the editor sees them: an unsaved text wins over the disk, so that a partial being edited counts. */
export function createFileReader(): FileReader {
  return {
    ...diskFiles,
    async readText(path) {
      const open = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === path && document.isDirty);
      return open ? open.getText() : diskFiles.readText(path);
    },
  };
}
