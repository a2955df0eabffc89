import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import { writePieces } from '../../core/base/files/write-pieces.ts';
import type { EvalReport } from '../../core/evals/report/eval-report.ts';
import type { ReportFormat } from '../../core/evals/report/report-format.ts';
import type { Workbench } from '../../core/workbench.ts';
import { plainMessage } from '../host/plain-text.ts';
import { showJobProgress, USUALLY_SHORT } from '../shell/job-progress.ts';
import type { PanelDeps } from '../shell/panel-host.ts';

interface Exporting {
  id: string;
  /** Asked for if it is undefined. */
  format?: ReportFormat | undefined;
}

/** Asks for a format and a file, and writes a result with progress. If cancelled, no file is left. */
export async function exportResult(
  { extensionUri, log }: Pick<PanelDeps, 'extensionUri' | 'log'>,
  { store, evals }: Pick<Workbench, 'store' | 'evals'>,
  { id, format }: Exporting,
): Promise<void> {
  const [{ REPORT_FORMATS, writeReport }, { openReport }] = await Promise.all([
    import('../../core/evals/report/report-formats.ts'),
    import('../../core/evals/report/eval-report.ts'),
  ]);
  const items = REPORT_FORMATS.map((one) => ({ ...one, label: one.title }));
  const options = { title: 'Export Evaluation Result', placeHolder: 'Select a format', matchOnDescription: true };
  const chosen = items.find((one) => one.format === format) ?? (await vscode.window.showQuickPick(items, options));
  if (!chosen) return;
  const { record } = await openReport(store.evals, id);
  const uri = await askForFile(`${fileName(record.name)}${chosen.extension}`, chosen);
  if (!uri) return;
  const assets = new URL(vscode.Uri.joinPath(extensionUri, 'dist', 'webview').toString(true).concat('/'));
  await showJobProgress(
    `Exporting ${record.name}`,
    async ({ signal, report }) => {
      const opened = await openReport(store.evals, id, { signal, messages: (cell) => evals.messages(id, cell) });
      const counted = withProgress(opened, (done) => report({ done, total: record.counts.cases }));
      await writePieces(uri.fsPath, writeReport(chosen.format, counted, assets), 'the result');
    },
    USUALLY_SHORT,
  );
  log.info(`Exported the result ${id} as ${chosen.title} to ${uri.fsPath}`);
  const text = plainMessage(`Exported ${record.name} to ${path.basename(uri.fsPath)}.`);
  const choice = await vscode.window.showInformationMessage(
    text,
    chosen.format === 'html' ? 'Open in Browser' : 'Open File',
  );
  if (!choice) return;
  if (chosen.format === 'html') await vscode.env.openExternal(uri);
  else await vscode.commands.executeCommand('vscode.open', uri);
}

async function askForFile(
  name: string,
  { title, extension }: { title: string; extension: string },
): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
  const uri = await vscode.window.showSaveDialog({
    title: `Export as ${title}`,
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: { [title]: [extension.slice(1)] },
  });
  if (!uri || uri.scheme === 'file') return uri;
  throw new UserError('Results can only be exported to a file on this machine.', {
    code: 'usage',
    hint: 'Select another location.',
  });
}

/** The same report, which tells how many of its cases were read. */
function withProgress(report: EvalReport, onCases: (done: number) => void): EvalReport {
  return {
    ...report,
    async *cases(options) {
      let done = 0;
      for await (const one of report.cases(options)) {
        yield one;
        done += 1;
        if (done % 100 === 0) onCases(done);
      }
    },
  };
}

function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|-+$/g, '') || 'evaluation';
}
