import { UserError } from '../../../core/base/errors.ts';
import type { PairedScores } from '../../../core/evals/aggregate/compare-scores.ts';
import { type JoinedCases, joinCases, type Pairs } from '../../../shared/join-cases.ts';
import type { ScoredResult } from './read-result-file.ts';

/** The scores of the cases that two results have in common, and the cases that only one has. */
export function pairResults(
  a: ScoredResult,
  b: ScoredResult,
): Pick<JoinedCases, 'onlyInA' | 'onlyInB'> & { scores: Omit<PairedScores, 'lowerIsBetter'> } {
  if (a.field !== b.field) {
    throw new UserError(`${a.name} has ${a.field} and ${b.name} has ${b.field}, which cannot be compared.`, {
      code: 'invalid-input',
      hint: 'Both need the same field.',
    });
  }
  const { common, onlyInA, onlyInB } = joinCases(a, b);
  if (common.a.length === 0) {
    throw new UserError(`${a.name} and ${b.name} have no case in common.`, {
      code: 'invalid-input',
      hint: 'Cases are joined by their id.',
    });
  }
  const scores = {
    a: Float64Array.from(common.a, (index) => a.scores[index]!),
    b: Float64Array.from(common.b, (index) => b.scores[index]!),
    groups: numberGroups(a, b, common),
    isPassFail: a.field === 'passed',
  };
  return { scores, onlyInA, onlyInB };
}

/** Undefined if no case has a group; among cases that have one, a case without is a group of its own. */
function numberGroups(a: ScoredResult, b: ScoredResult, common: Pairs): Int32Array | undefined {
  const numbers = new Map<string, number>();
  let next = 0;
  const groups = common.a.map((inA, index) => {
    const name = groupOfCase(a, b, { inA, inB: common.b[index]! });
    const number = (name === undefined ? undefined : numbers.get(name)) ?? next++;
    if (name !== undefined) numbers.set(name, number);
    return number;
  });
  return numbers.size === 0 ? undefined : groups;
}

function groupOfCase(a: ScoredResult, b: ScoredResult, { inA, inB }: { inA: number; inB: number }): string | undefined {
  const [one, other] = [a.groups[inA], b.groups[inB]];
  if (one !== undefined && other !== undefined && one !== other) {
    const places = [`${JSON.stringify(one)} at ${a.name}:${a.lines[inA]}`, `${JSON.stringify(other)} at ${b.name}`];
    throw new UserError(`${b.name}:${b.lines[inB]}: the group of ${a.ids[inA]} is ${places.join(' and ')}.`, {
      code: 'invalid-input',
      hint: 'A case has the same group in both.',
    });
  }
  return one ?? other;
}
