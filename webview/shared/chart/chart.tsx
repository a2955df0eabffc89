import { useMemo, useRef, useState } from 'preact/hooks';
import { IconButton } from '../controls/icon.tsx';
import { announceCurrent } from '../frame/live-region.ts';
import { useWidth } from '../frame/use-width.ts';
import {
  type ChartData,
  type ChartKind,
  describePoint,
  isEmpty,
  type PointPlace,
  summarizeChart,
} from './chart-data.ts';
import { chartKey } from './chart-key.ts';
import { type ChartLayout, layOutChart, pointNear } from './chart-layout.ts';
import { ChartMarks, SeriesSymbol } from './chart-marks.tsx';
import { ChartTable } from './chart-table.tsx';

interface ChartProps {
  kind: ChartKind;
  data: ChartData;
  /** The text if no value is known. */
  empty: string;
}

const HEIGHT = 168;

/**
 * Lines, bars or points in the theme's chart colors. Values can be read with the arrow keys, with the mouse, or as a
 * table.
 */
export function Chart({ kind, data, empty }: ChartProps) {
  const [asTable, showTable] = useState(false);
  const nothing = isEmpty(data);
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <span class="chart-title">{data.title}</span>
        <IconButton
          icon={asTable ? 'graph' : 'table'}
          label={asTable ? `${data.title}: Show as Chart` : `${data.title}: Show as Table`}
          title={asTable ? 'Show as Chart' : 'Show as Table'}
          disabled={nothing}
          onClick={() => showTable(!asTable)}
        />
      </figcaption>
      {nothing && <p class="chart-empty dim">{empty}</p>}
      {!nothing && (asTable ? <ChartTable data={data} /> : <Plot kind={kind} data={data} />)}
    </figure>
  );
}

function Plot({ kind, data }: Pick<ChartProps, 'kind' | 'data'>) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [at, setAt] = useState<PointPlace | undefined>(undefined);
  const layout = useMemo(() => layOutChart(data, kind, { width, height: HEIGHT }), [data, kind, width]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = chartKey(event.key, data, at);
    if (!next && !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    event.stopPropagation();
    if (!next) return;
    setAt(next);
    announceCurrent(describePoint(data, next));
  };
  const onPointerMove = (event: PointerEvent) => {
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setAt(pointNear(layout, event.clientX - left, event.clientY - top));
  };
  return (
    <>
      <div
        ref={box}
        class="chart-plot"
        role="application"
        aria-roledescription="chart"
        aria-label={`${summarizeChart(data)} Use the arrow keys to read the values.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its values are read by the arrows
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(undefined)}
        onBlur={() => setAt(undefined)}
      >
        {width > 0 && <Drawing kind={kind} layout={layout} at={at} />}
      </div>
      <p class="chart-readout truncated dim">{at ? describePoint(data, at) : ''}</p>
      <Legend kind={kind} series={data.series} />
    </>
  );
}

function Legend({ kind, series }: { kind: ChartKind; series: ChartProps['data']['series'] }) {
  return (
    <ul class="chart-legend">
      {series.map(({ id, name }, index) => (
        <li key={id}>
          <SeriesSymbol kind={kind} series={index} />
          {name}
        </li>
      ))}
    </ul>
  );
}

interface DrawingProps {
  kind: ChartKind;
  layout: ChartLayout;
  at: PointPlace | undefined;
}

function Drawing({ kind, layout, at }: DrawingProps) {
  const { width, height, plot, half } = layout;
  const current = at && layout.points.find(({ series, point }) => series === at.series && point === at.point);
  return (
    <svg width={width} height={height} aria-hidden="true">
      {layout.yTicks.map(({ at: y, text }) => (
        <g key={text}>
          <line class="chart-grid" x1={plot.left} x2={plot.right} y1={y} y2={y} />
          <text class="chart-tick end" x={plot.left - 6} y={y}>
            {text}
          </text>
        </g>
      ))}
      {layout.xTicks.map(({ at: x, text }) => (
        <text key={x} class="chart-tick" x={x} y={height - 8}>
          {text}
        </text>
      ))}
      <ChartMarks kind={kind} layout={layout} />
      {current?.bottom !== undefined && (
        <rect
          class="chart-current"
          x={current.left - half - 1}
          y={current.top - 1}
          width={half * 2 + 2}
          height={Math.max(0, current.bottom - current.top) + 2}
        />
      )}
      {current && current.bottom === undefined && (
        <circle class="chart-current" cx={current.left} cy={current.top} r="6" />
      )}
    </svg>
  );
}
