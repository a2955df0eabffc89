import { useEffect, useRef, useState } from 'preact/hooks';
import type { CaseFilterState, CaseGrouping, CaseSort, EvalMetric } from '../../../src/protocol/evaluation.ts';
import { columnTitle } from '../../../src/shared/column-title.ts';
import { formatNumber } from '../../../src/shared/format.ts';
import { IconButton } from '../../shared/controls/icon.tsx';
import { Dropdown } from '../../shared/dropdown/dropdown.tsx';
import { useObservable } from '../../shared/observable.ts';
import { useLoaded } from '../../shared/panel-context.ts';
import { TextField } from '../../ui.ts';
import { useEvaluation } from '../context.ts';
import { type EvaluationViewState, foldAll, isFiltered, withFilter } from '../view-state.ts';

const CHIPS: readonly { state: CaseFilterState | undefined; label: string }[] = [
  { state: undefined, label: 'all' },
  { state: 'regressed', label: 'regressed' },
  { state: 'improved', label: 'improved' },
  { state: 'failed', label: 'failed' },
  { state: 'changed', label: 'changed' },
  { state: 'flaky', label: 'flaky' },
  { state: 'errors', label: 'errors' },
];

const GROUPINGS: readonly { value: CaseGrouping; label: string }[] = [
  { value: 'none', label: 'No groups' },
  { value: 'state', label: 'Group by state' },
  { value: 'tag', label: 'Group by tag' },
  { value: 'group', label: 'Group by group' },
];

const TYPING_MS = 250;

/** Which cases are listed, in which order. */
export function FilterBar() {
  const { view, show } = useEvaluation();
  const filtered = useObservable(view, isFiltered);
  return (
    <search class="filter-bar" data-region="filter" aria-label="Filter">
      <Chips />
      <Search />
      <Choices />
      <SortMenu />
      <Groupings />
      {filtered && (
        <IconButton icon="clear-all" label="Clear Filter" onClick={() => void show({ filter: {}, search: '' })} />
      )}
    </search>
  );
}

function Groupings() {
  const { view, show, groups } = useEvaluation();
  const grouping = useObservable(view, (now) => now.grouping);
  return (
    <>
      <Dropdown
        value={grouping}
        options={GROUPINGS}
        aria-label="Group the cases"
        // other groups, none of which is folded
        onValue={(value) => void show({ grouping: value as CaseGrouping, folds: foldAll(false) })}
      />
      {grouping !== 'none' && (
        <>
          <IconButton icon="collapse-all" label="Collapse All" onClick={() => void groups.foldAll(true)} />
          <IconButton icon="expand-all" label="Expand All" onClick={() => void groups.foldAll(false)} />
        </>
      )}
    </>
  );
}

const CHANGES: readonly (CaseFilterState | undefined)[] = ['regressed', 'improved', 'changed'];

/** The states that cases are filtered by, with their numbers. Those that no case can have are left out. */
function Chips() {
  const { view, listing, setState, state } = useEvaluation();
  const chosen = useObservable(view, (now) => now.filter.state);
  const counts = useObservable(listing, (now) => now?.counts);
  const repeats = useLoaded(state, ({ result }) => result.repeats);
  const isCompared = useLoaded(
    state,
    ({ result, against }) =>
      against !== undefined || result.columns.some(({ baselineColumn }) => baselineColumn !== undefined),
  );
  const isPossible = (filter: CaseFilterState | undefined) =>
    filter === 'flaky' ? repeats > 1 : isCompared || !CHANGES.includes(filter);
  const shown = CHIPS.filter((chip) => chip.state === chosen || isPossible(chip.state));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has the look and the layout of a form
    <div class="chips" role="group" aria-label="Cases">
      {shown.map((chip) => (
        <button
          key={chip.label}
          type="button"
          class={`chip ${chip.label}`}
          aria-pressed={chosen === chip.state}
          onClick={() => void setState(chip.state)}
        >
          {chip.label} <span class="chip-count">{counts ? formatNumber(counts[chip.state ?? 'all']) : '…'}</span>
        </button>
      ))}
    </div>
  );
}

