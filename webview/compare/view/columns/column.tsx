import { useRef } from 'preact/hooks';
import { isTyping } from '../../../shared/frame/focus.ts';
import { memo } from '../../../shared/memo.ts';
import { useUi } from '../../context.ts';
import { differsInLiveFigures, type FigureName, shownRun } from '../../derived.ts';
import { columnName } from '../../describe-column.ts';
import { describeStale, describeState } from '../../describe-run.ts';
import type { Column } from '../../state.ts';
import { columnUi } from '../../ui-state.ts';
import { ColumnBody } from './column-body.tsx';
import { ColumnFooter } from './column-footer.tsx';
import { ColumnHeader } from './column-header.tsx';
import { ColumnStatus } from './column-status.tsx';

interface ColumnProps {
  column: Column;
  /** `2 of 3`. */
  place: string;
  best: ReadonlySet<FigureName>;
}

/**
 * One model with its answer. The column itself can be focused: arrow keys move between columns, Enter moves into one.
 */
export const ColumnView = memo(({ column, place, best }: ColumnProps) => {
  const ui = useUi((state) => columnUi(state, column.id));
  const run = shownRun(column, ui.runId);
  const element = useRef<HTMLElement>(null);
  // Figures of runs in progress are only part of the status. Nothing else has to be rendered for them.
  const kept = useRef(column);
  if (!differsInLiveFigures(kept.current, column)) kept.current = column;
  const settled = kept.current;
  const shown = shownRun(settled, ui.runId);
  return (
    <section
      ref={element}
      class="column"
      data-column={column.id}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: columns are moved between with the arrow keys
      tabIndex={0}
      aria-label={[columnName(column), describeState(run).label, run && describeStale(run), `column ${place}`]
        .filter(Boolean)
        .join(', ')}
      onKeyDown={(event) => onColumnKey(event, element.current)}
    >
      <h2 class="visually-hidden">{columnName(column)}</h2>
      <div class="column-top">
        <ColumnHeader column={settled} run={shown} />
        <ColumnStatus column={column} run={run} best={best} />
      </div>
      <ColumnBody column={settled} run={shown} />
      <ColumnFooter column={settled} run={shown} />
    </section>
  );
});

function onColumnKey(event: KeyboardEvent, column: HTMLElement | null): void {
  if (!column || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && event.target !== column) column.focus();
  else if (event.target !== column || isTyping(event)) return;
  else if (event.key === 'ArrowRight') focusColumn(column.nextElementSibling);
  else if (event.key === 'ArrowLeft') focusColumn(column.previousElementSibling);
  else if (event.key === 'Home') focusColumn(column.parentElement?.firstElementChild);
  else if (event.key === 'End') focusColumn([...(column.parentElement?.querySelectorAll('.column') ?? [])].at(-1));
  else if (event.key === 'Enter') column.querySelector<HTMLElement>('.column-body')?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function focusColumn(element: Element | null | undefined): void {
  const target = element?.matches('.column') ? element : element?.querySelector('vscode-button');
  if (!(target instanceof HTMLElement)) return;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ inline: 'nearest', block: 'nearest' });
}
