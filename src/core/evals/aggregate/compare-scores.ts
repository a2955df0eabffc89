import {
  agrestiMinInterval,
  type Discordant,
  type Groups,
  groupSums,
  type Interval,
} from '../../../shared/intervals.ts';
import { EQUAL, momentsOf } from '../../../shared/statistics.ts';
import { decideVerdicts, type TestOutcome, type Verdict } from './decide-verdicts.ts';
import { mcnemarTest, smallestMcnemarP } from './mcnemar-test.ts';
import { type Confidence, groupsOf, scoreInterval } from './score-interval.ts';
import { signFlipTest, smallestSignFlipP } from './sign-flip-test.ts';
import { smallestDetectable } from './smallest-detectable.ts';

/** The scores of one metric in two results, case by case, as plain data for a worker. */
export interface PairedScores {
  /** Of each case, after its repeats are averaged; NaN if it has none. */
  a: Float64Array;
  b: Float64Array;
  /** The number of each case's group. */
  groups?: Int32Array | undefined;
  /** True if each score is 0 or 1, and from one answer. */
  isPassFail: boolean;
  lowerIsBetter: boolean;
}

interface Mean {
  mean: number;
  /** Undefined for a single case or group. */
  interval: Interval | undefined;
  /** Cases without a score, which are not compared. */
  missing: number;
}

export interface Comparison {
  /** Cases that have a score in both. */
  n: number;
  /** Of these cases; undefined if no case has a group. */
  groups: number | undefined;
  /** Cases whose score in B is better or worse than in A, by the direction of the metric. */
  changed: { better: number; worse: number };
  a: Mean;
  b: Mean;
  /** B − A. */
  difference: {
    mean: number;
    interval: Interval | undefined;
    method: 't' | 'clustered-t' | 'agresti-min' | 'bootstrap';
  };
  test: { name: 'sign-flip' | 'mcnemar'; p: number };
  /** Undefined if the differences do not vary. */
  smallestDetectable: number | undefined;
  verdict: Verdict;
}

/**
 * Compares two results by every metric of a family; undefined for a metric without a case that has a score in both.
 * Verdicts are adjusted for the number of metrics.
 */
export async function compareScores(
  metrics: readonly PairedScores[],
  confidence: Confidence,
  signal?: AbortSignal,
): Promise<(Comparison | undefined)[]> {
  const pairs = metrics.map(selectKnown);
  const compared = [];
  for (const known of pairs.filter((one) => one !== undefined)) {
    compared.push(await comparePairs(known, confidence, signal));
  }
  const verdicts = decideVerdicts(
    compared.map(({ outcome }) => outcome),
    1 - confidence.level,
  ).values();
  const results = compared.map(({ result }) => ({ ...result, verdict: verdicts.next().value! })).values();
  return pairs.map((one) => one && results.next().value);
}

interface KnownPairs {
  a: Float64Array;
  b: Float64Array;
  missing: { a: number; b: number };
  groups: Groups | undefined;
  isPassFail: boolean;
  lowerIsBetter: boolean;
}

function selectKnown({ a, b, groups, isPassFail, lowerIsBetter }: PairedScores): KnownPairs | undefined {
  const isKnown = (index: number) => !Number.isNaN(a[index]) && !Number.isNaN(b[index]);
  const known = Int32Array.from(a.keys().filter(isKnown));
  if (known.length === 0) return undefined;
  return {
    a: Float64Array.from(known, (index) => a[index]!),
    b: Float64Array.from(known, (index) => b[index]!),
    missing: { a: a.filter(Number.isNaN).length, b: b.filter(Number.isNaN).length },
    groups: groupsOf(groups, known),
    isPassFail,
    lowerIsBetter,
  };
}

interface Compared {
  result: Omit<Comparison, 'verdict'>;
  outcome: TestOutcome;
}

