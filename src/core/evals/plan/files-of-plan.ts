import path from 'node:path';
import { codeFile } from '../metrics/code/code-file.ts';
import { codeMetrics } from '../metrics/code-metrics.ts';
import type { EvalPlan } from '../run/eval-plan.ts';

const PROGRAM = /\.(?:[cm]?[jt]sx?|py|rb|php|pl|lua|jl|r|sh|ps1|bat|cmd)$/i;

/** Absolute paths of the files that a run depends on. */
export interface PlanFiles {
  /** The evaluation, its datasets, and prompts of the working copy with their partials. */
  texts: string[];
  /** Those of them whose content the plan does not have. */
  datasets: string[];
  /** Of metrics and targets that users write; what a program imports is not looked at. They may not exist. */
  programs: string[];
}

export function filesOfPlan({ spec, stored }: Pick<EvalPlan, 'spec' | 'stored'>): PlanFiles {
  const datasets = spec.datasets.flatMap((dataset) => ('file' in dataset ? [dataset.file] : []));
  const prompts = stored.sources.flatMap((source) =>
    source.kind === 'prompt' && source.revision === undefined ? [source.file, ...Object.keys(source.files)] : [],
  );
  const folder = path.dirname(spec.path);
  const code = spec.metrics
    .filter(({ id }) => codeMetrics.some((metric) => metric.id === id))
    .map(({ parameters }) => codeFile(parameters, { folder }));
  // the program is any of the arguments (`node --flag app.mjs`), and others name what it writes, such as a log
  const commands = spec.targets
    .flatMap(({ command = [] }) => command.filter((part, at) => PROGRAM.test(part) || (at === 0 && /[\\/]/.test(part))))
    .map((part) => path.resolve(folder, part));
  return { texts: [spec.path, ...datasets, ...prompts], datasets, programs: [...code, ...commands] };
}
