import { isRecord } from '../../../shared/is-record.ts';
import { didYouMean, nearestNames } from '../../base/nearest-name.ts';
import type { ConfigChecks } from '../../config/check-config.ts';
import type { GateSpec, MetricSpec } from './eval-spec.ts';

export interface GateContext {
  metrics: readonly MetricSpec[];
  repeats: number;
  hasBaseline: boolean;
}

/** What a gate can require; it has exactly one of these. */
const KINDS = ['threshold', 'margin', 'pass^k', 'costUsd', 'latencyMs'] as const;
/** The fields that only mean something beside another one. */
const NEEDS: Readonly<Record<string, string>> = { on: 'threshold', k: 'pass^k', percentile: 'latencyMs' };

/** The gates of a file that are valid; the others are reported. */
export function readGates(value: unknown, context: GateContext, checks: ConfigChecks): GateSpec[] {
  const items = Array.isArray(value) ? value : [];
  return items.flatMap((item: unknown, index) => {
    const keys = ['gates', String(index)];
    if (!checks.fitsWhole(...keys) || !isRecord(item)) return [];
    const read = readGate(item, context);
    if (!('problem' in read)) return [read];
    const at = read.key === undefined ? keys : [...keys, read.key];
    checks.report(at, `gates: ${read.problem}`, { code: read.code ?? 'invalid-gate' });
    return [];
  });
}

interface Refused {
  problem: string;
  /** The key with the problem; undefined for the whole gate. */
  key?: string;
  code?: string;
}

/** A gate as a map of its keys. */
export function readGate(fields: Record<string, unknown>, context: GateContext): GateSpec | Refused {
  const kinds = KINDS.filter((kind) => fields[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined) return { problem: `a gate needs one of ${KINDS.map((name) => `"${name}"`).join(', ')}.` };
  if (kinds.length > 1) {
    return { problem: `a gate has only one of "${kinds.join('" and "')}". Write two gates.`, key: kinds[1] ?? kind };
  }
  const lone = Object.keys(NEEDS).find((key) => fields[key] !== undefined && NEEDS[key] !== kind);
  if (lone !== undefined) return { problem: `"${lone}" belongs to a gate with "${NEEDS[lone]}".`, key: lone };
  const isOfMetric = kind === 'threshold' || kind === 'margin' || kind === 'pass^k';
  const problem = isOfMetric ? metricProblem(fields.metric, context) : ofRunProblem(fields.metric, kind);
  return problem ?? readKind(kind, fields, context);
}

function metricProblem(metric: unknown, { metrics }: GateContext): Refused | undefined {
  if (typeof metric !== 'string') return { problem: 'a gate with a threshold, a margin or pass^k needs "metric".' };
  if (metrics.some(({ name }) => name === metric)) return undefined;
  const names = metrics.map(({ name }) => name);
  const listed = names.length > 0 ? `Its metrics: ${names.join(', ')}.` : 'It has no metrics.';
  const hint = didYouMean(nearestNames(metric, names, 1)) ?? listed;
  return { problem: `the file has no metric "${metric}". ${hint}`, key: 'metric', code: 'unknown-metric' };
}

function ofRunProblem(metric: unknown, kind: string): Refused | undefined {
  return metric === undefined
    ? undefined
    : { problem: `"${kind}" is of the whole run, not of a metric.`, key: 'metric' };
}

function readKind(
  kind: (typeof KINDS)[number],
  fields: Record<string, unknown>,
  { metrics, repeats, hasBaseline }: GateContext,
): GateSpec | Refused {
  const [limit, metric, strict] = [Number(fields[kind]), String(fields.metric), fields.strict === true];
  switch (kind) {
    case 'threshold':
      return { kind, metric, threshold: limit, on: fields.on === 'interval' ? 'interval' : 'mean', strict };
    case 'margin':
      if (!hasBaseline) return { problem: 'a gate with "margin" needs a "baseline".', key: kind };
      return { kind, metric, margin: limit, strict };
    case 'pass^k': {
      const k = typeof fields.k === 'number' ? fields.k : repeats;
      if (metrics.find(({ name }) => name === metric)?.isReported) {
        const problem = `"pass^k" needs a metric that passes or fails. Give "${metric}" a "threshold" under "metrics".`;
        return { problem, key: kind };
      }
      if (k > repeats) return { problem: `"k" is ${k}, but "repeats" is ${repeats}.`, key: 'k' };
      return { kind, metric, share: limit, k, strict };
    }
    case 'costUsd':
      return { kind, limit, strict };
    case 'latencyMs':
      return { kind, limit, percentile: typeof fields.percentile === 'number' ? fields.percentile : 95, strict };
  }
}
