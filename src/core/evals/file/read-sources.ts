import path from 'node:path';
import { isRecord } from '../../../shared/is-record.ts';
import type { ConfigChecks } from '../../config/check-config.ts';
import type { DatasetColumns } from '../../datasets/row-columns.ts';
import { readParameters } from '../../prompts/front-matter/parameters.ts';
import type { DatasetSpec, ModelSpec, PromptSpec } from './eval-spec.ts';

export function readPrompts(value: unknown, folder: string, checks: ConfigChecks): PromptSpec[] {
  const items = Array.isArray(value) ? value : [];
  const prompts = items.flatMap((item: unknown, index) => {
    const keys = ['prompts', String(index)];
    if (!checks.fits(...keys) || typeof item !== 'string') return [];
    const spec = splitPrompt(item, folder);
    const { written, prompt, ref } = spec;
    if (ref?.trim() === '') {
      const message = `prompts: "${written}" has no version after the @. Use ${prompt}@v1 or ${prompt}@production.`;
      checks.report(keys, message);
      return [];
    }
    return [{ ...spec, keys }];
  });
  for (const { written, keys } of prompts.filter((one, at) => prompts.findIndex(isSame(one)) !== at)) {
    checks.report(keys, `prompts: "${written}" is listed twice.`);
  }
  return prompts.map(({ keys: _, ...prompt }) => prompt);
}

/** A prompt is a path if it ends in `.prompt` or begins as one; `a.prompt@HEAD@{1}` is split after `.prompt`. */
export function splitPrompt(item: string, folder: string): PromptSpec {
  const written = item.trim();
  const [, prompt = written, ref] = /^(.*?\.prompt)@(.*)$/s.exec(written) ?? /^([^@]+)@(.*)$/s.exec(written) ?? [];
  const isPath = prompt.endsWith('.prompt') || /^\.{0,2}[\\/]/.test(prompt) || path.isAbsolute(prompt);
  return { written, prompt, ref, file: isPath ? path.resolve(folder, prompt) : undefined };
}

function isSame({ written }: { written: string }) {
  return (other: { written: string }) => other.written === written;
}

export function readModels(value: unknown, checks: ConfigChecks): ModelSpec[] {
  const items = Array.isArray(value) ? value : [];
  return items.flatMap((item: unknown, index) => readModel(item, ['models', String(index)], checks) ?? []);
}

/** Undefined if the model is invalid, which is reported. */
export function readModel(item: unknown, keys: string[], checks: ConfigChecks): ModelSpec | undefined {
  if (item === undefined || !checks.fitsWhole(...keys)) return undefined;
  if (!isRecord(item)) return { model: String(item), parameters: {} };
  const { parameters, problems } = readParameters(isRecord(item.config) ? item.config : {});
  for (const problem of problems) {
    checks.report([...keys, 'config', ...problem.path], `${keys[0]}: ${problem.message}`);
  }
  return { model: String(item.model), parameters };
}

const DATASET = /\.(?:jsonl|ndjson|json|csv|tsv)$/i;

/** The datasets of a file, or its rows as one dataset. */
export function readDatasets(value: Record<string, unknown>, folder: string, checks: ConfigChecks): DatasetSpec[] {
  const shared = readColumnMap(value, checks);
  const { dataset, rows } = value;
  if (dataset !== undefined && rows !== undefined) {
    checks.report(['rows'], '"rows" cannot be used together with "dataset". Remove one of them.');
  }
  if (Array.isArray(rows)) {
    if (rows.length === 0) checks.report(['rows'], '"rows" has no case.', { code: 'no-cases' });
    return checks.fitsWhole('rows') ? [{ rows: rows.filter(isRecord), columns: shared }] : [];
  }
  if (dataset === undefined) return [];
  const isList = Array.isArray(dataset);
  const items: unknown[] = isList ? dataset : [dataset];
  if (items.length === 0) checks.report(['dataset'], '"dataset" has no file.', { code: 'no-cases' });
  return items.flatMap((item, index) => {
    const keys = isList ? ['dataset', String(index)] : ['dataset'];
    if (!checks.fitsWhole(...keys)) return [];
    const written = String(isRecord(item) ? item.path : item).trim();
    if (!DATASET.test(written)) {
      const message = `dataset: ${written} is not a dataset. Datasets are .jsonl, .json, .csv or .tsv files.`;
      checks.report(isRecord(item) ? [...keys, 'path'] : keys, message);
      return [];
    }
    const own = isRecord(item) && isRecord(item.columns) ? toColumns(item.columns) : {};
    return [{ file: path.resolve(folder, written), written, columns: { ...shared, ...own } }];
  });
}

function readColumnMap({ columns, group }: Record<string, unknown>, checks: ConfigChecks): DatasetColumns {
  const map = isRecord(columns) && checks.fitsWhole('columns') ? toColumns(columns) : {};
  if (typeof group !== 'string') return map;
  if (map.group !== undefined) {
    checks.report(['group'], '"group" is also in "columns". Remove one of them.');
  }
  return { ...map, group };
}

function toColumns({ inputs, expected, ...others }: Record<string, unknown>): DatasetColumns {
  return {
    ...others,
    ...(expected === undefined ? {} : { expected: [expected].flat().map(String) }),
    ...(inputs === undefined ? {} : { inputs: toInputs(inputs) }),
  };
}

function toInputs(inputs: unknown): Record<string, string> {
  const pairs = Array.isArray(inputs)
    ? inputs.map((name) => [String(name), String(name)])
    : Object.entries(isRecord(inputs) ? inputs : {}).map(([input, column]) => [input, String(column)]);
  return Object.fromEntries(pairs);
}
