import path from 'node:path';
import type { FileReader } from '../../base/ports.ts';
import type { ConfigProblem } from '../../config/config-problem.ts';
import { parseEvalFile } from './eval-file.ts';
import type { EvalSpec } from './eval-spec.ts';
import type { MetricTable } from './metric-table.ts';

interface Ports {
  metrics: MetricTable;
  files: Pick<FileReader, 'exists'>;
}

/** All problems of an evaluation file, for the editor and `llmops check`. Files that it names are not read. */
export async function checkEvalFile(text: string, file: string, { metrics, files }: Ports): Promise<ConfigProblem[]> {
  const { spec, problems, rangeOf } = await parseEvalFile(text, file, metrics);
  if (!spec) return problems;
  const named = namedFiles(spec);
  const exist = await Promise.all(named.map(({ target }) => files.exists(target)));
  const missing = named.filter((_, index) => !exist[index]);
  return [
    ...problems,
    ...missing.map(({ keys, what, written }): ConfigProblem => {
      const range = rangeOf(keys);
      const message = `${keys[0]}: the ${what} ${written} does not exist. Paths are relative to this file.`;
      return { where: file, message, code: 'missing-file', severity: 'warning', ...(range && { range }) };
    }),
  ];
}

/** Absolute paths are left out: to look for one on a share would sign in there. */
function namedFiles({ prompts, datasets, metrics, path: own }: EvalSpec) {
  const ofPrompts = prompts.map(({ file, ref, prompt }, index) => {
    return {
      target: ref === undefined ? file : undefined,
      written: prompt,
      what: 'prompt',
      keys: ['prompts', String(index)],
    };
  });
  const ofDatasets = datasets.map((dataset, index) => {
    const { file, written } = 'file' in dataset ? dataset : { file: undefined, written: '' };
    return { target: file, written, what: 'dataset', keys: ['dataset', String(index), 'path'] };
  });
  const ofMetrics = metrics.map(({ id, parameters: { file } }, index) => {
    const written = (id === 'javascript' || id === 'python') && typeof file === 'string' ? file : undefined;
    const target = written === undefined ? undefined : path.resolve(path.dirname(own), written);
    return { target, written: written ?? '', what: 'file', keys: ['metrics', String(index), 'file'] };
  });
  return [...ofPrompts, ...ofDatasets, ...ofMetrics].flatMap(({ target, ...rest }) => {
    return target === undefined || path.isAbsolute(rest.written) ? [] : [{ target, ...rest }];
  });
}
