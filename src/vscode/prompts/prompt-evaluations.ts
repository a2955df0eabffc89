import * as vscode from 'vscode';
import { isAbortError } from '../../core/base/errors.ts';
import type { EvalNote } from '../../core/versions/results/eval-notes.ts';
import type { PromptsViewDeps } from './prompt-files.ts';
import type { PromptEntry } from './prompt-tree.ts';

/** Results of evaluations of prompts as they are now, by their absolute paths. */
export type Evaluations = ReadonlyMap<string, readonly EvalNote[]>;

/** Reads each workspace folder. One without a repository has no versions, and one that fails has no scores. */
export async function readEvaluations(
  { workbenches, log }: Pick<PromptsViewDeps, 'workbenches' | 'log'>,
  entries: readonly PromptEntry[],
  signal: AbortSignal,
): Promise<Evaluations> {
  const found = [...Map.groupBy(entries, ({ root }) => root)].map(async ([root, own]) => {
    const uri = vscode.Uri.file(root);
    try {
      const { versions } = await workbenches.for(uri);
      if ((await versions.state(signal)).kind !== 'ready') return [];
      const files = own.map(({ file }) => file);
      const withStore = await workbenches.hasHistory(uri);
      return [...(await versions.results.readWorkingEvaluations(files, { withStore, signal }))];
    } catch (error) {
      if (!isAbortError(error)) log.error(`Could not read the evaluations of prompts in ${root}`, error);
      return [];
    }
  });
  return new Map((await Promise.all(found)).flat());
}
