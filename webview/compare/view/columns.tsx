import { useRef, useState } from 'preact/hooks';
import { Icon } from '../../shared/icon.tsx';
import { Button } from '../../ui.ts';
import { useCompare, useCompareState } from '../context.ts';
import { bestOf, type FigureName } from '../derived.ts';
import { ColumnView } from './column.tsx';
import { ModelPicker } from './model-picker.tsx';
import { VersionPicker } from './version-picker.tsx';

const NONE: ReadonlySet<FigureName> = new Set();

/** The columns side by side; past four they keep a readable width and scroll sideways. */
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
      <div class="add-column">
        <AddModel label="Model" />
        <AddVersion />
      </div>
    </main>
  );
}

/** Equal sets stay the same objects, so that a column renders only when its own marks change. */
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
        <p>No model to run this prompt on yet.</p>
        <AddModel label="Add a model" primary />
      </div>
    </main>
  );
}

function AddModel({ label, primary }: { label: string; primary?: boolean }) {
  const { call } = useCompare();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  return (
    <>
      <Button
        appearance={primary ? 'primary' : 'secondary'}
        elementRef={anchor}
        title="Add a model to compare"
        aria-label="Add a model"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="add" slot="start" />
        {label}
      </Button>
      {open && (
        <ModelPicker
          anchor={anchor.current}
          current={undefined}
          onClose={() => setOpen(false)}
          onPick={(model) => call('column.add', { model })}
          onPickSeveral={() => call('column.pick', undefined)}
        />
      )}
    </>
  );
}

/** Another version of the prompt, on the model of the last column: what an edit changed shows in the answers. */
function AddVersion() {
  const { call } = useCompare();
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  return (
    <>
      <Button
        appearance="secondary"
        elementRef={anchor}
        title="Add another version of this prompt to compare"
        aria-label="Add a version"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="add" slot="start" />
        Version
      </Button>
      {open && (
        <VersionPicker
          anchor={anchor.current}
          current={undefined}
          onClose={() => setOpen(false)}
          onPick={(version) => call('column.add', version === null ? {} : { version })}
        />
      )}
    </>
  );
}
