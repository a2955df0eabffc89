import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { RunSummary } from '../../core/store/runs/run-record.ts';
import { writeExport } from '../../panels/runs/export-runs.ts';
import type { RunsSession } from '../../panels/runs/runs-session.ts';
import type { RunsExportFormat, RunsMethods } from '../../protocol/runs.ts';
import { runsChecks } from '../../protocol/runs-checks.ts';
import { showJobProgress } from '../shell/job-progress.ts';
import type { Handlers } from '../shell/serve.ts';

/** Actions that other parts of the extension handle. */
export interface RunsPanelActions {
  open(run: RunSummary): Promise<void>;
  /** Opens runs of one prompt side by side. */
  compare(runs: readonly RunSummary[]): Promise<void>;
}

export function createRunsHandlers(
  session: RunsSession,
  { actions, log }: { actions: RunsPanelActions; log: Log },
): Handlers<RunsMethods> {
  const none = () => undefined;
  return {
    snapshot: { check: runsChecks.snapshot, handle: () => session.snapshot() },
    'list.open': { check: runsChecks['list.open'], handle: (params) => session.openList(params) },
    'rows.read': { check: runsChecks['rows.read'], handle: (params) => session.readRows(params) },
    'choices.read': { check: runsChecks['choices.read'], handle: () => session.readChoices() },
    'days.read': { check: runsChecks['days.read'], handle: ({ filter }) => session.readDays(filter) },
    'run.open': {
      check: runsChecks['run.open'],
      handle: async (params) => actions.open(await session.runAt(params)).then(none),
    },
    'runs.compare': {
      check: runsChecks['runs.compare'],
      handle: async (params) => actions.compare(await session.runsToCompare(params)).then(none),
    },
    'runs.export': {
      check: runsChecks['runs.export'],
      handle: (params) => exportRuns(session, params, log).then(none),
    },
    'action.run': {
      check: runsChecks['action.run'],
      handle: async ({ command, args }) => vscode.commands.executeCommand(command, ...args).then(none),
    },
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
    title: `Export ${countOf(runs)} as ${name}`,
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
  await showJobProgress(`Exporting ${countOf(runs)}`, ({ signal, report }) =>
    writeExport(file, session.readExported(selected, signal), {
      format,
      signal,
      onRuns(written) {
        done += written;
        report({ done, total: runs });
      },
    }),
  );
  log.info(`Exported ${countOf(runs)} to ${file}`);
  const choice = await vscode.window.showInformationMessage(
    `Exported ${countOf(runs)} to ${path.basename(file)}.`,
    'Open File',
  );
  if (choice) await vscode.commands.executeCommand('vscode.open', uri);
}

function countOf(runs: number): string {
  return `${runs.toLocaleString('en-US')} ${runs === 1 ? 'run' : 'runs'}`;
}
