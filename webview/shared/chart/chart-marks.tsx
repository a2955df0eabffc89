import type { ChartKind } from './chart-data.ts';
import type { ChartLayout, PlacedPoint } from './chart-layout.ts';

/** Series differ in shape as well as in color: dashes of lines, and shapes of points. */
const DASHES = ['', '6 3', '2 3', '8 3 2 3', '1 4', '12 4'];
const FORMS = [
  'M-3,0 a3,3 0 1,0 6,0 a3,3 0 1,0 -6,0',
  'M-3,-3 h6 v6 h-6 z',
  'M0,-4 L4,3 L-4,3 z',
  'M0,-4 L4,0 L0,4 L-4,0 z',
  'M-4,-3 L4,-3 L0,4 z',
  'M-1,-4 h2 v3 h3 v2 h-3 v3 h-2 v-3 h-3 v-2 h3 z',
];

const colorClass = (series: number) => `chart-color-${series % FORMS.length}`;

/** More points than this would overlap on a line. */
const MAX_MARKED = 60;

export function ChartMarks({ kind, layout }: { kind: ChartKind; layout: ChartLayout }) {
  const bySeries = [...Map.groupBy(layout.points, ({ series }) => series)];
  if (kind === 'bar') return <>{layout.points.map((point) => bar(point, layout))}</>;
  return (
    <>
      {bySeries.map(([series, points]) => (
        <g key={series} class={colorClass(series)}>
          {kind === 'line' && <path class="chart-line" d={lineOf(points)} stroke-dasharray={dashOf(series)} />}
          {(kind === 'scatter' || points.length <= MAX_MARKED) && points.map((point) => mark(point))}
        </g>
      ))}
    </>
  );
}

const dashOf = (series: number) => DASHES[series % DASHES.length] ?? '';

/** The line has a gap at unknown values. */
function lineOf(points: readonly PlacedPoint[]): string {
  return points
    .map(({ point, left, top }, index) => `${points[index - 1]?.point === point - 1 ? 'L' : 'M'}${left},${top}`)
    .join(' ');
}

function mark({ series, point, left, top, range }: PlacedPoint) {
  return (
    <g key={point}>
      {range && (
        <path
          class="chart-range"
          d={`M${left},${range.top} V${range.bottom} ${end(left, range.top)} ${end(left, range.bottom)}`}
        />
      )}
      <path class="chart-mark" d={formOf(series)} transform={`translate(${left},${top})`} />
    </g>
  );
}

const end = (left: number, top: number) => `M${left - 3},${top} h6`;

const formOf = (series: number) => FORMS[series % FORMS.length] ?? '';

function bar({ series, point, left, top, bottom = top }: PlacedPoint, { half }: ChartLayout) {
  const height = Math.max(0, bottom - top);
  return (
    <rect
      key={`${series}-${point}`}
      class={`chart-bar ${colorClass(series)}`}
      x={left - half}
      y={top}
      width={half * 2}
      height={height}
    />
  );
}

/** The symbol of a series in the legend. */
export function SeriesSymbol({ kind, series }: { kind: ChartKind; series: number }) {
  return (
    <svg class={`chart-sign ${colorClass(series)}`} width="20" height="12" aria-hidden="true">
      {kind === 'bar' && <rect class="chart-bar" x="4" y="1" width="12" height="10" />}
      {kind === 'line' && <path class="chart-line" d="M0,6 L20,6" stroke-dasharray={dashOf(series)} />}
      {kind !== 'bar' && <path class="chart-mark" d={formOf(series)} transform="translate(10,6)" />}
    </svg>
  );
}
