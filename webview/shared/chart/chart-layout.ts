import type { ChartData, ChartKind, PointPlace } from './chart-data.ts';
import { roundTicks } from './ticks.ts';

export interface PlacedPoint extends PointPlace {
  left: number;
  /** For bars, the top edge. */
  top: number;
  /** Bars only. */
  bottom?: number;
  /** The ends of its interval. */
  range?: { top: number; bottom: number };
}

interface ChartTick {
  at: number;
  text: string;
}

export interface ChartLayout {
  width: number;
  height: number;
  plot: { left: number; right: number; top: number; bottom: number };
  /** Half the width of a bar. */
  half: number;
  xTicks: ChartTick[];
  yTicks: ChartTick[];
  points: PlacedPoint[];
}

const MARGIN = { left: 60, right: 12, top: 8, bottom: 20 };
const Y_TICK = 32;
const X_TICK = 72;
/** About the width of a character of a tick, and what is kept free between two of them. */
const TICK_CHARACTER = 6;
const TICK_GAP = 12;
/** Quantities have longer texts than places, and one at the right edge. */
const QUANTITY_TICK = 96;
const QUANTITY_MARGIN = 36;

/** The layout of a chart in pixels. Bars at the same place are stacked, with the first series at the bottom. */
export function layOutChart(data: ChartData, kind: ChartKind, size: { width: number; height: number }): ChartLayout {
  const plot = {
    left: MARGIN.left,
    right: Math.max(MARGIN.left + 1, size.width - (data.x.count === undefined ? QUANTITY_MARGIN : MARGIN.right)),
    top: MARGIN.top,
    bottom: size.height - MARGIN.bottom,
  };
  const values = valueRange(data, kind);
  const yValues = roundTicks(values.min, values.max, Math.max(2, Math.floor((plot.bottom - plot.top) / Y_TICK)));
  const yAt = scale(yValues[0] ?? 0, yValues.at(-1) ?? 1, plot.bottom, plot.top);
  const { xAt, xTicks, band } = layOutX(data, plot);
  return {
    ...size,
    plot,
    half: Math.max(1, Math.min(16, band * 0.35)),
    xTicks,
    yTicks: yValues.map((value) => ({ at: yAt(value), text: data.y.format(value) })),
    points: kind === 'bar' ? stack(data, xAt, yAt) : place(data, apart(data, kind, xAt, band), yAt),
  };
}

type Scale = (value: number) => number;

function scale(from: number, to: number, start: number, end: number): Scale {
  return (value) => start + ((value - from) / (to - from || 1)) * (end - start);
}

function layOutX({ x, series }: ChartData, { left, right }: ChartLayout['plot']) {
  if (x.count !== undefined) {
    const band = (right - left) / Math.max(1, x.count);
    const xAt: Scale = (value) => left + (value + 0.5) * band;
    const texts = Array.from({ length: x.count }, (_, index) => x.format(index));
    const widest = Math.max(X_TICK, ...texts.map((text) => text.length * TICK_CHARACTER + TICK_GAP));
    const every = Math.max(1, Math.ceil(widest / band));
    const places = Array.from({ length: Math.ceil(x.count / every) }, (_, index) => index * every);
    return { xAt, band, xTicks: places.map((value) => ({ at: xAt(value), text: texts[value] ?? '' })) };
  }
  const most = Math.max(1, Math.floor((right - left) / QUANTITY_TICK));
  const all = series.flatMap(({ points }) => points.filter(({ y }) => y !== undefined).map((point) => point.x));
  const values = roundTicks(smallest(all), largest(all), most);
  const xAt = scale(values[0] ?? 0, values.at(-1) ?? 1, left, right);
  return { xAt, band: 8, xTicks: values.map((value) => ({ at: xAt(value), text: x.format(value) })) };
}

/** Lines and bars start at 0, because otherwise small differences look large. Scatter charts do not need to. */
function valueRange({ series }: ChartData, kind: ChartKind): { min: number; max: number } {
  const known = series.flatMap(({ points }) =>
    points.flatMap(({ y, ...point }) => (y === undefined ? [] : [{ ...point, y }])),
  );
  if (kind === 'bar') {
    const sums = new Map<number, number>();
    for (const { x, y } of known) sums.set(x, (sums.get(x) ?? 0) + y);
    return { min: 0, max: largest([0, ...sums.values()]) };
  }
  const values = known.flatMap(({ y, interval = [] }) => [y, ...interval]);
  return { min: kind === 'line' ? Math.min(0, smallest(values)) : smallest(values), max: largest(values) };
}

// not Math.min(...values): thousands of arguments overflow the stack
const smallest = (values: number[]) => values.reduce((least, value) => Math.min(least, value), values[0] ?? 0);
const largest = (values: number[]) => values.reduce((most, value) => Math.max(most, value), values[0] ?? 0);

type SeriesScale = (value: number, series: number) => number;

/** The largest distance in pixels between points of two series at the same place. */
const APART = 14;

/** Points at places are side by side, so that none hides another one. Those of a line must be where the line is. */
function apart({ x, series }: ChartData, kind: ChartKind, xAt: Scale, band: number): SeriesScale {
  if (kind !== 'scatter' || x.count === undefined) return xAt;
  const step = Math.min(APART, band / (series.length + 1));
  return (value, index) => xAt(value) + (index - (series.length - 1) / 2) * step;
}

function place({ series }: ChartData, xAt: SeriesScale, yAt: Scale): PlacedPoint[] {
  return series.flatMap(({ points }, index) =>
    points.flatMap(({ x, y, interval }, point): PlacedPoint[] => {
      if (y === undefined) return [];
      const range = interval && { range: { top: yAt(interval[1]), bottom: yAt(interval[0]) } };
      return [{ series: index, point, left: xAt(x, index), top: yAt(y), ...range }];
    }),
  );
}

function stack({ series }: ChartData, xAt: Scale, yAt: Scale): PlacedPoint[] {
  const heights = new Map<number, number>();
  return series.flatMap(({ points }, index) =>
    points.flatMap(({ x, y }, point) => {
      if (y === undefined) return [];
      const base = heights.get(x) ?? 0;
      heights.set(x, base + y);
      return [{ series: index, point, left: xAt(x), top: yAt(base + y), bottom: yAt(base) }];
    }),
  );
}

/** The point at the mouse: the bar under it, or else the nearest point. */
export function pointNear({ points }: ChartLayout, left: number, top: number): PlacedPoint | undefined {
  const distance = (point: PlacedPoint) => {
    const inside = point.bottom !== undefined && top >= point.top && top <= point.bottom;
    return Math.hypot(point.left - left, inside ? 0 : (point.top - top) / 2);
  };
  return points.reduce<PlacedPoint | undefined>(
    (best, point) => (best === undefined || distance(point) < distance(best) ? point : best),
    undefined,
  );
}
