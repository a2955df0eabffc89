import { useMemo } from 'preact/hooks';
import { formatMetricValue } from '../../src/shared/metric-value.ts';
import type { ReportCaseData, ReportCellData, ReportHead } from '../../src/shared/report-data.ts';
import { diffWords } from '../shared/diff/word-diff.ts';
import { showControls } from '../shared/text/show-controls.ts';
import { baselineOf } from './filter-cases.ts';

interface Props {
  one: ReportCaseData;
  head: ReportHead;
}

export function CaseDetails({ one, head }: Props) {
  return (
    <div class="details">
      <dl>
        {one.inputs.map(([name, value], index) => (
          <Text key={index} title={name} text={value} />
        ))}
        {one.contexts.map((text, index) => (
          <Text key={index} title={`Context ${index + 1}`} text={text} />
        ))}
        {one.expected.map((text, index) => (
          <Text key={index} title="Expected" text={text} />
        ))}
      </dl>
      {one.cells.map((cell) => (
        <Answer key={`${cell.column}-${cell.repeat}`} cell={cell} one={one} head={head} />
      ))}
    </div>
  );
}

function Text({ title, text }: { title: string; text: string }) {
  return (
    <>
      <dt>{showControls(title)}</dt>
      <dd>
        <pre>{showControls(text)}</pre>
      </dd>
    </>
  );
}

function Answer({ cell, one, head }: Props & { cell: ReportCellData }) {
  const column = head.columns[cell.column];
  const before = column?.isBaseline
    ? undefined
    : baselineOf(one, cell.column, head).find(({ repeat }) => repeat === cell.repeat);
  const repeat = head.repeats > 1 ? `, answer ${cell.repeat} of ${head.repeats}` : '';
  return (
    <section>
      <h3>
        {column?.title}
        {repeat} <span class={cell.state}>{cell.state}</span>
      </h3>
      <p class="figures">{cell.figures}</p>
      {cell.error !== undefined && <p class="problem">{showControls(cell.error)}</p>}
      {before && before.output !== cell.output ? (
        <Diff before={before.output} after={cell.output} />
      ) : (
        <pre>{showControls(cell.output)}</pre>
      )}
      <Scores cell={cell} before={before} head={head} />
    </section>
  );
}

/** The answer with its changes against the baseline's. */
function Diff({ before, after }: { before: string; after: string }) {
  const { parts } = useMemo(() => diffWords(before, after), [before, after]);
  const tags = { same: 'span', added: 'ins', removed: 'del' } as const;
  return (
    <pre>
      {parts.map(({ kind, text }, index) => {
        const Tag = tags[kind];
        return <Tag key={index}>{showControls(text)}</Tag>;
      })}
    </pre>
  );
}

function Scores({
  cell,
  before,
  head,
}: {
  cell: ReportCellData;
  before: ReportCellData | undefined;
  head: ReportHead;
}) {
  if (head.metrics.length === 0) return null;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Metric</th>
          {before && <th scope="col">Baseline</th>}
          <th scope="col">Score</th>
          <th scope="col">Result</th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        {head.metrics.map((metric, index) => {
          const { name } = metric;
          const [value, passed, reason] = cell.scores[index] ?? [null, null, null];
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              {before && <td>{formatMetricValue(before.scores[index]?.[0], metric)}</td>}
              <td>{formatMetricValue(value, metric)}</td>
              <td class={passed === null ? '' : passed ? 'passed' : 'failed'}>{resultText(passed)}</td>
              <td>{showControls(reason ?? '')}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function resultText(passed: boolean | null): string {
  if (passed === null) return '';
  return passed ? 'passed' : 'failed';
}
