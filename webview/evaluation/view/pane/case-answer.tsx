import { useState } from 'preact/hooks';
import type { AnswerView, CaseColumnView, CaseView } from '../../../../src/protocol/evaluation.ts';
import { IconButton } from '../../../shared/controls/icon.tsx';
import { Tabs } from '../../../shared/controls/tabs.tsx';
import { DiffText } from '../../../shared/diff/diff-text.tsx';
import { Dropdown } from '../../../shared/dropdown/dropdown.tsx';
import { useObservable } from '../../../shared/observable.ts';
import { useLoaded } from '../../../shared/panel-context.ts';
import { showControls } from '../../../shared/text/show-controls.ts';
import { columnLabels } from '../../column-heads.ts';
import { useEvaluation } from '../../context.ts';
import type { DiffBase } from '../../view-state.ts';
import { Contexts } from './case-input.tsx';
import { CommentAnswer, RateAnswer } from './rate-answer.tsx';

interface CaseAnswerProps {
  shown: CaseView;
  column: number;
}

/** The answer of one column, with its changes from the baseline or from what was expected. */
export function CaseAnswer({ shown, column }: CaseAnswerProps) {
  const { state, view } = useEvaluation();
  const columns = useLoaded(state, ({ result }) => result.columns);
  const labels = columnLabels(columns);
  const [repeat, setRepeat] = useState(0);
  const found = shown.columns[column];
  const answer = found?.answers[repeat];
  return (
    <section class="case-part case-answer" aria-label="Answer">
      {columns.length > 1 ? (
        <Tabs
          id="case-column"
          label="Column"
          tabs={labels.map((label, index) => ({ id: String(index), label }))}
          active={String(column)}
          onPick={(id) => view.update((before) => ({ ...before, column: Number(id) }))}
        />
      ) : (
        <h3>Answer</h3>
      )}
      <div
        class="case-answer-panel"
        {...(columns.length > 1 && {
          id: 'case-column-panel',
          role: 'tabpanel',
          'aria-labelledby': `case-column-${column}`,
        })}
      >
        {found && found.answers.length > 1 && (
          <Dropdown
            value={String(repeat)}
            options={found.answers.map((one, index) => ({
              value: String(index),
              label: `Repeat ${index + 1} of ${found.answers.length}${one ? `, ${one.state}` : ''}`,
            }))}
            aria-label="Repeat"
            onValue={(value) => setRepeat(Number(value))}
          />
        )}
        {found && answer ? (
          <Answer {...{ shown, column, found, answer }} />
        ) : (
          <p class="dim">This answer has not finished.</p>
        )}
      </div>
    </section>
  );
}

interface AnswerProps extends CaseAnswerProps {
  found: CaseColumnView;
  answer: AnswerView;
}

function Answer({ shown, column, found, answer }: AnswerProps) {
  const { view, call } = useEvaluation();
  const chosen = useObservable(view, (now) => now.diff);
  const bases = basesOf(shown, found, answer);
  const base = bases.find(({ value }) => value === chosen) ?? bases[0];
  return (
    <>
      <div class="case-answer-head">
        {bases.length > 1 && (
          <Dropdown
            value={base?.value ?? 'nothing'}
            options={bases}
            aria-label="Compare the answer with"
            onValue={(value) => view.update((before) => ({ ...before, diff: value as DiffBase }))}
          />
        )}
        <span class="spacer" />
        <IconButton
          icon="copy"
          label="Copy Answer"
          onClick={() => void call('answer.copy', { place: shown.place, column, repeat: answer.repeat })}
        />
        <CommentAnswer place={shown.place} column={column} answer={answer} />
      </div>
      <RateAnswer place={shown.place} column={column} answer={answer} />
      {answer.error && (
        <p class="problem" role="status">
          {answer.error.message} {answer.error.hint}
        </p>
      )}
      {base?.text === undefined ? (
        <AnswerText text={answer.output} />
      ) : (
        <DiffText
          key={`${base.value}:${shown.place}:${column}:${answer.repeat}`}
          before={base.text}
          after={answer.output}
          same={`The answer is the same as ${base.value === 'baseline' ? 'that of the baseline' : 'expected'}.`}
        />
      )}
      <More answer={answer} />
    </>
  );
}

interface Base {
  value: DiffBase;
  label: string;
  /** Undefined shows the answer alone. */
  text: string | undefined;
}

function basesOf({ case: { expected } }: CaseView, { baseline }: CaseColumnView, { repeat }: AnswerView): Base[] {
  const before = baseline && (baseline.answers.find((one) => one.repeat === repeat) ?? baseline.answers[0]);
  const [wanted] = expected;
  return [
    ...(before ? [{ value: 'baseline' as const, label: `Changes from ${baseline.label}`, text: before.output }] : []),
    ...(wanted === undefined
      ? []
      : [{ value: 'expected' as const, label: 'Changes from expected', text: expectedText(wanted) }]),
    { value: 'nothing', label: 'Answer only', text: undefined },
  ];
}

function expectedText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}

/** Longer answers are cut here, and whole in exports. */
const MAX_SHOWN = 200_000;

function AnswerText({ text }: { text: string }) {
  if (text === '') return <p class="dim">The answer is empty.</p>;
  return (
    <div class="answer-text case-text-whole" dir="auto">
      {showControls(text.slice(0, MAX_SHOWN))}
      {text.length > MAX_SHOWN && <span class="dim">… The rest is in the exported file.</span>}
    </div>
  );
}

function More({ answer: { toolCalls, reasoning, contexts } }: { answer: AnswerView }) {
  return (
    <>
      {toolCalls.map(({ name, arguments: given }, index) => (
        <div key={`${index}:${name}`} class="case-value">
          <div class="dim case-name">tool call</div>
          <div class="plain-text">{showControls(`${name}(${JSON.stringify(given, null, 2)})`)}</div>
        </div>
      ))}
      {reasoning !== '' && (
        <details>
          <summary>reasoning</summary>
          <div class="plain-text">{showControls(reasoning.slice(0, MAX_SHOWN))}</div>
        </details>
      )}
      {contexts && <Contexts contexts={contexts} />}
    </>
  );
}
