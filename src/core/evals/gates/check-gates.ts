import { formatCount, formatScore, formatUsd } from '../../../shared/format.ts';
import type {
  EvalColumn,
  EvalMatrix,
  EvalMetric,
  EvalTotals,
  GateResult,
  MetricResult,
} from '../../store/evals/eval-record.ts';
import { passRates } from '../aggregate/pass-rates.ts';
import { comparedColumns } from '../aggregate/result-figures.ts';
import type { GateSpec } from '../file/eval-spec.ts';
import { passes } from '../metrics/create-scorer.ts';
import { describeGate } from './describe-gate.ts';

/** What gates look at. */
export interface GatedResult {
  columns: readonly EvalColumn[];
  metrics: readonly EvalMetric[];
  results: readonly MetricResult[];
  matrix: EvalMatrix;
  totals: EvalTotals;
}

/** What a gate finds in a column; undefined is undecided: there are too few cases. */
interface Finding {
  /** Undefined for the whole run. */
  column?: number;
  passed: boolean | undefined;
  reason: string;
}

/** A gate holds if it holds for every column that is not a baseline. */
export function checkGates(gates: readonly GateSpec[], result: GatedResult): GateResult[] {
  return gates.map((gate) => {
    const findings = gate.kind === 'costUsd' ? [checkCost(gate, result)] : checkColumns(gate, result);
    const isBroken = findings.some(({ passed }) => passed === false || (passed === undefined && gate.strict));
    const isOpen = findings.some(({ passed }) => passed === undefined);
    const shown = findings.filter(({ passed }) => (isBroken ? passed !== true : isOpen ? passed === undefined : true));
    const metric = 'metric' in gate ? result.metrics.find(({ name }) => name === gate.metric) : undefined;
    return {
      gate: describeGate(gate, metric?.direction),
      passed: isBroken ? false : isOpen ? null : true,
      // of columns that pass, the summary has the figures
      reason: isBroken || isOpen || shown.length <= 1 ? joined(shown) : `All ${shown.length} columns pass.`,
      columns: findings.flatMap(({ column, passed = null }) => (column === undefined ? [] : [{ column, passed }])),
    };
  });
}

function joined(findings: readonly Finding[]): string {
  return findings.map(({ reason }) => reason).join(' ');
}

type ColumnGate = Exclude<GateSpec, { kind: 'costUsd' }>;

function checkColumns(gate: ColumnGate, result: GatedResult): Finding[] {
  const columns = gatedColumns(gate, result);
  return columns.map((column) => {
    const finding = checkColumn(gate, result, column);
    const name = columns.length > 1 ? `${nameColumn(result.columns[column])}: ` : '';
    return { ...finding, column, reason: name + finding.reason };
  });
}

/** A version that is listed beside the working copy has no baseline of its own, so a margin says nothing about it. */
function gatedColumns({ kind }: ColumnGate, result: GatedResult): number[] {
  const columns = comparedColumns(result);
  if (kind !== 'margin') return columns;
  const others = columns.filter((column) => {
    return result.columns[column]?.version === undefined || hasBaseline(result, column);
  });
  return others.length > 0 ? others : columns;
}

function hasBaseline({ results }: GatedResult, column: number): boolean {
  return results.some((one) => one.column === column && one.baseline !== undefined);
}

function checkColumn(gate: ColumnGate, result: GatedResult, column: number): Finding {
  if (gate.kind === 'latencyMs') return checkLatency(gate, result.matrix, column);
  const found = result.results.find(({ metric, column: of }) => metric === gate.metric && of === column);
  const metric = result.metrics.find(({ name }) => name === gate.metric);
  if (!found || !metric || found.mean === undefined) {
    return { passed: false, reason: `No case has a score of ${gate.metric}.` };
  }
  if (gate.kind === 'pass^k') return checkRepeats(gate, { result, column, metric });
  if (gate.kind === 'threshold') return checkThreshold(gate, found, metric);
  return hasBaseline(result, column)
    ? checkMargin(gate, found, metric)
    : { passed: undefined, reason: `${metric.name} is not compared with a baseline.` };
}

