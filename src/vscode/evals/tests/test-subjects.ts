import { UserError } from '../../../core/base/errors.ts';
import type { EvalSpec, PromptSpec } from '../../../core/evals/file/eval-spec.ts';
import { promptName } from '../../../shared/prompt-name.ts';

const ANSWERS = 'answers of the dataset';

type Subjects = Pick<EvalSpec, 'prompts' | 'models' | 'targets'>;

/** What an evaluation tests, as its columns are called: prompts with their versions, or targets. */
export function subjectTitles({ prompts, targets }: Subjects): string[] {
  if (targets.length > 0) return targets.map(({ name }) => name);
  return prompts.length === 0 ? [ANSWERS] : [...new Set(prompts.map(titleOf))];
}

/**
 * The same evaluation of some of its prompts or targets. A prompt's baseline is added by the plan, as always. Throws
 * UserError if none is left: without prompts, the answers of the dataset would be scored instead.
 */
export function selectSubjects<Spec extends Subjects>(spec: Spec, isSelected: (title: string) => boolean): Spec {
  const titles = subjectTitles(spec).filter(isSelected);
  if (titles.length === 0) {
    throw new UserError('What was selected is no longer in this evaluation.', {
      code: 'usage',
      hint: 'Refresh the tests, and select it again.',
    });
  }
  return {
    ...spec,
    prompts: spec.prompts.filter((prompt) => titles.includes(titleOf(prompt))),
    targets: spec.targets.filter(({ name }) => titles.includes(name)),
  };
}

/**
 * The title of each column of a planned evaluation. Columns are prompts × models in the order of the file; baselines that
 * the file does not list come after them and have no title.
 */
export function columnTitles({ prompts, models, targets }: Subjects): string[] {
  if (targets.length > 0 || prompts.length === 0) return subjectTitles({ prompts, models, targets });
  return prompts.flatMap((prompt) => Array.from({ length: Math.max(1, models.length) }, () => titleOf(prompt)));
}

function titleOf({ prompt, ref }: PromptSpec): string {
  return `${promptName(prompt)}${ref === undefined ? '' : `@${ref}`}`;
}
