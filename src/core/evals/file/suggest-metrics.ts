import { isRecord } from '../../../shared/is-record.ts';
import type { DatasetRow } from '../../datasets/row.ts';
import { createColumnReader } from '../../datasets/row-columns.ts';
import type { OutputSpec } from '../../models/chat-model.ts';
import type { EvalDraft } from './write-eval-file.ts';

type Metrics = NonNullable<EvalDraft['metrics']>;

/** Below this, an answer in words has little in common with the expected one. */
const ROUGE_THRESHOLD = 0.4;

/**
 * Metrics for a new evaluation, from what the prompt promises and what the first rows of the dataset know: whether
 * answers have their format, and whether they are the expected ones.
 */
export function suggestMetrics(output: OutputSpec, rows: readonly DatasetRow[]): Metrics {
  const isJson = output.format === 'json';
  const format: Metrics = isJson ? [output.schema ? 'schemaValid' : 'jsonValid'] : [];
  const expected = expectedValues(rows);
  const own = expected.length > 0 ? (isJson ? jsonMetrics(expected) : textMetrics(expected)) : [];
  const metrics = [...format, ...own];
  return metrics.length > 0 ? metrics : ['refusal'];
}

function expectedValues(rows: readonly DatasetRow[]): unknown[] {
  const read = createColumnReader({});
  return rows.flatMap((row) => read(row).expected.slice(0, 1)).map(fromJson);
}

/** A value at a path of JSON answers is compared, or the whole answer. */
function jsonMetrics(expected: readonly unknown[]): Metrics {
  const [first] = expected;
  const scalars = isRecord(first)
    ? Object.keys(first).filter((name) => expected.every((value) => isRecord(value) && isScalar(value[name])))
    : [];
  if (scalars.length === 0) return ['equals'];
  // names tell several apart
  return scalars.map((path) => ({ metric: 'equals', ...(scalars.length > 1 ? { name: path } : {}), path }));
}

/** Labels are compared as they are, sentences by the words that they share. */
function textMetrics(expected: readonly unknown[]): Metrics {
  const isLabel = expected.every((value) => typeof value !== 'string' || value.trim().split(/\s+/).length <= 3);
  return isLabel ? ['equals'] : [{ metric: 'rougeL', threshold: ROUGE_THRESHOLD }];
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A map in a cell of a table is written as JSON. */
function fromJson(value: unknown): unknown {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
