import path from 'node:path';
import * as vscode from 'vscode';
import type { NameChecks, NameProblem } from '../../../core/evals/language/check-names.ts';
import type { EvalNames, NamedPrompt } from '../../../core/evals/language/eval-names.ts';
import { isPartialFile } from '../../../core/prompts/template/partial-files.ts';
import type { Names } from '../../../core/versions/names/names.ts';
import type { Workbenches } from '../../host/workbenches.ts';
import { streamWorkspaceFile } from '../../host/workspace-files.ts';
import type { PromptWorkspace } from '../../language/workspace/prompt-workspace.ts';

const DATASETS = '**/*.{jsonl,ndjson,json,csv,tsv}';
const FILES_OFFERED = 500;
/** Enough to see the columns of most rows. */
const ROWS_READ = 20;
/** Larger datasets are not counted: a hover has to appear at once. */
const MOST_BYTES_COUNTED = 1024 * 1024;

export interface EditorNamesDeps {
  workspace: PromptWorkspace;
  workbenches: Workbenches;
}

/** What an evaluation file in an editor can name. Only local files, git and lists of models that are known are used. */
export class EditorNames implements EvalNames, NameChecks {
  readonly #deps: EditorNamesDeps;
  /** The evaluation file. */
  readonly #from: vscode.Uri;

  constructor(deps: EditorNamesDeps, from: vscode.Uri) {
    this.#deps = deps;
    this.#from = from;
  }

  async prompts(): Promise<NamedPrompt[]> {
    const versions = await this.#versions();
    const [index, listed] = await Promise.all([this.#deps.workspace.index(), versions.list().catch(() => [])]);
    const files = index.prompts().map((prompt) => prompt.path);
    const whole = files.filter((file) => !isPartialFile(file));
    return withNames(whole, listed);
  }

  async refsOf(prompt: string): Promise<string[]> {
    return (await this.#versions()).refsOf(prompt).catch(() => []);
  }

  async models(): Promise<{ ref: string; detail: string }[]> {
    const [{ describeModelBriefly }, index, unready] = await Promise.all([
      import('../../../core/language/analysis/prompt-model.ts'),
      this.#deps.workspace.index(),
      this.#deps.workspace.unreadyModels(),
    ]);
    const ready = index.models();
    const others = unready.filter(({ ref }) => !ready.some((model) => model.ref === ref));
    return [...ready, ...others].map((model) => ({ ref: model.ref, detail: describeModelBriefly(model) }));
  }

  async datasets(): Promise<string[]> {
    const found = await vscode.workspace.findFiles(DATASETS, '**/{node_modules,.llmops,.vscode}/**', FILES_OFFERED);
    return found.map(({ fsPath }) => fsPath).sort();
  }

  columns(dataset: string): Promise<string[]> {
    return columnsOf(dataset, this.#from);
  }

  rowCount(dataset: string): Promise<number | undefined> {
    return countRows(dataset, this.#from);
  }

  async outputPaths(prompt: string): Promise<string[]> {
    const isNamed = ({ name, file }: NamedPrompt) => name === prompt || file === prompt;
    const file = (await this.prompts()).find(isNamed)?.file;
    if (file === undefined) return [];
    const [{ answerPaths }, workbench] = await Promise.all([
      import('../../../core/evals/language/answer-paths.ts'),
      this.#deps.workbenches.for(this.#from),
    ]);
    const loaded = await workbench.prompts.load(file).catch(() => undefined);
    return answerPaths(loaded?.prompt.output.schema);
  }

  async prompt(written: string): Promise<NameProblem | undefined> {
    const [names, { nameProblemOf }] = await Promise.all([
      this.#versions(),
      import('../../../core/evals/language/name-problem.ts'),
    ]);
    const isFound = written.includes('@') ? names.resolve(written) : names.locate(written);
    return isFound.then(() => undefined, nameProblemOf);
  }

  async model(ref: string): Promise<NameProblem | undefined> {
    const [{ modelReferenceProblem }, index] = await Promise.all([
      import('../../../core/language/diagnostics/model-reference.ts'),
      this.#deps.workspace.index(),
    ]);
    return modelReferenceProblem(ref, index);
  }

  async #versions(): Promise<Names> {
    return (await this.#deps.workbenches.for(this.#from)).versions.names;
  }
}

/** Names belong to paths from the repository's root, which one file that has a name tells. */
function withNames(files: readonly string[], listed: readonly { name: string; path: string }[]): NamedPrompt[] {
  const names = new Map(listed.map((one) => [one.path, one.name]));
  const slashes = (file: string) => file.split(path.sep).join('/');
  const known = listed.flatMap((one) => {
    const file = files.find((file) => slashes(file).endsWith(`/${one.path}`));
    return file === undefined ? [] : [slashes(file).slice(0, -one.path.length)];
  })[0];
  return files.map((file) => {
    const isBelow = known !== undefined && slashes(file).startsWith(known);
    return { file, name: isBelow ? names.get(slashes(file).slice(known.length)) : undefined };
  });
}

async function columnsOf(dataset: string, from: vscode.Uri): Promise<string[]> {
  const { readFirstRows } = await import('../../../core/datasets/read-rows.ts');
  try {
    const bytes = streamWorkspaceFile(vscode.Uri.file(dataset), { from });
    const rows = await readFirstRows(dataset, bytes, { limit: ROWS_READ });
    return [...new Set(rows.flatMap((row) => Object.keys(row)))];
  } catch {
    // the check of the run says what is wrong with the dataset
    return [];
  }
}

async function countRows(dataset: string, from: vscode.Uri): Promise<number | undefined> {
  const { readDataset } = await import('../../../core/datasets/read-rows.ts');
  const uri = vscode.Uri.file(dataset);
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > MOST_BYTES_COUNTED) return undefined;
    let rows = 0;
    for await (const _ of readDataset(dataset, streamWorkspaceFile(uri, { from }))) rows += 1;
    return rows;
  } catch {
    return undefined;
  }
}
