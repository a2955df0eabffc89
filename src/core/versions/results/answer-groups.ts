import type { AnswerGroup } from '../../store/runs/run-record.ts';

/** A note is text in git: for a whole dataset it contains the latest inputs only. */
const MOST_NOTED = 40;
const LONGEST = 200;
const LARGEST = 8.64e15;
const SIMULATED = 1;

/** `[model, input, checked, valid, up, down, usd, costs, ms, times]`, and a 1 at the end for a demo model. */
export type NotedGroup = [model: string, input: string, ...figures: number[]];

export function toNoted(groups: readonly AnswerGroup[] | undefined): NotedGroup[] | undefined {
  return groups?.slice(0, MOST_NOTED).map(({ model, simulated, input, schema, ratings, cost, latency }) => {
    const money = Number(cost.usd.toPrecision(12));
    const figures = [schema.checked, schema.valid, ratings.up, ratings.down, money, cost.count];
    return [model, input, ...figures, Math.round(latency.ms), latency.count, ...(simulated ? [SIMULATED] : [])];
  });
}

/** Input that anybody can push: limited in size, and invalid figures are dropped. Undefined if there is none. */
export function parseNoted(value: unknown): NotedGroup[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.slice(0, MOST_NOTED).flatMap((group: unknown): NotedGroup[] => {
    if (!Array.isArray(group)) return [];
    const [model, input, ...figures]: unknown[] = group.slice(0, 11);
    if (typeof model !== 'string' || typeof input !== 'string') return [];
    const numbers = Array.from({ length: 8 }, (_, index) => amount(figures[index]));
    const mark = figures[8] === SIMULATED ? [SIMULATED] : [];
    return [[model.slice(0, LONGEST), input.slice(0, LONGEST), ...numbers, ...mark]];
  });
}

/** A figure of a note: sums of many of them are still exact numbers, and a time is still a date. */
export function amount(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value <= LARGEST ? value : 0;
}

/** `demo` of the record's `done` answers are simulated, which may show what a group without the mark is. */
export function fromNoted(
  groups: readonly NotedGroup[] | undefined,
  { done, demo }: { done: number; demo: number },
): AnswerGroup[] | undefined {
  const isMarked = groups?.some((group) => group[10] === SIMULATED) ?? false;
  const unmarked = demo === 0 || isMarked ? false : demo >= done ? true : undefined;
  return groups?.map(
    ([model, input, checked = 0, valid = 0, up = 0, down = 0, usd = 0, costs = 0, ms = 0, times = 0, mark = 0]) => ({
      model,
      simulated: mark === SIMULATED ? true : unmarked,
      input,
      schema: { checked, valid: Math.min(checked, valid) },
      ratings: { up, down },
      cost: { usd, count: costs },
      latency: { ms, count: times },
    }),
  );
}

/** Sums of several recorders, by model and input. */
export function sumGroups(groups: readonly AnswerGroup[]): AnswerGroup[] {
  const sums = new Map<string, AnswerGroup>();
  for (const group of groups) {
    const key = JSON.stringify([group.model, group.input, group.simulated]);
    const known = sums.get(key);
    sums.set(key, known ? added(known, group) : group);
  }
  return [...sums.values()];
}

function added(a: AnswerGroup, b: AnswerGroup): AnswerGroup {
  return {
    ...a,
    schema: { checked: a.schema.checked + b.schema.checked, valid: a.schema.valid + b.schema.valid },
    ratings: { up: a.ratings.up + b.ratings.up, down: a.ratings.down + b.ratings.down },
    cost: { usd: a.cost.usd + b.cost.usd, count: a.cost.count + b.cost.count },
    latency: { ms: a.latency.ms + b.latency.ms, count: a.latency.count + b.latency.count },
  };
}
