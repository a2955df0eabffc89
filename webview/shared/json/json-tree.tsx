import { useMemo, useRef, useState } from 'preact/hooks';
import { showControls } from '../text/show-controls.ts';
import { type JsonRow, visibleRows } from './rows.ts';

const PAGE = 300;

/** A value as a tree. Arrow keys move; right and left expand and collapse, as in the Explorer. */
export function JsonTree({ value, label }: { value: unknown; label: string }) {
  const { root, rows, more, showMore, focused, setFocused, toggle, onKeyDown } = useTreeRows(value);
  return (
    <div class="json-tree" role="tree" aria-label={label} ref={root}>
      {rows.map((row, index) => (
        <div
          key={row.path}
          role="treeitem"
          class="json-row"
          style={{ paddingInlineStart: `${(row.level - 1) * 16}px` }}
          aria-level={row.level}
          aria-expanded={row.expanded}
          aria-selected={row.path === focused}
          tabIndex={row.path === focused || (focused === '' && index === 0) ? 0 : -1}
          onFocus={() => setFocused(row.path)}
          onClick={() => toggle(row)}
          onKeyDown={(event) => onKeyDown(event, row, index)}
        >
          <RowContent row={row} />
        </div>
      ))}
      {more && (
        <button type="button" class="link-button" onClick={showMore}>
          Show more lines
        </button>
      )}
    </div>
  );
}

function useTreeRows(value: unknown) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [limit, setLimit] = useState(PAGE);
  const [focused, setFocused] = useState('');
  const root = useRef<HTMLDivElement>(null);
  const { rows, more } = useMemo(() => visibleRows(value, toggled, limit), [value, toggled, limit]);
  const toggle = (row: JsonRow) => {
    if (row.expanded === undefined) return;
    const next = new Set(toggled);
    if (!next.delete(row.path)) next.add(row.path);
    setToggled(next);
  };
  const focusRow = (row: JsonRow | undefined) => {
    if (!row) return;
    setFocused(row.path);
    root.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[rows.indexOf(row)]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, row: JsonRow, index: number) => {
    if (event.key === 'ArrowDown') focusRow(rows[index + 1]);
    else if (event.key === 'ArrowUp') focusRow(rows[index - 1]);
    else if (event.key === 'Home') focusRow(rows[0]);
    else if (event.key === 'End') focusRow(rows.at(-1));
    else if (event.key === 'Enter' || event.key === ' ') toggle(row);
    else if (event.key === 'ArrowRight') row.expanded === false ? toggle(row) : focusRow(rows[index + 1]);
    else if (event.key === 'ArrowLeft') row.expanded ? toggle(row) : focusRow(parentOf(rows, index));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const showMore = () => setLimit(limit * 4);
  return { root, rows, more, showMore, focused, setFocused, toggle, onKeyDown };
}

function RowContent({ row }: { row: JsonRow }) {
  const twistie = row.expanded === undefined ? 'blank' : row.expanded ? 'chevron-down' : 'chevron-right';
  return (
    <>
      <span class={`codicon codicon-${twistie} json-twistie`} aria-hidden="true" />
      <span class="json-text">
        {row.name !== undefined && <span class="json-name">{showControls(row.name)}</span>}
        {row.name !== undefined && <span class="json-colon">: </span>}
        <bdi class={`json-${row.kind}`}>{showControls(row.text)}</bdi>
      </span>
    </>
  );
}

function parentOf(rows: JsonRow[], index: number): JsonRow | undefined {
  const level = rows[index]?.level ?? 1;
  return rows.slice(0, index).findLast((row) => row.level < level);
}
