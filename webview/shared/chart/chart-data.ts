export type ChartKind = 'line' | 'bar' | 'scatter';

export interface ChartPoint {
  x: number;
  /** Undefined leaves a gap, because unknown is not 0. */
  y: number | undefined;
  /** The uncertainty of y, drawn as a line through the point. */
  interval?: readonly [low: number, high: number];
  /** An additional note for the point: `12 runs`. */
  note?: string;
}

export interface ChartSeries {
  id: string;
  name: string;
  /** Sorted by x. */
  points: readonly ChartPoint[];
}

export interface ChartData {
  title: string;
  x: {
    label: string;
    format(x: number): string;
    /** Places 0 to count - 1 at equal distances, such as days. Undefined if x is a quantity. */
    count?: number;
  };
  y: { label: string; format(y: number): string };
  series: readonly ChartSeries[];
}

/** A point by its place in the data. */
export interface PointPlace {
  series: number;
  point: number;
}

export function pointAt({ series }: ChartData, place: PointPlace): ChartPoint | undefined {
  return series[place.series]?.points[place.point];
}

/** `2 Nov, demo/swift: $0.12, 4 runs`: for the line below the chart, and for screen readers. */
export function describePoint(data: ChartData, place: PointPlace): string {
  const point = pointAt(data, place);
  if (point?.y === undefined) return '';
  const note = point.note ? `, ${point.note}` : '';
  return `${data.x.format(point.x)}, ${data.series[place.series]?.name}: ${data.y.format(point.y)}${note}`;
}

export function isEmpty({ series }: ChartData): boolean {
  return series.every(({ points }) => points.every(({ y }) => y === undefined));
}

/** A summary of the chart for screen readers. */
export function summarizeChart(data: ChartData): string {
  const places = data.series.flatMap(({ points }, series) => points.map((_, point): PointPlace => ({ series, point })));
  const known = places.filter((place) => pointAt(data, place)?.y !== undefined);
  const yOf = (place: PointPlace) => pointAt(data, place)?.y ?? 0;
  const [first] = known;
  if (!first) return `${data.title}: no values`;
  const highest = known.reduce((best, place) => (yOf(place) > yOf(best) ? place : best), first);
  const names = data.series.map(({ name }) => name).join(', ');
  return `${data.title}, ${data.y.label} by ${data.x.label} for ${names}. Highest: ${describePoint(data, highest)}.`;
}
