import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import type { EvalListed } from '../../core/store/evals/eval-record.ts';
import { ageOf } from '../../shared/age.ts';
import { lensTitle } from '../host/lens-title.ts';
import { plainLabel } from '../host/plain-text.ts';
import { readSetting } from '../host/settings.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { describeResult } from './describe-result.ts';
import { newestResultOf } from './newest-result.ts';

const SELECTOR: vscode.DocumentFilter = { scheme: 'file', pattern: '**/*.eval.yaml' };

/** Run, Estimate and the newest result, above the first line of an evaluation file. */
export function registerEvaluationLenses({
  workbenches,
  log,
}: {
  workbenches: Workbenches;
  log: Log;
}): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses({ uri }) {
      if (!readSetting('codeLens.enabled', uri)) return [];
      try {
        return lensesFor(uri, await newestResultOf(workbenches, uri));
      } catch (error) {
        log.error('Could not read the newest result of an evaluation', error);
        return lensesFor(uri, undefined);
      }
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(SELECTOR, provider),
    workbenches.onEvaluationsChanged(() => changed.fire()),
  );
}

function lensesFor(uri: vscode.Uri, newest: EvalListed | undefined): vscode.CodeLens[] {
  const top = new vscode.Range(0, 0, 0, 0);
  const lens = (title: string, command: string, tooltip: string, target: unknown = uri) =>
    new vscode.CodeLens(top, { title, command, tooltip, arguments: [target] });
  const lenses = [
    lens(lensTitle('play', 'Run'), 'llmops.evaluation.run', 'Run this evaluation'),
    lens(
      lensTitle('credit-card', 'Estimate'),
      'llmops.evaluation.estimate',
      'Estimate the cost without sending anything',
    ),
  ];
  if (!newest) return lenses;
  const text = plainLabel(describeResult(newest, ageOf(newest.startedAt, Date.now())));
  const target = { evaluationId: newest.id };
  return [...lenses, lens(text, 'llmops.evaluation.openResults', 'Open the newest result', target)];
}
