import type { CaseChoice } from '../../../core/evals/run/eval-plan.ts';
import type { TestTarget } from './test-items.ts';

/** What one evaluation runs of its file. */
export interface TestSelection {
  titles: ReadonlySet<string>;
  /** Undefined: all of them. */
  cases: CaseChoice | undefined;
}

interface Selected {
  included: readonly TestTarget[];
  /** What the user has hidden, which is neither sent nor paid. */
  excluded: readonly TestTarget[];
  /** All prompts or targets of the file. */
  titles: readonly string[];
}

type CaseTarget = Extract<TestTarget, { kind: 'case' }>;

/**
 * The evaluations of a file that run exactly what was selected in it, so that nothing else is sent and paid: prompts with
 * all of their cases or without some, and then single cases. Prompts of which the same cases were selected are together.
 */
export function selectionsOf({ included, excluded, titles }: Selected): TestSelection[] {
  const isFile = ({ kind }: TestTarget) => kind === 'file';
  if (excluded.some(isFile)) return [];
  const without = titlesOf(excluded);
  const selected = included.some(isFile) ? titles : [...titlesOf(included)];
  const whole = selected.filter((title) => !without.has(title));
  const left = Map.groupBy(excluded.filter(isCase), ({ title }) => title);
  const chosen = new Map<string, CaseChoice | undefined>();
  for (const title of whole) {
    const except = idsOf(left.get(title) ?? []);
    chosen.set(title, except.length === 0 ? undefined : { except });
  }
  for (const [title, cases] of Map.groupBy(included.filter(isCase), ({ title }) => title)) {
    const ids = idsOf(cases).filter((id) => !left.get(title)?.some(({ caseId }) => caseId === id));
    if (!chosen.has(title) && !without.has(title) && ids.length > 0) chosen.set(title, ids);
  }
  const alike = Map.groupBy(chosen, ([, cases]) => JSON.stringify(cases));
  return [...alike.values()].map((group) => ({
    titles: new Set(group.map(([title]) => title)),
    cases: group[0]?.[1],
  }));
}

function isCase(target: TestTarget): target is CaseTarget {
  return target.kind === 'case';
}

function titlesOf(targets: readonly TestTarget[]): Set<string> {
  return new Set(targets.flatMap((target) => (target.kind === 'subject' ? target.title : [])));
}

function idsOf(cases: readonly CaseTarget[]): string[] {
  return [...new Set(cases.map(({ caseId }) => caseId))].toSorted();
}
