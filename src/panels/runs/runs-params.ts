import { isRecord } from '../../core/base/is-record.ts';
import type { RunsMethods } from '../../protocol/runs.ts';
import { compareChecks } from '../compare/compare-params.ts';

type Checks = { [Name in keyof RunsMethods]: (params: unknown) => params is RunsMethods[Name]['params'] };

const SORTS = ['started', 'prompt', 'version', 'model', 'state', 'latency', 'tokens', 'cost', 'rating'];
const STATES = ['streaming', 'done', 'failed', 'stopped', 'interrupted'];
/** A search is an expression that SQLite walks; nobody types more. */
const LONGEST_TEXT = 1000;

const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isShortText = (value: unknown) => typeof value === 'string' && value.length <= LONGEST_TEXT;
const maybe = (value: unknown, check: (value: unknown) => boolean) =>
  value === undefined || value === null || check(value);

/** By name, so that no other field reaches SQL. */
const FILTER: Record<string, (value: unknown) => boolean> = {
  promptPath: isShortText,
  model: isShortText,
  search: isShortText,
  rating: (value) => value === 'up' || value === 'down' || value === 'any',
  state: (value) => STATES.includes(String(value)),
  since: Number.isFinite,
  until: Number.isFinite,
};

function isFilter(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return Object.entries(value).every(
    ([name, field]) => field === undefined || (Object.hasOwn(FILTER, name) && FILTER[name]?.(field) === true),
  );
}

function isSort(value: unknown): boolean {
  return isRecord(value) && SORTS.includes(String(value.by)) && typeof value.descending === 'boolean';
}

function areRanges(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every((range) => Array.isArray(range) && range.length === 2 && range.every(isPlace))
  );
}

function arePlaces(value: unknown): boolean {
  return isRecord(value) && areRanges(value.selection) && maybe(value.active, isPlace) && maybe(value.first, isPlace);
}

function fields<Params>(checks: Record<string, (value: unknown) => boolean>) {
  return (params: unknown): params is Params =>
    isRecord(params) && Object.entries(checks).every(([name, check]) => check(params[name]));
}

const nothing = (_params: unknown): _params is undefined => true;

/** What a request of the Runs panel may carry. */
export const runsChecks: Checks = {
  snapshot: nothing,
  'choices.read': nothing,
  'list.open': fields({ filter: isFilter, sort: isSort, shown: isPlace, places: arePlaces }),
  'rows.read': fields({ list: isPlace, from: isPlace, count: isPlace }),
  'days.read': fields({ filter: isFilter }),
  'run.open': fields({ list: isPlace, row: isPlace }),
  'runs.compare': fields({ list: isPlace, ranges: areRanges }),
  'runs.export': fields({
    list: isPlace,
    ranges: areRanges,
    format: (value) => value === 'csv' || value === 'jsonl',
  }),
  'action.run': compareChecks['action.run'],
};
