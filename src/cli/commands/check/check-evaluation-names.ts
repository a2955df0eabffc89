import type { ConfigProblem } from '../../../core/config/config-problem.ts';
import { modelReferenceProblem } from '../../../core/language/diagnostics/model-reference.ts';
import type { WorkspaceIndex } from '../../../core/language/workspace/workspace-index.ts';
import type { Names } from '../../../core/versions/names/names.ts';

export interface KnownNames {
  /** With the models that are known. */
  index: WorkspaceIndex;
  names: Names;
}

/** Warnings about prompts, versions and models that an evaluation names and that do not exist, as in the editor. */
export async function checkEvaluationNames(
  text: string,
  file: string,
  { index, names }: KnownNames,
): Promise<ConfigProblem[]> {
  const [{ checkNames }, { nameProblemOf }, { KNOWN_METRICS }] = await Promise.all([
    import('../../../core/evals/language/check-names.ts'),
    import('../../../core/evals/language/name-problem.ts'),
    import('../../../core/evals/file/known-metrics.ts'),
  ]);
  const checks = {
    prompt: (written: string) => {
      const isFound = written.includes('@') ? names.resolve(written) : names.locate(written);
      return isFound.then(() => undefined, nameProblemOf);
    },
    model: async (ref: string) => modelReferenceProblem(ref, index),
  };
  return checkNames(text, { file, metrics: KNOWN_METRICS, checks });
}
