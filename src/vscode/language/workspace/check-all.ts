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
}

interface CheckAll {
  workspace: PromptWorkspace;
  /** Stops the check, like the Cancel button of its notification. */
  signal: AbortSignal | undefined;
  /** Reports and returns the diagnostics of some files. */
  check(paths: readonly string[]): Promise<readonly vscode.Diagnostic[]>;
}

/** Checks all prompts of the workspace with progress, then opens the Problems view and shows the counts. */
export async function checkAll(request: CheckAll): Promise<CheckedAll> {
  const result = await showJobProgress('Checking all prompts', (job) => checkEach(request, job));
  if (result.errors + result.warnings + result.hints > 0) {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
  void vscode.window.showInformationMessage(describeCheck(result));
  return result;
}

async function checkEach({ workspace, check, signal }: CheckAll, job: RunningJob): Promise<CheckedAll> {
  const isStopped = () => job.signal.aborted || signal?.aborted === true;
  const index = await workspace.index();
  const paths = [...index.prompts(), ...index.refused()].map(({ path }) => path);
  const result: CheckedAll = { checked: 0, of: paths.length, errors: 0, warnings: 0, hints: 0 };
  for (let at = 0; at < paths.length && !isStopped(); at += BATCH_SIZE) {
    const part = paths.slice(at, at + BATCH_SIZE);
    for (const { severity } of await check(part)) {
      if (severity === vscode.DiagnosticSeverity.Error) result.errors += 1;
      else if (severity === vscode.DiagnosticSeverity.Warning) result.warnings += 1;
      else result.hints += 1;
    }
    result.checked += part.length;
    job.report({ done: result.checked, total: paths.length });
    await new Promise(setImmediate);
  }
  return result;
}

/** `12 prompts checked: 1 error, 2 warnings.` */
export function describeCheck({ checked, of, errors, warnings, hints }: CheckedAll): string {
  if (of === 0) return 'This workspace has no .prompt files.';
  const found = [
    errors > 0 && formatCount(errors, 'error'),
    warnings > 0 && formatCount(warnings, 'warning'),
    hints > 0 && formatCount(hints, 'hint'),
  ].filter(Boolean);
  const all = formatCount(of, 'prompt');
  const looked = checked < of ? `Stopped: ${checked} of ${all} checked` : `${all} checked`;
  return `${looked}: ${found.length > 0 ? found.join(', ') : 'no problems'}.`;
}
