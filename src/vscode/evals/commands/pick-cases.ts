import * as vscode from 'vscode';
import type { EvalListed } from '../../../core/store/evals/eval-record.ts';
import { formatCount } from '../../../shared/format.ts';
import type { ResultTarget } from './evaluation-targets.ts';

export type RerunCases = NonNullable<ResultTarget['cases']>;

interface CasesItem extends vscode.QuickPickItem {
  cases: RerunCases;
  isUseful: boolean;
}

/** Which cases are answered again. Undefined if the user cancelled. */
export async function pickCases({ counts }: EvalListed, title: string): Promise<RerunCases | undefined> {
  const items: CasesItem[] = [
    {
      label: '$(error) Failed Cases',
      description: formatCount(counts.failed, 'answer'),
      cases: 'failed',
      isUseful: counts.failed > 0,
    },
    {
      label: '$(warning) Cases with Errors',
      description: formatCount(counts.errors, 'answer'),
      cases: 'errors',
      isUseful: counts.errors > 0,
    },
    {
      label: '$(git-compare) Changed Cases',
      description: 'a new result, with stored answers where nothing has changed',
      cases: 'changed',
      isUseful: true,
    },
    { label: '$(list-flat) All Cases', description: formatCount(counts.cells, 'answer'), cases: 'all', isUseful: true },
  ];
  const useful = items.filter(({ isUseful }) => isUseful);
  const placeHolder = 'Select which cases are answered again';
  return (await vscode.window.showQuickPick(useful, { title, placeHolder }))?.cases;
}