async function comparePairs(pairs: KnownPairs, confidence: Confidence, signal?: AbortSignal): Promise<Compared> {
  const { a, b, missing, groups, isPassFail, lowerIsBetter } = pairs;
  const alpha = 1 - confidence.level;
  const differences = b.map((score, index) => withoutRounding(score - a[index]!, score));
  const moments = momentsOf(differences);
  const mean = withoutRounding(moments.mean, momentsOf(differences.map(Math.abs)).mean);
  const meanOf = async (values: Float64Array): Promise<Omit<Mean, 'missing'>> => {
    const { interval } = await scoreInterval({ values, groups, isPassFail }, confidence, signal);
    return { mean: momentsOf(values).mean, interval };
  };
  const { test, smallestP } = await testPairs(pairs, differences, { seed: confidence.seed, signal });
  return {
    result: {
      n: moments.n,
      groups: groups?.count,
      changed: countChanged(differences, lowerIsBetter),
      a: { ...(await meanOf(a)), missing: missing.a },
      b: { ...(await meanOf(b)), missing: missing.b },
      difference: { mean, ...(await differenceInterval(pairs, differences, confidence, signal)) },
      test,
      smallestDetectable: smallestDetectable(moments, alpha),
    },
    outcome: { p: test.p, smallestP, difference: mean, lowerIsBetter },
  };
}

function countChanged(differences: Float64Array, lowerIsBetter: boolean): Comparison['changed'] {
  const higher = differences.filter((difference) => difference > 0).length;
  const lower = differences.filter((difference) => difference < 0).length;
  return lowerIsBetter ? { better: lower, worse: higher } : { better: higher, worse: lower };
}

async function differenceInterval(
  pairs: KnownPairs,
  differences: Float64Array,
  confidence: Confidence,
  signal: AbortSignal | undefined,
): Promise<Pick<Comparison['difference'], 'interval' | 'method'>> {
  const { groups } = pairs;
  if (isMatchedTable(pairs) && confidence.method === 't') {
    return { interval: agrestiMinInterval(countDiscordant(pairs), confidence.level), method: 'agresti-min' };
  }
  const { interval, method } = await scoreInterval(
    { values: differences, groups, isPassFail: false },
    confidence,
    signal,
  );
  return { interval, method: method as Exclude<typeof method, 'wilson'> };
}

async function testPairs(
  pairs: KnownPairs,
  differences: Float64Array,
  options: { seed: number; signal: AbortSignal | undefined },
): Promise<{ test: Comparison['test']; smallestP: number }> {
  if (isMatchedTable(pairs)) {
    const discordant = countDiscordant(pairs);
    return { test: { name: 'mcnemar', p: mcnemarTest(discordant) }, smallestP: smallestMcnemarP(discordant.n) };
  }
  const flipped = pairs.groups ? sumGroups(differences, pairs.groups) : differences;
  const p = await signFlipTest(flipped, options);
  return { test: { name: 'sign-flip', p }, smallestP: smallestSignFlipP(flipped.length) };
}

function sumGroups(differences: Float64Array, groups: Groups): Float64Array {
  const sizes = groupSums(differences.map(Math.abs), groups);
  return groupSums(differences, groups).map((sum, group) => withoutRounding(sum, sizes[group]!));
}

/** Exactly 0 for what is left of terms of this size by rounding: signs of rounding errors could pass for a change. */
function withoutRounding(value: number, size: number): number {
  return Math.abs(value) <= EQUAL * Math.abs(size) ? 0 : value;
}

/** With repeats or groups, pass or fail is compared as a mean. */
function isMatchedTable({ groups, isPassFail }: KnownPairs): boolean {
  return isPassFail && !groups;
}

function countDiscordant({ a, b }: KnownPairs): Discordant {
  const count = (isCounted: (index: number) => boolean) =>
    a.reduce((sum, _, index) => (isCounted(index) ? sum + 1 : sum), 0);
  return {
    onlyA: count((index) => a[index]! > b[index]!),
    onlyB: count((index) => b[index]! > a[index]!),
    n: a.length,
  };
}
