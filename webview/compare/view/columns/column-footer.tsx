import { Tabs } from '../../../shared/controls/tabs.tsx';
import { memo } from '../../../shared/memo.ts';
import { shownTab, tabsOf, useAnswerFormat } from '../../answers/answer-format.ts';
import { useCompare, useCompareState, useUi } from '../../context.ts';
import { isLive } from '../../derived.ts';
import type { Column, Run } from '../../state.ts';
import { changeColumnUi, columnUi } from '../../ui-state.ts';
import { Rating } from './rating.tsx';

/** The answer format and the rating, in one row. Not shown for a run that ended without an answer. */
export const ColumnFooter = memo(({ column, run }: { column: Column; run: Run | undefined }) => {
  const { ui, session } = useCompare();
  const alone = useCompareState((state) => state.columns.length < 2);
  const chosen = useUi((state) => columnUi(state, column.id).tab);
  const format = useAnswerFormat(column, run);
  if (!run || isWithoutAnswer(run, session.texts.get(run.runId, 'text'))) return null;
  return (
    <div class="column-footer">
      <Tabs
        id={answerId(column)}
        label="Answer format"
        tabs={tabsOf(format, alone)}
        active={shownTab(chosen, format, alone)}
        onPick={(tab) => changeColumnUi(ui, column.id, { tab })}
      />
      <span class="spacer" />
      {!isLive(run) && <Rating run={run} />}
    </div>
  );
});

/** The prefix of the ID of the tab panel. */
export const answerId = ({ id }: Pick<Column, 'id'>): string => `answer-${id}`;

function isWithoutAnswer(run: Run, text: string): boolean {
  const wasEnded = run.state === 'failed' || run.state === 'stopped' || run.state === 'interrupted';
  return wasEnded && text === '' && run.toolCalls.length === 0;
}
