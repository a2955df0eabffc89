import * as vscode from 'vscode';
import { formatCount } from '../../../shared/format.ts';
import { type RunningJob, showJobProgress } from '../../shell/job-progress.ts';
import type { PromptWorkspace } from './prompt-workspace.ts';

/** How many files are checked per turn of the event loop. */
const BATCH_SIZE = 20;

/** The result of a workspace check. It is partial if the check was stopped. */
export interface CheckedAll {
  checked: number;
  of: number;
  errors: number;
  warnings: number;
  hints: number;
  /** Evaluations and configuration files, whose problems are counted too. */
  others: number;
}

export interface CheckAll {
  workspace: PromptWorkspace;
  /** Stops the check, like the Cancel button of its notification. */
  signal: AbortSignal | undefined;
  /** Reports and returns the diagnostics of some files. */
  check(paths: readonly string[]): Promise<readonly vscode.Diagnostic[]>;
  /** Checks evaluations and configuration files. */
  checkOthers(signal: AbortSignal): Promise<{ files: number; diagnostics: readonly vscode.Diagnostic[] }>;
}

/** Checks all prompts, evaluations and configuration files of the workspace with progress, then opens the Problems view and shows the counts. */
export async function checkAll(request: CheckAll): Promise<CheckedAll> {
  const result = await showJobProgress('Checking all prompts', (job) => checkEach(request, job));
  if (result.errors + result.warnings + result.hints > 0) {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
  void vscode.window.showInformationMessage(describeCheck(result));
  return result;
}

async function checkEach({ workspace, check, checkOthers, signal }: CheckAll, job: RunningJob): Promise<CheckedAll> {
  const stopped = AbortSignal.any([job.signal, ...(signal ? [signal] : [])]);
  const index = await workspace.index();
  const paths = [...index.prompts(), ...index.refused()].map(({ path }) => path);
  const result: CheckedAll = { checked: 0, of: paths.length, errors: 0, warnings: 0, hints: 0, others: 0 };
  for (let at = 0; at < paths.length && !stopped.aborted; at += BATCH_SIZE) {
    const part = paths.slice(at, at + BATCH_SIZE);
    count(await check(part), result);
    result.checked += part.length;
    job.report({ done: result.checked, total: paths.length });
    await new Promise(setImmediate);
  }
  if (stopped.aborted) return result;
  const { files, diagnostics } = await checkOthers(stopped);
  count(diagnostics, result);
  return { ...result, others: files };
}

function count(diagnostics: readonly vscode.Diagnostic[], result: CheckedAll): void {
  for (const { severity } of diagnostics) {
    if (severity === vscode.DiagnosticSeverity.Error) result.errors += 1;
    else if (severity === vscode.DiagnosticSeverity.Warning) result.warnings += 1;
    else result.hints += 1;
  }
}

/** `12 prompts and 2 other files checked: 1 error, 2 warnings.` */
export function describeCheck({ checked, of, errors, warnings, hints, others }: CheckedAll): string {
  if (of + others === 0) return 'This workspace has no .prompt files.';
  const found = [
    errors > 0 && formatCount(errors, 'error'),
    warnings > 0 && formatCount(warnings, 'warning'),
    hints > 0 && formatCount(hints, 'hint'),
  ].filter(Boolean);
  const all = formatCount(of, 'prompt');
  const more = others > 0 ? ` and ${formatCount(others, 'other file')}` : '';
  const looked = checked < of ? `Stopped: ${checked} of ${all} checked` : `${all}${more} checked`;
  return `${looked}: ${found.length > 0 ? found.join(', ') : 'no problems'}.`;
}
