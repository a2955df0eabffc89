import path from 'node:path';
import * as vscode from 'vscode';
import type { EvalDraft } from '../../../core/evals/file/write-eval-file.ts';
import type { Prompt } from '../../../core/prompts/prompt.ts';
import type { Workbench } from '../../../core/workbench.ts';
import { promptName } from '../../../shared/prompt-name.ts';
import { findPromptTarget } from '../../shell/prompt-targets.ts';
import { findEvaluationFiles } from '../evaluation-files.ts';
import type { EvaluationCommandDeps } from './evaluation-targets.ts';
import { firstRows, isDataset, pickDataset } from './pick-dataset.ts';

/** What is evaluated on which cases. */
export interface Chosen {
  uri: vscode.Uri;
  prompt: Prompt;
  workbench: Workbench;
  /** Undefined for rows in the evaluation file itself. */
  dataset: vscode.Uri | undefined;
}

interface Choosing {
  title: string;
  /** Offers rows in the file of the evaluation. */
  offersInlineRows: boolean;
}

/** The prompt and the dataset: what the target names, and the rest is asked. Undefined if the user cancelled. */
export async function choosePromptAndDataset(
  { workbenches }: Pick<EvaluationCommandDeps, 'workbenches'>,
  target: unknown,
  { title, offersInlineRows }: Choosing,
): Promise<Chosen | undefined> {
  const given = isDataset(target) ? target : undefined;
  const uri = await findPromptTarget(given ? undefined : target, title);
  if (!uri) return undefined;
  const workbench = await workbenches.for(uri);
  const document = await vscode.workspace.openTextDocument(uri);
  const { prompt } = await workbench.prompts.load(uri.fsPath, document.getText());
  const inline = { label: '$(list-flat) Rows in the Evaluation File', name: INLINE, detail: 'For a few cases' };
  const dataset =
    given ??
    (await pickDataset({
      title,
      placeHolder: 'Select the cases',
      preferred: datasetOf(prompt, uri),
      others: offersInlineRows ? [inline] : [],
    }));
  if (dataset === undefined) return undefined;
  return { uri, prompt, workbench, dataset: typeof dataset === 'string' ? undefined : dataset };
}

const INLINE = 'inline';

function datasetOf(prompt: Prompt, uri: vscode.Uri): vscode.Uri | undefined {
  const named = prompt.ext.llmops?.dataset;
  return typeof named === 'string' ? vscode.Uri.joinPath(uri, '..', named) : undefined;
}

/**
 * The folder that a new evaluation file is written to: that of the most other ones, or else `evals/`. Outside of a
 * workspace that of the prompt.
 */
export async function folderFor({ uri }: Pick<Chosen, 'uri'>): Promise<string> {
  const workspace = vscode.workspace.getWorkspaceFolder(uri);
  if (!workspace) return path.dirname(uri.fsPath);
  const files = await findEvaluationFiles(workspace);
  const folders = [...Map.groupBy(files, ({ fsPath }) => path.dirname(fsPath))];
  const [most] = folders.toSorted(([, a], [, b]) => b.length - a.length);
  return most?.[0] ?? path.join(workspace.uri.fsPath, 'evals');
}

/** A new evaluation of the working copy, and of what is in production if there is such a version. */
export async function draftEvaluation(
  { uri, prompt, workbench, dataset }: Chosen,
  { withBaseline }: { withBaseline: boolean },
): Promise<EvalDraft> {
  const { suggestMetrics } = await import('../../../core/evals/file/suggest-metrics.ts');
  const folder = await folderFor({ uri });
  const relative = (file: vscode.Uri) => path.relative(folder, file.fsPath).split(path.sep).join('/');
  const name = promptName(uri.path);
  const hasProduction = withBaseline && (await hasLabel(workbench, uri, 'production'));
  const rows = dataset ? await firstRows(dataset) : undefined;
  return {
    prompts: [...(hasProduction ? [`${relative(uri)}@production`] : []), relative(uri)],
    ...(dataset ? { dataset: relative(dataset) } : { rows: [exampleRow(prompt)] }),
    metrics: suggestMetrics(prompt.output, rows ?? []),
    ...(hasProduction ? { baseline: 'production' } : {}),
    ...(withBaseline ? {} : { name: `${name} on ${path.basename(dataset?.path ?? '')}` }),
  };
}

/** False also if git cannot say: an evaluation does not need it. */
async function hasLabel({ versions }: Workbench, uri: vscode.Uri, name: string): Promise<boolean> {
  const labels = await versions.labels.list().catch(() => []);
  return labels.some(({ label, path: file }) => label === name && uri.path.endsWith(`/${file}`));
}

/** The defaults of the inputs, so that the file can be run as it is. */
function exampleRow({ input }: Prompt): Record<string, unknown> {
  const names = Object.keys(input.schema?.properties ?? {});
  return Object.fromEntries(names.map((name) => [name, input.defaults[name] ?? '']));
}
