import * as vscode from 'vscode';
import { diskFiles } from '../../core/base/files/disk-files.ts';
import { realPathWithin } from '../../core/base/files/read-file.ts';
import type { FileReader } from '../../core/base/ports.ts';

/** Files as the editor sees them: an unsaved text wins over the disk, so that a partial being edited counts. */
export function createFileReader(): FileReader {
  return {
    ...diskFiles,
    async readText(path, limits) {
      const open = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === path && document.isDirty);
      if (!open) return diskFiles.readText(path, limits);
      // An editor that shows a file from elsewhere does not bring it into the workspace.
      if (limits?.within) await realPathWithin(path, limits.within);
      return open.getText();
    },
  };
}
