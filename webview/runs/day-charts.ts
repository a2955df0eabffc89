import type { RunDay } from '../../src/protocol/runs.ts';
import { formatCount, formatDuration, formatUsd } from '../../src/shared/format.ts';
import type { ChartData, ChartPoint, ChartSeries } from '../shared/chart/chart-data.ts';

/** The number of colors and shapes. Models with the fewest runs share the last one. */
const MAX_SERIES = 6;
const MAX_DAYS = 90;
const DAY_MS = 86_400_000;

interface DayCharts {
  cost: ChartData;
  latency: ChartData;
}

/** Cost and latency per day and model, over the last days that have runs. */
export function toDayCharts(days: readonly RunDay[]): DayCharts {
  const last = numberOf(days.at(-1)?.day ?? '1970-01-01');
  const first = Math.max(last - MAX_DAYS + 1, numberOf(days[0]?.day ?? '1970-01-01'));
  const shown = days.filter(({ day }) => numberOf(day) >= first);
  const isCut = shown.length < days.length;
  const groups = groupModels(shown);
  const places = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const series = (figureOf: (of: readonly RunDay[]) => Omit<ChartPoint, 'x'>): ChartSeries[] =>
    groups.map(({ name, models }) => ({
      id: name,
      name,
      points: pointsOf(shown, models, { places, figureOf }),
    }));
  const x = { label: 'day', format: (place: number) => formatDay(first + place), count: places.length };
  const cut = isCut ? `, last ${MAX_DAYS} days` : '';
  return {
    cost: { title: `Cost per day${cut}`, x, y: { label: 'cost', format: formatUsd }, series: series(costOf) },
    latency: {
      title: `Mean latency per day${cut}`,
      x,
      y: { label: 'latency', format: formatDuration },
      series: series(latencyOf),
    },
  };
}

interface ModelGroup {
  name: string;
  models: ReadonlySet<string>;
}

function groupModels(days: readonly RunDay[]): ModelGroup[] {
  const runs = new Map<string, number>();
  for (const day of days) runs.set(day.model, (runs.get(day.model) ?? 0) + day.runs);
  const simulated = new Set(days.filter((day) => day.simulated).map(({ model }) => model));
  const models = [...runs].sort(([, a], [, b]) => b - a).map(([model]) => model);
  const alone = models.length > MAX_SERIES ? models.slice(0, MAX_SERIES - 1) : models;
  const others = models.slice(alone.length);
  const groups = alone.map((model) => ({
    name: simulated.has(model) ? `${model} (simulated)` : model,
    models: new Set([model]),
  }));
  return others.length > 0 ? [...groups, { name: `${others.length} other models`, models: new Set(others) }] : groups;
}

interface Figures {
  places: readonly number[];
  figureOf: (of: readonly RunDay[]) => Omit<ChartPoint, 'x'>;
}

function pointsOf(days: readonly RunDay[], models: ReadonlySet<string>, { places, figureOf }: Figures): ChartPoint[] {
  const byDay = Map.groupBy(
    days.filter(({ model }) => models.has(model)),
    ({ day }) => numberOf(day),
  );
  return places.map((place, x) => ({ x, ...figureOf(byDay.get(place) ?? []) }));
}

function costOf(days: readonly RunDay[]): Omit<ChartPoint, 'x'> {
  const known = days.filter(({ costUsd }) => costUsd !== undefined);
  if (known.length === 0) return { y: undefined };
  const [runs, priced] = [sum(days, ({ runs }) => runs), sum(days, ({ priced }) => priced)];
  const note = priced < runs ? `${formatCount(runs, 'run')}, cost known of ${priced}` : formatCount(runs, 'run');
  return { y: sum(known, ({ costUsd = 0 }) => costUsd), note };
}

function latencyOf(days: readonly RunDay[]): Omit<ChartPoint, 'x'> {
  const known = days.filter(({ latencyMs }) => latencyMs !== undefined);
  const runs = sum(known, ({ runs }) => runs);
  if (runs === 0) return { y: undefined };
  return { y: sum(known, ({ latencyMs = 0, runs }) => latencyMs * runs) / runs, note: formatCount(runs, 'run') };
}

function sum(days: readonly RunDay[], figure: (day: RunDay) => number): number {
  return days.reduce((total, day) => total + figure(day), 0);
}

/** Days since 1970. A calendar date has no time zone. */
function numberOf(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

function formatDay(day: number): string {
  return DAY.format(day * DAY_MS);
}
