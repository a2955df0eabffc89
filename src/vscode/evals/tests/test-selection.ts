import type { TestTarget } from './test-items.ts';

/** What one evaluation runs of its file. */
export interface TestSelection {
  isSelected(title: string): boolean;
  /** Undefined: all of them. */
  caseIds: string[] | undefined;
}

type CaseTarget = Extract<TestTarget, { kind: 'case' }>;

/**
 * The evaluations of a file that run exactly what was selected in it, so that nothing else is sent and paid: prompts with
 * all of their cases together, and then single cases, together for all prompts of which the same ones were selected.
 */
export function selectionsOf(targets: readonly TestTarget[], excluded: readonly TestTarget[] = []): TestSelection[] {
  const isFile = ({ kind }: TestTarget) => kind === 'file';
  if (excluded.some(isFile)) return [];
  const without = titlesOf(excluded);
  if (targets.some(isFile)) return [{ isSelected: (title) => !without.has(title), caseIds: undefined }];
  const whole = new Set([...titlesOf(targets)].filter((title) => !without.has(title)));
  const byTitle = Map.groupBy(casesOf(targets, excluded), ({ title }) => title);
  const single = [...byTitle].filter(([title]) => !whole.has(title) && !without.has(title));
  const alike = Map.groupBy(single, ([, cases]) => JSON.stringify(idsOf(cases)));
  const selections: TestSelection[] = [...alike.values()].map((group) => {
    const titles = new Set(group.map(([title]) => title));
    return { isSelected: (title) => titles.has(title), caseIds: idsOf(group.flatMap(([, cases]) => cases)) };
  });
  if (whole.size > 0) selections.unshift({ isSelected: (title) => whole.has(title), caseIds: undefined });
  return selections;
}

function titlesOf(targets: readonly TestTarget[]): Set<string> {
  return new Set(targets.flatMap((target) => (target.kind === 'subject' ? target.title : [])));
}

function casesOf(targets: readonly TestTarget[], excluded: readonly TestTarget[]): CaseTarget[] {
  const isCase = (target: TestTarget) => target.kind === 'case';
  const without = excluded.filter(isCase);
  const isIn = (one: CaseTarget) => without.some(({ title, caseId }) => title === one.title && caseId === one.caseId);
  return targets.filter(isCase).filter((one) => !isIn(one));
}

function idsOf(cases: readonly CaseTarget[]): string[] {
  return [...new Set(cases.map(({ caseId }) => caseId))].toSorted();
}
