import path from 'node:path';
import type { EvalSpec, MetricSpec, ModelSpec } from './eval-spec.ts';
import type { EvalDraft } from './write-eval-file.ts';

/** A file with the same meaning in another folder, for an evaluation of prompts that was run without one. */
export function draftOfSpec(spec: EvalSpec, folder: string): EvalDraft {
  const relative = (file: string) => path.relative(folder, file).split(path.sep).join('/');
  const { name, prompts, models, datasets, metrics, baseline, repeats } = spec;
  const [dataset] = datasets;
  return {
    name,
    prompts: prompts.map(({ file, ref, written }) =>
      file === undefined ? written : `${relative(file)}${ref === undefined ? '' : `@${ref}`}`,
    ),
    models: models.length > 0 ? models.map(modelOf) : undefined,
    dataset: dataset && 'file' in dataset ? relative(dataset.file) : undefined,
    rows: dataset && 'rows' in dataset ? dataset.rows : undefined,
    columns: dataset && Object.keys(dataset.columns).length > 0 ? { ...dataset.columns } : undefined,
    metrics: metrics.map(metricOf),
    baseline: baseline && 'ref' in baseline ? baseline.ref : undefined,
    repeats: repeats === 1 ? undefined : repeats,
  };
}

function modelOf({ model, parameters }: ModelSpec): string | { model: string; config: Record<string, unknown> } {
  const { extra, ...known } = parameters;
  const config = { ...known, ...extra };
  return Object.keys(config).length === 0 ? model : { model, config };
}

function metricOf({ name, id, parameters, path: at, weight, threshold }: MetricSpec): string | Record<string, unknown> {
  const more = {
    ...(name === id ? {} : { name }),
    ...(at === undefined ? {} : { path: at }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(weight === 1 ? {} : { weight }),
    ...parameters,
  };
  return Object.keys(more).length === 0 ? id : { metric: id, ...more };
}
