import { useEffect, useRef, useState } from 'preact/hooks';
import { type FollowScroll, followScroll } from '../../shared/follow-scroll.ts';
import { IconButton } from '../../shared/icon.tsx';
import { MessageView } from '../../shared/message-view.tsx';
import { Tabs } from '../../shared/tabs.tsx';
import { useCompare, useCompareState, useModelChoice, useUi } from '../context.ts';
import { isLive, isStale } from '../derived.ts';
import type { Column, Run } from '../state.ts';
import { type AnswerTab, changeColumnUi, columnUi } from '../ui-state.ts';
import { columnName } from '../words.ts';
import { Answer } from './answer.tsx';
import { ColumnEmpty } from './column-empty.tsx';
import { isDemo } from './column-head.tsx';
import { Reasoning } from './reasoning.tsx';
import { RunEnd } from './run-end.tsx';
import { StaleNote } from './stale-note.tsx';
import { ToolCalls } from './tool-calls.tsx';

const TABS: { id: AnswerTab; label: string }[] = [
  { id: 'text', label: 'Text' },
  { id: 'markdown', label: 'Markdown' },
  { id: 'json', label: 'JSON' },
  { id: 'diff', label: 'Diff' },
];

/** The answer with what belongs to it, in a box that scrolls by itself and follows its end while text arrives. */
export function ColumnBody({ column, run }: { column: Column; run: Run | undefined }) {
  const { ui, call } = useCompare();
  const tab = useUi((state) => columnUi(state, column.id).tab);
  const alone = useCompareState((state) => state.columns.length < 2);
  const scroller = useRef<HTMLDivElement>(null);
  const follow = useRef<FollowScroll | undefined>(undefined);
  const [following, setFollowing] = useState(true);
  useEffect(() => {
    if (!scroller.current) return;
    follow.current = followScroll(scroller.current, setFollowing);
    return () => follow.current?.dispose();
  }, []);
  useEffect(() => {
    if (isLive(run)) follow.current?.toEnd();
  }, [run?.runId]);
  const live = isLive(run);
  const settle = () => live && follow.current?.settle();
  const tabs = TABS.map((one) => ({ ...one, disabled: one.id === 'diff' && alone }));
  const id = `answer-${column.id}`;
  return (
    <>
      {run && (
        <Tabs
          id={id}
          label="Show the answer as"
          tabs={tabs}
          active={alone && tab === 'diff' ? 'text' : tab}
          onPick={(next) => changeColumnUi(ui, column.id, { tab: next })}
        />
      )}
      {run && <StaleNote run={run} />}
      <div
        class={isStale(run) ? 'column-body stale' : 'column-body'}
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keyboard
        tabIndex={0}
        role="tabpanel"
        id={`${id}-panel`}
        aria-label={`Answer of ${columnName(column)}`}
      >
        {column.turns.map((turn, index) => (
          <MessageView key={`${index}:${turn.role}`} message={turn} onLink={(url) => call('link.open', { url })} />
        ))}
        {run ? (
          <>
            <DemoNote model={column.model} run={run} />
            <Reasoning column={column} run={run} onDrawn={settle} />
            <Answer column={column} run={run} tab={alone && tab === 'diff' ? 'text' : tab} onDrawn={settle} />
            <ToolCalls column={column} run={run} />
            <RunEnd run={run} of={columnName(column)} />
          </>
        ) : (
          <ColumnEmpty column={column} />
        )}
      </div>
      {live && !following && (
        <div class="to-end">
          <IconButton icon="arrow-down" label="Go to the end and follow" onClick={() => follow.current?.toEnd()} />
        </div>
      )}
    </>
  );
}

/** A demonstration says so beside its text, wherever the head has scrolled to. */
function DemoNote({ model, run }: { model: string; run: Run }) {
  const { texts } = useCompare().session;
  const choice = useModelChoice(model);
  if (!(choice?.demo ?? isDemo(model))) return null;
  if (run.state === 'failed' && texts.get(run.runId, 'text') === '') return null;
  return (
    <p class="demo-note dim">
      <span class="tag demo">demo</span> Made up for demonstration: no model wrote this.
    </p>
  );
}
