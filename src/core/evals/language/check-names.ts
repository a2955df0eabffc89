import path from 'node:path';
import type { ConfigProblem } from '../../config/config-problem.ts';
import { parseEvalFile } from '../file/eval-file.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { MetricTable } from '../file/metric-table.ts';

/** What is wrong with a name, as a sentence, with the code of its diagnostic. */
export interface NameProblem {
  code: string;
  message: string;
}

/** Looks up what an evaluation names, without a network. */
export interface NameChecks {
  /** `NAME`, or `NAME@REF` with a name or an absolute path. */
  prompt(written: string): Promise<NameProblem | undefined>;
  model(ref: string): Promise<NameProblem | undefined>;
}

interface Context {
  /** Absolute path of the evaluation file. */
  file: string;
  metrics: MetricTable;
  checks: NameChecks;
}

/** What a run would refuse because it does not exist. Nothing of a file that has errors, which are reported first. */
export async function checkNames(text: string, { file, metrics, checks }: Context): Promise<ConfigProblem[]> {
  const { spec, rangeOf } = await parseEvalFile(text, file, metrics);
  if (!spec) return [];
  const found = await Promise.all([...promptChecks(spec, checks), ...modelChecks(spec, checks)]);
  return found.flatMap(({ keys, problem }): ConfigProblem[] => {
    if (!problem) return [];
    const range = rangeOf(keys);
    const message = `${keys[0]}: ${problem.message}`;
    return [{ where: file, code: problem.code, severity: 'warning', message, ...(range && { range }) }];
  });
}

interface Checked {
  keys: string[];
  problem: NameProblem | undefined;
}

function promptChecks({ prompts, baseline }: EvalSpec, checks: NameChecks): Promise<Checked>[] {
  const listed = prompts.map(async ({ file, prompt, ref }, index) => {
    const keys = ['prompts', String(index)];
    // a missing file of the work tree is reported with the missing datasets
    if (file !== undefined && ref === undefined) return { keys, problem: undefined };
    // a path on a share is left out: to look for it would sign in there
    if (path.isAbsolute(prompt)) return { keys, problem: undefined };
    const named = file ?? prompt;
    return { keys, problem: await checks.prompt(ref === undefined ? named : `${named}@${ref}`) };
  });
  if (!baseline || !('ref' in baseline)) return listed;
  const compared = prompts.filter(({ ref, prompt }) => ref === undefined && !path.isAbsolute(prompt));
  const before = compared.map(async ({ file, prompt }) => {
    const problem = await checks.prompt(`${file ?? prompt}@${baseline.ref}`);
    // a prompt that the baseline does not have yet is evaluated without it
    return { keys: ['baseline'], problem: problem?.code === 'unknown-version' ? problem : undefined };
  });
  return [...listed, ...before];
}

function modelChecks({ models, judge }: EvalSpec, checks: NameChecks): Promise<Checked>[] {
  const named = models.map(({ model }, index) => ({ model, keys: ['models', String(index)] }));
  const all = judge ? [...named, { model: judge.model, keys: ['judge'] }] : named;
  return all.map(async ({ model, keys }) => ({ keys, problem: await checks.model(model) }));
}
