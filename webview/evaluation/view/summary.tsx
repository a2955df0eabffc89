import { useMemo, useState } from 'preact/hooks';
import type { GateResult } from '../../../src/protocol/evaluation.ts';
import { formatCount } from '../../../src/shared/format.ts';
import { Icon } from '../../shared/controls/icon.tsx';
import { useLoaded } from '../../shared/panel-context.ts';
import { useEvaluation } from '../context.ts';
import { type SummaryLine, summaryLines } from '../describe-result.ts';

/** Sentences that fit without taking room from the cases. */
const SHOWN = 4;

const ICONS = {
  better: 'arrow-up',
  worse: 'arrow-down',
  'no-change-shown': 'dash',
  'too-few-cases': 'question',
} as const;

/** What changed, as sentences: by metric, then the gates. */
export function Summary() {
  const { state } = useEvaluation();
  const result = useLoaded(state, (now) => now.result);
  const summary = useLoaded(state, (now) => now.summary);
  const [all, showAll] = useState(false);
  const lines = useMemo(() => summaryLines({ result, summary }), [result.metrics, result.columns, summary]);
  const gates = summary?.gates ?? [];
  if (lines.length + gates.length === 0) return null;
  const shown = all ? lines : lines.slice(0, SHOWN);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="summary" data-region="summary" aria-label="Summary" tabIndex={0}>
      <ul class="summary-lines">
        {gates.map((gate) => (
          <Gate key={gate.gate} gate={gate} />
        ))}
        {shown.map((line) => (
          <Line key={line.key} line={line} />
        ))}
      </ul>
      {lines.length > SHOWN && (
        <button type="button" class="link-button" aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? 'Show fewer' : `Show ${formatCount(lines.length - SHOWN, 'more metric')}`}
        </button>
      )}
      <Unmatched unmatched={summary?.unmatched} />
    </section>
  );
}

function Line({ line }: { line: SummaryLine }) {
  return (
    <li class={`summary-line ${line.verdict ?? ''}`} title={line.details}>
      <span class="summary-metric">{line.metric}</span>
      {line.column && <span class="dim"> {line.column}</span>} <span class="summary-figures">{line.figures}</span>
      {line.verdict && line.outcome && (
        <span class="summary-outcome">
          , <Icon name={ICONS[line.verdict]} /> {line.outcome}
        </span>
      )}
      <span class="visually-hidden">. {line.details}</span>
    </li>
  );
}

const GATES = {
  true: { icon: 'pass', word: 'passed', class: 'better' },
  false: { icon: 'error', word: 'failed', class: 'worse' },
  null: { icon: 'question', word: 'undecided', class: 'too-few-cases' },
} as const;

function Gate({ gate: { gate, passed, reason } }: { gate: GateResult }) {
  const look = GATES[`${passed}`];
  return (
    <li class={`summary-line ${look.class}`} title={reason}>
      <Icon name={look.icon} /> Gate <span class="summary-metric">{gate}</span>{' '}
      <span class="summary-outcome">{look.word}</span>
      {passed !== true && <span class="dim">: {reason}</span>}
    </li>
  );
}

interface UnmatchedProps {
  unmatched: { added: number; removed: number; changed: number } | undefined;
}

/** Only common cases that did not change are compared, so the others are counted. */
function Unmatched({ unmatched }: UnmatchedProps) {
  if (!unmatched) return null;
  const { added, removed, changed } = unmatched;
  const parts = [
    added > 0 && `${formatCount(added, 'case')} added`,
    removed > 0 && `${formatCount(removed, 'case')} removed`,
    changed > 0 && `${formatCount(changed, 'case')} changed`,
  ].filter((part) => typeof part === 'string');
  if (parts.length === 0) return null;
  return <span class="dim">Not compared: {parts.join(', ')}</span>;
}
