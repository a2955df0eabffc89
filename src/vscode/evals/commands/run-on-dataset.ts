import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../../core/base/errors.ts';
import { replaceFile } from '../../../core/base/files/create-file.ts';
import type { EvalSpec } from '../../../core/evals/file/eval-spec.ts';
import type { Prompt } from '../../../core/prompts/prompt.ts';
import { plainLabel } from '../../host/plain-text.ts';
import { requireWritableInWorkspace } from '../../host/workspace-files.ts';
import { requireTrust } from '../../shell/prompt-targets.ts';
import { relativeTo } from '../newest-result.ts';
import { choosePromptAndDataset, draftEvaluation, folderFor } from './draft-evaluation.ts';
import { type EvaluationCommandDeps, findResult } from './evaluation-targets.ts';
import { runSpec } from './run-commands.ts';

/** Evaluates a prompt on every row of a dataset, without a file. */
export async function runOnDataset(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const title = 'Run on Dataset';
  const chosen = await choosePromptAndDataset(deps, target, { title, offersInlineRows: false });
  if (!chosen) return;
  const models = (await comparedModels(chosen.uri)) ?? (await pickModels(chosen.prompt, title));
  if (!models) return;
  const [draft, { writeEvalFile }] = await Promise.all([
    draftEvaluation(chosen, { withBaseline: false }),
    import('../../../core/evals/file/write-eval-file.ts'),
  ]);
  // Checked like a file, at the place where Save as Evaluation would write it.
  const file = path.join(await folderFor(chosen), `${fileName(draft.name)}.eval.yaml`);
  const text = writeEvalFile({ ...draft, ...(models.length > 0 ? { models: [...new Set(models)] } : {}) });
  const spec = await chosen.workbench.evals.read(file, { text });
  await runSpec(deps, chosen.workbench, { ...spec, isUnsaved: true });
}

/** The models of the columns, if the comparison of this prompt is in front. */
async function comparedModels({ fsPath }: vscode.Uri): Promise<string[] | undefined> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(input instanceof vscode.TabInputWebview)) return undefined;
  const { activeComparison } = await import('../../compare/compare-panel.ts');
  const session = await activeComparison().catch(() => undefined);
  return session?.source.path === fsPath && session.models.length > 0 ? session.models : undefined;
}

/** The models that the prompt lists, if it lists several. None: the prompt's own. Undefined if the user cancelled. */
async function pickModels({ ext, model }: Prompt, title: string): Promise<string[] | undefined> {
  const listed = ext.llmops?.models;
  const models = Array.isArray(listed) ? listed.filter((one) => typeof one === 'string') : [];
  if (models.length < 2) return models;
  const items = models.map((one) => ({ label: plainLabel(one), picked: one === model?.text, model: one }));
  const options = { title, placeHolder: 'Select the models', canPickMany: true } as const;
  const picked = await vscode.window.showQuickPick(items, options);
  return picked && picked.length > 0 ? picked.map((one) => one.model) : undefined;
}

/** Writes the file of an evaluation that was run without one. Its result belongs to the file from then on. */
export async function saveEvaluation(deps: EvaluationCommandDeps, target: unknown): Promise<void> {
  requireTrust();
  const found = await findResult(deps, target, {
    title: 'Save as Evaluation',
    accepts: ({ file }) => file === undefined,
    none: 'Every result has an evaluation file. Run on Dataset makes results without one.',
  });
  if (!found) return;
  const { workbench, result } = found;
  const spec = specOf((await workbench.store.evals.get(result.id))?.plan);
  const uri = await askFile(path.join(path.dirname(spec.path), `${fileName(spec.name)}.eval.yaml`));
  if (!uri) return;
  const [{ draftOfSpec }, { writeEvalFile }] = await Promise.all([
    import('../../../core/evals/file/draft-of-spec.ts'),
    import('../../../core/evals/file/write-eval-file.ts'),
  ]);
  await replaceFile(uri.fsPath, writeEvalFile(draftOfSpec(spec, path.dirname(uri.fsPath))));
  await workbench.store.evals.update(result.id, { file: relativeTo(deps.workbenches, uri) });
  deps.workbenches.evaluationsChanged();
  await vscode.window.showTextDocument(uri);
}

/** The dialog knows only the last extension of a name, and has asked about no other file than the one that was entered. */
async function askFile(suggested: string): Promise<vscode.Uri | undefined> {
  const entered = await vscode.window.showSaveDialog({
    title: 'Save as Evaluation',
    defaultUri: vscode.Uri.file(suggested),
    filters: { Evaluations: ['yaml'] },
  });
  if (!entered) return undefined;
  const uri = entered.with({ path: entered.path.replace(/(\.eval)?(\.ya?ml)?$/i, '.eval.yaml') });
  await requireWritableInWorkspace(uri);
  const isOther = uri.path !== entered.path;
  if (isOther && (await vscode.workspace.fs.stat(uri).then(Boolean, () => false))) {
    throw new UserError(`${path.basename(uri.path)} exists already.`, {
      code: 'usage',
      hint: 'Save it under another name. The name of an evaluation ends in .eval.yaml.',
    });
  }
  return uri;
}

function specOf(plan: unknown): EvalSpec {
  const { spec } = (plan ?? {}) as { spec?: EvalSpec };
  if (spec) return spec;
  throw new UserError('This result does not say how it was run, so no file can be written for it.', {
    code: 'store',
    hint: 'Use Create Evaluation instead.',
  });
}

function fileName(name: string | undefined): string {
  return (
    (name ?? '')
      .replace(/\.\w+$/, '')
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[-.]+|-+$/g, '') || 'evaluation'
  );
}
