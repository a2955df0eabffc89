import * as vscode from 'vscode';
import { diskFiles } from '../../core/base/files/disk-files.ts';
import { realPathWithin } from '../../core/base/files/read-file.ts';
import type { FileReader } from '../../core/base/ports.ts';

/**
 * Files as the editor shows them: unsaved text takes precedence over the disk, so that edits of a partial apply before
 * it is saved.
 */
export function createFileReader(): FileReader {
  return {
    ...diskFiles,
    async readText(path, limits) {
      const open = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === path && document.isDirty);
      if (!open) return diskFiles.readText(path, limits);
      // A file outside the workspace is not allowed just because an editor shows it.
      if (limits?.within) await realPathWithin(path, limits.within);
      return open.getText();
    },
  };
}