/** Filters that are only offered where they have a choice. */
function Choices() {
  const { view, listing, state, show } = useEvaluation();
  const filter = useObservable(view, (now) => now.filter);
  const tags = useObservable(listing, (now) => now?.tags) ?? [];
  const metrics = useLoaded(state, ({ result }) => result.metrics);
  const columns = useLoaded(state, ({ result }) => result.columns);
  const set = (change: Partial<EvaluationViewState['filter']>) => void show({ filter: withFilter(filter, change) });
  const failing = metrics.filter(({ threshold, scale }) => threshold !== undefined || scale === 'yes-no');
  return (
    <>
      {failing.length > 1 && (
        <Dropdown
          value={filter.metric ?? ''}
          options={[
            { value: '', label: 'Any metric' },
            ...failing.map(({ name }) => ({ value: name, label: `fails ${name}` })),
          ]}
          aria-label="Filter by failed metric"
          onValue={(value) => set({ metric: value === '' ? undefined : value })}
        />
      )}
      {(tags.length > 0 || filter.tag !== undefined) && (
        <Dropdown
          value={filter.tag ?? ''}
          options={[
            { value: '', label: 'All tags' },
            ...tags.map(({ tag, cases }) => ({ value: tag, label: `${tag} (${formatNumber(cases)})` })),
          ]}
          aria-label="Filter by tag"
          onValue={(value) => set({ tag: value === '' ? undefined : value })}
        />
      )}
      {columns.length > 1 && (
        <Dropdown
          value={String(filter.column ?? '')}
          options={[
            { value: '', label: 'Any column' },
            ...columns.map((column, index) => ({ value: String(index), label: columnTitle(column) })),
          ]}
          aria-label="The column that decides"
          onValue={(value) => set({ column: value === '' ? undefined : Number(value) })}
        />
      )}
    </>
  );
}

interface SortChoice {
  label: string;
  sort: Omit<CaseSort, 'column'>;
}

const SORTS: readonly SortChoice[] = [
  { label: 'Order of the dataset', sort: { by: 'number', descending: false } },
  { label: 'Largest regression first', sort: { by: 'change', descending: false } },
  { label: 'Largest improvement first', sort: { by: 'change', descending: true } },
  { label: 'Lowest score first', sort: { by: 'score', descending: false } },
  { label: 'Highest score first', sort: { by: 'score', descending: true } },
  { label: 'Highest cost first', sort: { by: 'cost', descending: true } },
  { label: 'Slowest first', sort: { by: 'latency', descending: true } },
  { label: 'Errors and failures first', sort: { by: 'state', descending: false } },
];

/** Each metric with its worst values first. */
function sortsOf(metrics: readonly EvalMetric[]): SortChoice[] {
  return metrics.map(({ name, direction }) => ({
    label: `Worst ${name} first`,
    sort: { by: 'score', metric: name, descending: direction === 'lower' },
  }));
}

/** Orders that no header has. */
function SortMenu() {
  const { view, show, state } = useEvaluation();
  const current = useObservable(view, (now) => now.sort);
  const column = useObservable(view, (now) => now.filter.column);
  const metrics = useLoaded(state, ({ result }) => result.metrics);
  const sorts = [...SORTS, ...sortsOf(metrics)];
  const listed = sorts.findIndex(({ sort }) => isSameSort(sort, current));
  const options = sorts.map(({ label }, index) => ({ value: String(index), label }));
  return (
    <Dropdown
      value={String(listed)}
      options={listed < 0 ? [...options, { value: '-1', label: 'Sorted by a column' }] : options}
      aria-label="Sort the cases"
      onValue={(value) => {
        const chosen = sorts[Number(value)];
        if (chosen) void show({ sort: { ...chosen.sort, ...(column !== undefined && { column }) } });
      }}
    />
  );
}

function isSameSort(sort: SortChoice['sort'], { by, descending, metric }: CaseSort): boolean {
  return sort.by === by && sort.descending === descending && sort.metric === metric;
}

/** Searches after a pause in typing, because each search goes through all answers. */
function Search() {
  const { view, show } = useEvaluation();
  const applied = useObservable(view, (now) => now.search);
  const [text, setText] = useState(applied);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (applied !== text) setText(applied);
    return () => clearTimeout(timer.current);
  }, [applied]);
  const onText = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void show({ search: value }), TYPING_MS);
  };
  return (
    <TextField
      value={text}
      placeholder="Text or /regex/"
      aria-label="Search inputs, expected values and answers. A text between slashes is a regular expression"
      inputMode="search"
      onText={onText}
    />
  );
}
