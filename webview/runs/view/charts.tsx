import { useMemo } from 'preact/hooks';
import { Chart } from '../../shared/chart/chart.tsx';
import { useObservable } from '../../shared/observable.ts';
import { useRuns } from '../context.ts';
import { toDayCharts } from '../day-charts.ts';

/** Charts above the table: cost and latency of the listed runs. */
export function Charts() {
  const { view, days } = useRuns();
  const shown = useObservable(view, (now) => now.charts);
  const figures = useObservable(days, (now) => now);
  const charts = useMemo(() => figures && toDayCharts(figures), [figures]);
  if (!shown || !charts) return null;
  return (
    <section class="runs-charts" data-region="charts" aria-label="Charts">
      <Chart kind="bar" data={charts.cost} empty="None of the listed runs has a known cost." />
      <Chart kind="line" data={charts.latency} empty="None of the listed runs has a known latency." />
    </section>
  );
}
