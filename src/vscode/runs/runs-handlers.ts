import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import { writeExport } from '../../panels/runs/export-runs.ts';
import type { RunsSession } from '../../panels/runs/runs-session.ts';
import type { RunsExportFormat, RunsMethods } from '../../protocol/runs.ts';
import { formatCount } from '../../shared/format.ts';
import { showJobProgress } from '../shell/job-progress.ts';
import { runAction } from '../shell/prompt-panel-handlers.ts';
import type { Handlers } from '../shell/serve.ts';
import { compareRuns, openRun, type RunsDeps } from './run-history-commands.ts';

export function createRunsHandlers(session: RunsSession, deps: RunsDeps): Handlers<RunsMethods> {
  return {
    snapshot: () => session.snapshot(),
    'list.open': (params) => session.openList(params),
    'rows.read': (params) => session.readRows(params),
    'choices.read': () => session.readChoices(),
    'days.read': ({ filter }) => session.readDays(filter),
    'run.open': async (params) => openRun(deps, await session.runAt(params)),
    'runs.compare': async (params) => compareRuns(deps, await session.runsToCompare(params)),
    'runs.export': (params) => exportRuns(session, params, deps.log),
    'action.run': runAction,
  };
}

const FORMATS: Record<RunsExportFormat, { name: string; ending: string }> = {
  csv: { name: 'CSV', ending: 'csv' },
  jsonl: { name: 'JSON Lines', ending: 'jsonl' },
};

/** Asks for a file, and writes it with progress. If cancelled, no file is left. */
async function exportRuns(
  session: RunsSession,
  { format, ...selected }: RunsMethods['runs.export']['params'],
  log: Log,
): Promise<void> {
  const runs = session.countExported(selected);
  const { name, ending } = FORMATS[format];
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
  const uri = await vscode.window.showSaveDialog({
    title: `Export ${formatCount(runs, 'run')} as ${name}`,
    defaultUri: vscode.Uri.joinPath(folder, `runs.${ending}`),
    filters: { [name]: [ending] },
  });
  if (!uri) return;
  if (uri.scheme !== 'file') {
    throw new UserError('Runs can only be exported to a file on this machine.', {
      code: 'usage',
      hint: 'Select another location.',
    });
  }
  const file = uri.fsPath;
  let done = 0;
  await showJobProgress(`Exporting ${formatCount(runs, 'run')}`, ({ signal, report }) =>
    writeExport(file, session.readExported(selected, signal), {
      format,
      signal,
      onRuns(written) {
        done += written;
        report({ done, total: runs });
      },
    }),
  );
  log.info(`Exported ${formatCount(runs, 'run')} to ${file}`);
  const choice = await vscode.window.showInformationMessage(
    `Exported ${formatCount(runs, 'run')} to ${path.basename(file)}.`,
    'Open File',
  );
  if (choice) await vscode.commands.executeCommand('vscode.open', uri);
}
