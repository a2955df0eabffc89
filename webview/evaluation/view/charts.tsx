import { useMemo } from 'preact/hooks';
import { Chart } from '../../shared/chart/chart.tsx';
import { Dropdown } from '../../shared/dropdown/dropdown.tsx';
import { useMedia } from '../../shared/frame/use-media.ts';
import { useObservable } from '../../shared/observable.ts';
import { useLoaded } from '../../shared/panel-context.ts';
import { useEvaluation } from '../context.ts';
import { cheapestPassing, toCharts } from '../evaluation-charts.ts';
import { areChartsShown, NARROW_PANEL } from '../view-state.ts';

/** Charts beside the table, or below it in a narrow panel: quality and cost, distribution, tags, and the results before. */
export function Charts() {
  const { view, figures, setMetric, state } = useEvaluation();
  const isNarrow = useMedia(NARROW_PANEL);
  const shown = useObservable(view, (now) => areChartsShown(now, isNarrow));
  const metric = useObservable(view, (now) => now.metric);
  const data = useObservable(figures, (now) => now);
  const columns = useLoaded(state, ({ result }) => result.columns);
  const metrics = useLoaded(state, ({ result }) => result.metrics);
  const confidence = useLoaded(state, ({ result }) => result.confidence);
  const charts = useMemo(
    () => data && toCharts(data, { columns, metrics, confidence }),
    [data, columns, metrics, confidence],
  );
  if (!shown) return null;
  return (
    <section class="evaluation-charts" data-region="charts" aria-label="Charts">
      <Dropdown
        value={metric ?? ''}
        options={[
          { value: '', label: 'Score of the answers' },
          ...metrics.map(({ name }) => ({ value: name, label: name })),
        ]}
        aria-label="Metric of the charts"
        onValue={(value) => setMetric(value === '' ? undefined : value)}
      />
      {data && <p class="cheapest">{cheapestPassing(data, columns)}</p>}
      {!charts && <p class="dim">Reading the figures…</p>}
      {charts?.map((chart) => (
        <Chart key={chart.id} kind={chart.kind} data={chart.data} empty={chart.empty} />
      ))}
    </section>
  );
}
