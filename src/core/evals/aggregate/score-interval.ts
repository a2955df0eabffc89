import {
  clusteredInterval,
  type Groups,
  type Interval,
  studentInterval,
  wilsonInterval,
} from '../../../shared/intervals.ts';
import { momentsOf } from '../../../shared/statistics.ts';
import { bootstrapInterval } from './bootstrap-interval.ts';

/** The `confidence` of an evaluation file. */
export interface Confidence {
  /** 0.95 for intervals of 95% and tests at 5%. */
  level: number;
  /** How intervals of means are computed. */
  method: 't' | 'bootstrap';
  /** Of resampling and of random flips. */
  seed: number;
}

/** The scores of cases that have one. */
export interface KnownScores {
  values: Float64Array;
  groups: Groups | undefined;
  /** True if each score is 0 or 1, and from one answer. */
  isPassFail: boolean;
}

export interface ScoreInterval {
  /** Undefined for a single case or group. */
  interval: Interval | undefined;
  method: 't' | 'clustered-t' | 'wilson' | 'bootstrap';
}

/** With repeats or groups, a pass rate is a mean like any other. */
export async function scoreInterval(
  { values, groups, isPassFail }: KnownScores,
  { level, method, seed }: Confidence,
  signal?: AbortSignal,
): Promise<ScoreInterval> {
  if (method === 'bootstrap') {
    return {
      interval: await bootstrapInterval(values, { confidence: level, seed, groups, signal }),
      method: 'bootstrap',
    };
  }
  if (groups) return { interval: clusteredInterval(values, groups, level), method: 'clustered-t' };
  if (!isPassFail) return { interval: studentInterval(momentsOf(values), level), method: 't' };
  const passed = values.reduce((sum, value) => sum + value, 0);
  return { interval: wilsonInterval({ passed, n: values.length }, level), method: 'wilson' };
}

/** The groups of the selected cases, numbered without gaps. */
export function groupsOf(groups: Int32Array | undefined, selected: Int32Array): Groups | undefined {
  if (!groups) return undefined;
  const numbers = new Map<number, number>();
  const of = selected.map((index) => {
    const group = groups[index]!;
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  });
  return { of, count: numbers.size };
}
