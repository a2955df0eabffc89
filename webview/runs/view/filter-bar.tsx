import { useEffect, useRef, useState } from 'preact/hooks';
import { IconButton } from '../../shared/controls/icon.tsx';
import { Dropdown } from '../../shared/dropdown/dropdown.tsx';
import { useObservable } from '../../shared/observable.ts';
import { TextField } from '../../ui.ts';
import { useRuns } from '../context.ts';
import { isFiltered, type RunsFilter, withChoice } from '../runs-filter.ts';

const STATES = ['done', 'failed', 'stopped', 'interrupted', 'streaming'].map((state) => ({
  value: state,
  label: state,
}));
const RATINGS = [
  { value: 'up', label: 'thumbs up' },
  { value: 'down', label: 'thumbs down' },
  { value: 'any', label: 'any rating' },
];
const PERIODS = [
  { value: 'today', label: 'today' },
  { value: '7', label: 'last 7 days' },
  { value: '30', label: 'last 30 days' },
];
const TYPING_MS = 250;

export function FilterBar() {
  const { view, choices, setFilter } = useRuns();
  const filter = useObservable(view, (now) => now.filter);
  const { models, prompts } = useObservable(choices, (now) => now);
  const choose = (name: keyof RunsFilter) => (value: string) => void setFilter(withChoice(filter, name, value));
  const choice = (name: keyof RunsFilter, all: string, options: readonly { value: string; label: string }[]) => (
    <Dropdown
      value={filter[name] ?? ''}
      options={[{ value: '', label: all }, ...options]}
      aria-label={`Filter by ${name === 'promptPath' ? 'prompt' : name}`}
      onValue={choose(name)}
    />
  );
  return (
    <search class="filter-bar" data-region="filter" aria-label="Filter">
      <Search />
      {choice(
        'promptPath',
        'All prompts',
        prompts.map(({ path, label }) => ({ value: path, label })),
      )}
      {choice(
        'model',
        'All models',
        models.map((model) => ({ value: model, label: model })),
      )}
      {choice('state', 'All states', STATES)}
      {choice('rating', 'All ratings', RATINGS)}
      {choice('period', 'All time', PERIODS)}
      {isFiltered(filter) && <IconButton icon="clear-all" label="Clear Filter" onClick={() => void setFilter({})} />}
    </search>
  );
}

/** Searches after a pause in typing, because each search reads all answers. */
function Search() {
  const { view, setFilter } = useRuns();
  const applied = useObservable(view, (now) => now.filter.search ?? '');
  const [text, setText] = useState(applied);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (applied !== text) setText(applied);
    return () => clearTimeout(timer.current);
  }, [applied]);
  const onText = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void setFilter(withChoice(view.get().filter, 'search', value)), TYPING_MS);
  };
  return (
    <TextField
      value={text}
      placeholder="Search answers and prompt names"
      aria-label="Search answers and prompt names"
      inputMode="search"
      onText={onText}
    />
  );
}
