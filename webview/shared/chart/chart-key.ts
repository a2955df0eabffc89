import { type ChartData, type PointPlace, pointAt } from './chart-data.ts';

/**
 * The point that a key moves to: along a series with ← and →, to another series at about the same place with ↑ and ↓.
 */
export function chartKey(key: string, data: ChartData, at: PointPlace | undefined): PointPlace | undefined {
  if (at === undefined) return /^(Arrow|Home|End)/.test(key) ? firstPoint(data) : undefined;
  switch (key) {
    case 'ArrowRight':
      return along(data, at, 1);
    case 'ArrowLeft':
      return along(data, at, -1);
    case 'ArrowUp':
      return across(data, at, -1);
    case 'ArrowDown':
      return across(data, at, 1);
    case 'Home':
      return along(data, { ...at, point: -1 }, 1);
    case 'End':
      return along(data, { ...at, point: data.series[at.series]?.points.length ?? 0 }, -1);
    default:
      return undefined;
  }
}

function firstPoint(data: ChartData): PointPlace | undefined {
  const firsts = data.series.map((_, series) => along(data, { series, point: -1 }, 1));
  return firsts.find((place) => place !== undefined);
}

/** The next point of the series that has a value. */
function along(data: ChartData, { series, point }: PointPlace, step: 1 | -1): PointPlace | undefined {
  const points = data.series[series]?.points ?? [];
  for (let next = point + step; next >= 0 && next < points.length; next += step) {
    if (points[next]?.y !== undefined) return { series, point: next };
  }
  return undefined;
}

function across(data: ChartData, at: PointPlace, step: 1 | -1): PointPlace | undefined {
  const from = pointAt(data, at)?.x ?? 0;
  for (let series = at.series + step; series >= 0 && series < data.series.length; series += step) {
    const points = data.series[series]?.points ?? [];
    const known = points.flatMap(({ x, y }, point) => (y === undefined ? [] : [{ x, point }]));
    const [first] = known;
    if (!first) continue;
    const nearest = known.reduce((best, one) => (Math.abs(one.x - from) < Math.abs(best.x - from) ? one : best), first);
    return { series, point: nearest.point };
  }
  return undefined;
}
