import type { EvalSpec, MetricSpec } from '../file/eval-spec.ts';
import { findMetric } from '../metrics/metric-table.ts';
import { expectedAt } from '../metrics/structure/value-at-path.ts';
import { referenceTexts } from '../metrics/text/references.ts';
import { missingInputs } from '../targets/open-target.ts';
import type { EvalCase } from './eval-case.ts';
import { type CasePrompt, promptInputs } from './prompt-inputs.ts';
import { type CaseProblem, type ReadCasesOptions, readCases, rowProblem } from './read-cases.ts';

/** Enough to fix a dataset with; the rest is counted. */
const MOST_PROBLEMS = 100;

interface CheckCasesOptions extends Omit<ReadCasesOptions, 'onProblem'> {
  /** The prompts of the evaluation, loaded. */
  prompts: readonly CasePrompt[];
  /** Whether a stored baseline has a case. */
  baselineHas?: ((id: string) => boolean) | undefined;
  /** Gets each case. */
  onCase?: ((evalCase: EvalCase) => void) | undefined;
}

interface CheckedCases {
  count: number;
  /** Of these, how many a stored baseline has too. */
  common: number;
  problems: CaseProblem[];
}

/** Everything about the cases that must be right before the first request, in one pass and constant memory. */
export async function checkCases(spec: EvalSpec, options: CheckCasesOptions): Promise<CheckedCases> {
  const { prompts, baselineHas, onCase, ...reading } = options;
  const found: CheckedCases = { count: 0, common: 0, problems: [] };
  const onProblem = (problem: CaseProblem) => {
    if (problem.row === undefined || found.problems.length < MOST_PROBLEMS) found.problems.push(problem);
  };
  const columnsOf = new Map(
    spec.datasets.map((dataset) => ['file' in dataset ? dataset.written : undefined, dataset.columns]),
  );
  const choosy = spec.metrics.filter(({ id }) => findMetric(id)?.referenceProblem);
  const isScored = spec.prompts.length === 0 && spec.targets.length === 0;
  for await (const one of readCases(spec, { ...reading, onProblem })) {
    found.count += 1;
    onCase?.(one);
    if (baselineHas?.(one.id)) found.common += 1;
    if (isScored && one.output === undefined) {
      onProblem(rowProblem('missing-column', NO_OUTPUT, one));
    }
    for (const metric of choosy) {
      const text = await referenceProblem(metric, one);
      if (text !== undefined) onProblem(rowProblem('wrong-type', text, one));
    }
    for (const target of spec.targets) {
      for (const name of missingInputs(target, one)) {
        const text = `there is no \`${name}\`, which the body of the target ${target.name} contains.`;
        onProblem(rowProblem('missing-column', text, one));
      }
    }
    for (const casePrompt of prompts) {
      const { problems } = await promptInputs(one, casePrompt, columnsOf.get(one.dataset) ?? {});
      for (const { code, message } of problems) {
        const text = prompts.length > 1 ? `${message} (${casePrompt.prompt.name}).` : `${message}.`;
        onProblem(rowProblem(code, text, one));
      }
    }
  }
  if (baselineHas && found.count > 0 && found.common === 0) {
    found.problems.push({
      code: 'no-common-cases',
      message:
        'The baseline has none of these cases, so nothing can be compared. Select another baseline, or give rows an "id".',
    });
  }
  return { ...found, problems: withoutRepeats(found.problems) };
}

async function referenceProblem({ id, name, path, parameters }: MetricSpec, { expected }: EvalCase) {
  const references = path === undefined ? expected : expected.map((one) => expectedAt(path, one));
  for (const reference of referenceTexts({ output: '', references })) {
    const problem = await findMetric(id)?.referenceProblem?.(parameters, reference);
    if (problem !== undefined) return `the reference cannot be used by ${name}: ${problem}`;
  }
  return undefined;
}

/** A mapped column that no row has is named once, because every row lacks what it stands for. */
function withoutRepeats(problems: readonly CaseProblem[]): CaseProblem[] {
  const isOfRow = ({ row }: CaseProblem) => row !== undefined;
  const ofColumns = problems.filter((one) => one.code === 'missing-column' && !isOfRow(one));
  const datasets = new Set(ofColumns.map(({ dataset }) => dataset));
  return problems.filter((one) => !(one.code === 'missing-column' && isOfRow(one) && datasets.has(one.dataset)));
}

const NO_OUTPUT = 'there is no answer to score. Add a column "output", or "prompts" or "targets" to the evaluation.';
