import { describeCaseCount } from '../../../shared/describe-score-change.ts';
import { formatCount, formatP, formatUsd } from '../../../shared/format.ts';
import { type Interval, wilsonInterval } from '../../../shared/intervals.ts';
import { formatMetricChange, formatMetricValue, type MetricUnit } from '../../../shared/metric-value.ts';
import type {
  EvalColumn,
  EvalMatrix,
  EvalMetric,
  EvalTotals,
  GateResult,
  MetricResult,
} from '../../store/evals/eval-record.ts';
import { fitsBudget } from '../../store/ledger/fits-budget.ts';
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
  /** 0.95 for intervals of 95%. */
  level: number;
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
  if (gate.kind === 'threshold') return checkThreshold(gate, { ...found, level: result.level }, metric);
  return hasBaseline(result, column)
    ? checkMargin(gate, found, metric)
    : { passed: undefined, reason: `${metric.name} is not compared with a baseline.` };
}

type Measured = MetricResult & { level: number };

function checkThreshold(
  { threshold, on }: Extract<GateSpec, { kind: 'threshold' }>,
  found: Measured,
  metric: EvalMetric,
): Finding {
  const { mean = 0, n, missing } = found;
  const { name, direction } = metric;
  const lacking = missing > 0 ? ` ${formatCount(missing, 'case')} without a score.` : '';
  const require = (value: number) => {
    const [text, limit] = formatApart([value, threshold], metric);
    return { text, required: `${direction === 'higher' ? 'at least' : 'at most'} ${limit} is required.${lacking}` };
  };
  if (on === 'mean') {
    const { text, required } = require(mean);
    return {
      passed: passes(mean, threshold, direction),
      reason: `${name} is ${text} over ${describeCaseCount(found)}; ${required}`,
    };
  }
  const { interval, note } = decidingInterval(found, metric);
  if (!interval) return { passed: undefined, reason: `${name} has too few cases (${n}) for an interval.${lacking}` };
  const end = direction === 'higher' ? interval[0] : interval[1];
  const { text, required } = require(end);
  return {
    passed: passes(end, threshold, direction),
    reason: `The ${direction === 'higher' ? 'lower' : 'upper'} end of the interval of ${name}${note} is ${text}; ${required}`,
  };
}

/**
 * If all cases have the same pass rate, a t interval has no width, as if nothing were left to chance, however few cases there
 * are. Wilson's interval over independent observations, which are the groups where there are any, is the cautious choice.
 */
function decidingInterval(found: Measured, { scale }: EvalMetric): { interval?: Readonly<Interval>; note: string } {
  const { interval, mean = 0, n, groups, level } = found;
  if (!interval) return { note: '' };
  if (scale !== 'yes-no' || interval[1] - interval[0] > ROUNDING) return { interval, note: '' };
  const of = groups === undefined ? n : groups;
  const note = ` (Wilson over ${formatCount(of, groups === undefined ? 'case' : 'group')}, because all scores are equal)`;
  return { interval: wilsonInterval({ passed: mean * of, n: of }, level), note };
}

/** A value and its limit; with more digits if they would look equal though they are not. */
function formatApart([value, limit]: readonly [number, number], metric: MetricUnit): [string, string] {
  const [text, other] = [formatMetricValue(value, metric), formatMetricValue(limit, metric)];
  if (text !== other || Math.abs(value - limit) <= ROUNDING) return [text, other];
  const exact = (one: number) => {
    return metric.scale === 'yes-no' ? `${Number((one * 100).toPrecision(6))}%` : String(Number(one.toPrecision(6)));
  };
  return [exact(value), exact(limit)];
}

function checkMargin(
  { margin }: Extract<GateSpec, { kind: 'margin' }>,
  { baseline }: MetricResult,
  metric: EvalMetric,
): Finding {
  const { name, direction } = metric;
  if (!baseline) return { passed: undefined, reason: `${name} has no case in common with the baseline.` };
  const { mean, difference, n, groups, p, verdict } = baseline;
  if (verdict === 'too-few-cases') {
    const isOne = n === 1 && groups === undefined;
    return {
      passed: undefined,
      reason: `${describeCaseCount(baseline)} ${isOne ? 'is' : 'are'} too few to compare ${name} with the baseline.`,
    };
  }
  const worseBy = direction === 'higher' ? -difference : difference;
  const [before, after] = formatApart([mean, mean + difference], metric);
  const allowed = formatMetricChange(margin, metric).replace(/^\+/, '');
  return {
    // so that a margin of 0.1 allows 0.9 to become 0.8
    passed: worseBy <= margin + ROUNDING,
    reason: `${name} went from ${before} to ${after} (${formatP(p)}); it may be worse by at most ${allowed}.`,
  };
}

const ROUNDING = 1e-9;
/** In the states of a matrix. */
const ERROR = 3;

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
  const [found, required] = formatApart([rates.passHatK, share], { id: 'pass^k', scale: 'yes-no' });
  return {
    passed: rates.passHatK >= share - ROUNDING,
    reason: `${k} of ${k} answers pass ${metric.name} in ${found} of ${formatCount(rates.n, 'case')}; at least ${required} is required.`,
  };
}

function checkCost({ limit }: Extract<GateSpec, { kind: 'costUsd' }>, { totals, matrix }: GatedResult): Finding {
  if (totals.costUsd === undefined) {
    const hasAnswer = matrix.states.some((state) => state !== 0 && state !== ERROR);
    const reason = hasAnswer ? 'a price is. Add it to llmops/prices.yaml.' : 'no request has an answer.';
    return { passed: false, reason: `The cost is unknown, because ${reason}` };
  }
  return {
    passed: fitsBudget(totals.costUsd, limit),
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
