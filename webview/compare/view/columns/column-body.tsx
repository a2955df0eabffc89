import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, IconButton } from '../../../shared/controls/icon.tsx';
import { memo } from '../../../shared/memo.ts';
import { type FollowScroll, followScroll } from '../../../shared/text/follow-scroll.ts';
import { MessageView } from '../../../shared/text/message-view.tsx';
import { shownTab, useAnswerFormat } from '../../answers/answer-format.ts';
import { useCompare, useCompareState, useUi } from '../../context.ts';
import { isLive, isStale } from '../../derived.ts';
import { columnName } from '../../describe-column.ts';
import { describeStale } from '../../describe-run.ts';
import type { Column, Run } from '../../state.ts';
import { columnUi } from '../../ui-state.ts';
import { FollowUp } from '../form/follow-up.tsx';
import { Answer } from './answer.tsx';
import { ColumnEmpty } from './column-empty.tsx';
import { answerId } from './column-footer.tsx';
import { Reasoning } from './reasoning.tsx';
import { RunEnd } from './run-end.tsx';
import { ToolCalls } from './tool-calls.tsx';

/** The answer with its details, in a scrolling box that follows its end while text arrives. */
export const ColumnBody = memo(({ column, run }: { column: Column; run: Run | undefined }) => {
  const { call } = useCompare();
  const chosen = useUi((state) => columnUi(state, column.id).tab);
  const format = useAnswerFormat(column, run);
  const alone = useCompareState((state) => state.columns.length < 2);
  const { scroller, follow, following } = useFollowScroll(run);
  const live = isLive(run);
  const settle = () => live && follow.current?.settle();
  return (
    <>
      {run && <StaleNote run={run} />}
      <div
        class={isStale(run) ? 'column-body stale' : 'column-body'}
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keyboard
        tabIndex={0}
        role="tabpanel"
        id={`${answerId(column)}-panel`}
        aria-label={`Answer of ${columnName(column)}`}
      >
        {column.turns.map((turn, index) => (
          <MessageView key={`${index}:${turn.role}`} message={turn} onLink={(url) => call('link.open', { url })} />
        ))}
        {run ? (
          <>
            <Reasoning column={column} run={run} onDrawn={settle} />
            <Answer column={column} run={run} tab={shownTab(chosen, format, alone)} onDrawn={settle} />
            <ToolCalls column={column} run={run} />
            <RunEnd column={column} run={run} />
            {canContinue(column, run) && <FollowUp column={column} ready={run.state === 'done'} />}
          </>
        ) : (
          <ColumnEmpty column={column} />
        )}
      </div>
      {live && !following && <ToEnd onClick={() => follow.current?.toEnd()} />}
    </>
  );
});

function ToEnd({ onClick }: { onClick: () => void }) {
  return (
    <div class="to-end">
      <IconButton icon="arrow-down" label="Scroll to End" onClick={onClick} />
    </div>
  );
}

/** Follows the end of a running answer, until the user scrolls up. */
function useFollowScroll(run: Run | undefined) {
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
  return { scroller, follow, following };
}

/** The reply field stays while a reply is being answered, so that the next one can be typed. */
function canContinue({ runs, turns }: Column, run: Run): boolean {
  return run === runs.at(-1) && run.toolCalls.length === 0 && (run.state === 'done' || turns.length > 0);
}

/** Shown above an outdated answer: what has changed since. */
function StaleNote({ run }: { run: Run }) {
  if (!isStale(run)) return null;
  const text = describeStale(run);
  return (
    <p class="stale-note" title={text}>
      <Icon name="history" />
      <span class="truncated">{text}</span>
    </p>
  );
}
