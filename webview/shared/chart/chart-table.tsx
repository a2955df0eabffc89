import { UNKNOWN } from '../../../src/shared/format.ts';
import type { ChartData } from './chart-data.ts';

/** The same data as a table: one row per place, one column per series. */
export function ChartTable({ data }: { data: ChartData }) {
  const places = [...new Set(data.series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const values = data.series.map(({ points }) => new Map(points.map(({ x, y }) => [x, y])));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="chart-table" tabIndex={0} aria-label={`${data.title}, as a table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{data.x.label}</th>
            {data.series.map(({ id, name }) => (
              <th key={id} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {places.map((x) => (
            <tr key={x}>
              <th scope="row">{data.x.format(x)}</th>
              {data.series.map(({ id }, index) => {
                const y = values[index]?.get(x);
                return <td key={id}>{y === undefined ? UNKNOWN : data.y.format(y)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
