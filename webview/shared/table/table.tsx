import { countSelected, isSelected, NO_ROWS } from './row-selection.ts';
import { TableHeader } from './table-header.tsx';
import { TableRow } from './table-row.tsx';
import { sortBy, type TableActionProps, useTableActions } from './use-table-actions.ts';
import { useVisibleCells, type VisibleCellsProps } from './use-visible-cells.ts';

interface TableProps<Row> extends TableActionProps<Row>, VisibleCellsProps<Row> {
  /** The prefix for the IDs of cells, unique in the page. */
  id: string;
  label: string;
}

/**
 * A grid of any number of rows and columns, of which only the visible ones are rendered. The grid itself has the
 * keyboard focus and refers to its active cell, so that the focus is not lost when a row scrolls away. It is not a
 * <table>, because the rendered rows and cells are positioned independently.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { id, columns, rowCount, sort, selection, active } = props;
  const cells = useVisibleCells(props);
  const actions = useTableActions(props, cells.sight);
  const count = countSelected(selection);
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles support a label
    <div
      ref={cells.scroller}
      class="table"
      role={props.groups ? 'treegrid' : 'grid'}
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      aria-activedescendant={activeId(props, cells)}
      {...actions}
    >
      <TableHeader
        {...{ id, columns, width: cells.width, sort }}
        shown={cells.shownColumns}
        pinned={cells.pinned}
        active={active.row < 0 ? active.column : undefined}
        selected={count === 0 ? 'none' : count < rowCount ? 'some' : 'all'}
        onSort={(index) => sortBy(props, index)}
        onSelectAll={() => props.onSelection(count < rowCount ? [[0, rowCount - 1]] : NO_ROWS)}
        onWidth={props.onWidth}
      />
      <TableBody props={props} cells={cells} />
    </div>
  );
}

type VisibleCells = ReturnType<typeof useVisibleCells>;

function TableBody<Row>({ props, cells }: { props: TableProps<Row>; cells: VisibleCells }) {
  const { id, columns, selection, active, groups } = props;
  return (
    <div class="table-body" role="rowgroup" style={{ width: `${cells.width}px`, height: `${cells.height}px` }}>
      {cells.shownRows.map(({ index, start }) => (
        <TableRow
          key={index % cells.slots}
          {...{ id, columns, index, start, groups, height: cells.rowHeight }}
          shown={cells.shownColumns}
          pinned={cells.pinned}
          row={props.rowAt(index)}
          selected={isSelected(selection, index)}
          active={active.row === index ? active.column : undefined}
        />
      ))}
    </div>
  );
}

/** The ID of the active cell. Undefined while its row is not rendered. */
function activeId<Row>({ id, active }: TableProps<Row>, rendered: { first: number; last: number }): string | undefined {
  const { row, column } = active;
  if (row < 0) return `${id}-h-${column}`;
  return row >= rendered.first && row <= rendered.last ? `${id}-${row}-${column}` : undefined;
}