function checkThreshold(
  { threshold, on }: Extract<GateSpec, { kind: 'threshold' }>,
  { mean = 0, interval, n, missing }: MetricResult,
  { name, direction }: EvalMetric,
): Finding {
  const required = `${direction === 'higher' ? 'at least' : 'at most'} ${formatScore(threshold)} is required`;
  const lacking = missing > 0 ? ` ${formatCount(missing, 'case')} without a score.` : '';
  if (on === 'mean') {
    return {
      passed: passes(mean, threshold, direction),
      reason: `${name} is ${formatScore(mean)} over ${formatCount(n, 'case')}; ${required}.${lacking}`,
    };
  }
  if (!interval) return { passed: undefined, reason: `${name} has too few cases (${n}) for an interval.${lacking}` };
  const end = direction === 'higher' ? interval[0] : interval[1];
  const which = direction === 'higher' ? 'lower' : 'upper';
  return {
    passed: passes(end, threshold, direction),
    reason: `The ${which} end of the interval of ${name} is ${formatScore(end)}; ${required}.${lacking}`,
  };
}

function checkMargin(
  { margin }: Extract<GateSpec, { kind: 'margin' }>,
  { baseline }: MetricResult,
  { name, direction }: EvalMetric,
): Finding {
  if (!baseline) return { passed: undefined, reason: `${name} has no case in common with the baseline.` };
  const { mean, difference, n, p, verdict } = baseline;
  if (verdict === 'too-few-cases') {
    return {
      passed: undefined,
      reason: `${formatCount(n, 'case')} ${n === 1 ? 'is' : 'are'} too few to compare ${name} with the baseline.`,
    };
  }
  const worseBy = direction === 'higher' ? -difference : difference;
  const change = `${name} went from ${formatScore(mean)} to ${formatScore(mean + difference)}`;
  return {
    // so that a margin of 0.1 allows 0.9 to become 0.8
    passed: worseBy <= margin + ROUNDING,
    reason: `${change} (p ${p.toPrecision(2)}); it may be worse by at most ${formatScore(margin)}.`,
  };
}

const ROUNDING = 1e-9;

interface Repeated {
  result: GatedResult;
  column: number;
  metric: EvalMetric;
}

/** The share of cases in which k answers pass, estimated from the repeats that there are. */
function checkRepeats(
  { k, share }: Extract<GateSpec, { kind: 'pass^k' }>,
  { result: { matrix, metrics }, column, metric }: Repeated,
): Finding {
  const rates = passRates(matrix, { metric: metrics.indexOf(metric), column, k });
  if (!rates && metric.scale !== 'yes-no' && metric.threshold === undefined) {
    return { passed: false, reason: `${metric.name} has no threshold, so no answer passes or fails.` };
  }
  if (!rates) return { passed: undefined, reason: `No case has ${k} answers with a score of ${metric.name}.` };
  const found = `${k} of ${k} answers pass ${metric.name} in ${formatScore(rates.passHatK)} of ${rates.n} cases`;
  return {
    passed: rates.passHatK >= share - ROUNDING,
    reason: `${found}; at least ${formatScore(share)} is required.`,
  };
}

function checkCost({ limit }: Extract<GateSpec, { kind: 'costUsd' }>, { totals }: GatedResult): Finding {
  if (totals.costUsd === undefined) {
    return { passed: false, reason: 'The cost is unknown, because a price is. Add it to llmops/prices.yaml.' };
  }
  return {
    passed: totals.costUsd <= limit,
    reason: `The run cost ${formatUsd(totals.costUsd)}; at most ${formatUsd(limit)} is allowed.`,
  };
}

function checkLatency(
  { limit, percentile }: Extract<GateSpec, { kind: 'latencyMs' }>,
  { cases, columns, repeats, latencyMs }: EvalMatrix,
  column: number,
): Finding {
  const known = latencyMs
    .filter((ms, index) => !Number.isNaN(ms) && Math.floor(index / repeats) % columns === column)
    .sort();
  if (known.length === 0) return { passed: false, reason: `The latency of none of ${cases} cases is known.` };
  // the nearest rank: the smallest latency that this share of the answers does not exceed
  const rank = Math.max(1, Math.ceil((percentile / 100) * known.length));
  const found = Math.round(known[rank - 1]!);
  return {
    passed: found <= limit,
    reason: `The latency of ${percentile}% of the answers is at most ${found} ms; at most ${limit} ms is allowed.`,
  };
}

function nameColumn(column: EvalColumn | undefined): string {
  const { prompt, version, model } = column ?? {};
  const named = version ? `${prompt}@${version.label}` : prompt;
  return [named, model].filter((part) => part !== undefined).join(' on ') || 'answers';
}
