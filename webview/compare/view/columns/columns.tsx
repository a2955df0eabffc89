import { useRef } from 'preact/hooks';
import { useCompareState } from '../../context.ts';
import { bestOf, type FigureName } from '../../derived.ts';
import { AddModel } from '../pickers/add-columns.tsx';
import { ColumnView } from './column.tsx';

const NONE: ReadonlySet<FigureName> = new Set();

/** The columns side by side. More than four keep a readable width and scroll horizontally. */
export function Columns() {
  const columns = useCompareState((state) => state.columns);
  const best = useStableBest(bestOf(columns));
  const strip = useRef<HTMLDivElement>(null);
  if (columns.length === 0) return <NoColumns />;
  return (
    <main class="columns" ref={strip} data-region="columns" aria-label={`Models, ${columns.length}`}>
      {columns.map((column, index) => (
        <ColumnView
          key={column.id}
          column={column}
          place={`${index + 1} of ${columns.length}`}
          best={best.get(column.id) ?? NONE}
        />
      ))}
    </main>
  );
}

/** Equal sets stay the same objects, so that a column only renders when its own marks change. */
function useStableBest(best: ReadonlyMap<string, ReadonlySet<FigureName>>) {
  const before = useRef(best);
  const stable = new Map<string, ReadonlySet<FigureName>>();
  for (const [id, figures] of best) {
    const old = before.current.get(id);
    stable.set(id, old?.size === figures.size && [...figures].every((name) => old.has(name)) ? old : figures);
  }
  before.current = stable;
  return stable;
}

function NoColumns() {
  return (
    <main class="columns empty" data-region="columns" aria-label="Models">
      <div class="page-state">
        <p>Add a model to run this prompt.</p>
        <AddModel label="Add Model" primary />
      </div>
    </main>
  );
}
