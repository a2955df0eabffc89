import type { ColumnView, CompareEvent, CompareSnapshot, RunView } from '../../src/protocol/compare.ts';
import { changesOf } from '../../src/protocol/run-view.ts';

/** A run without its texts, which are in the text store and drawn without a state change. */
export type Run = Omit<RunView, 'text' | 'reasoning'>;

export interface Column extends Omit<ColumnView, 'runs'> {
  runs: Run[];
}

export interface CompareState extends Omit<CompareSnapshot, 'columns'> {
  columns: Column[];
}

export function stateOfSnapshot(snapshot: CompareSnapshot): CompareState {
  const columns = snapshot.columns.map((column) => ({ ...column, runs: column.runs.map(withoutTexts) }));
  return { ...snapshot, columns };
}

/** What a reloaded window opens again. */
export interface ShownRuns {
  comparisonId?: string;
  /** Runs that were picked from the history. */
  runIds?: string[];
}

export function shownRuns({ history, comparisonId, columns }: CompareState): ShownRuns {
  const shown = history ? history.comparisonId : comparisonId;
  if (shown !== undefined) return { comparisonId: shown };
  const runIds = history ? columns.flatMap(({ runs }) => runs.map(({ runId }) => runId)) : [];
  return runIds.length > 0 ? { runIds } : {};
}

/**
 * Pure. Columns and runs that an event does not change stay the same objects, so that their views do not render again.
 */
export function reduce(state: CompareState, event: CompareEvent): CompareState {
  switch (event.type) {
    case 'prompt':
      return { ...state, prompt: event.prompt };
    case 'input':
      return { ...state, input: event.input, inputProblems: event.problems, fills: event.fills ?? state.fills ?? 0 };
    case 'dataset':
      return { ...state, dataset: event.dataset };
    case 'attempts':
      return { ...state, attempts: event.attempts };
    case 'messages':
      return { ...state, messages: event.messages };
    case 'columns':
      return { ...state, columns: event.columns.map((next) => mergeColumn(state.columns, next)) };
    case 'estimates':
      return mapColumns(state, (column) => {
        const estimate = event.estimates[column.id];
        return estimate ? { ...column, estimate } : column;
      });
    case 'running':
      return { ...state, running: event.running };
    case 'comparison':
      return { ...state, comparisonId: event.comparisonId, history: event.history } as CompareState;
    case 'budget':
      return { ...state, budget: event.budget, requestsPerDay: event.requestsPerDay ?? state.requestsPerDay };
    case 'repeat':
      return { ...state, repeat: event.repeat };
    case 'notice':
      return { ...state, notices: [...state.notices, event.message] };
    default:
      return reduceRuns(state, event);
  }
}

type RunChange = Extract<CompareEvent, { type: 'run-start' | 'run-event' | 'run-patch' | 'turns' }>;

function reduceRuns(state: CompareState, event: RunChange): CompareState {
  switch (event.type) {
    case 'run-start':
      return mapColumns(state, (column) => (column.id === event.columnId ? startRun(column, event.run) : column));
    case 'turns':
      return mapColumns(state, (column) => (column.id === event.columnId ? { ...column, turns: event.turns } : column));
    case 'run-event':
      return changeRun(state, event.event.runId, (run) => changesOf(run, event.event, event.at));
    case 'run-patch':
      return changeRun(state, event.runId, () => event.patch);
  }
}

/** An empty change returns the same state, because most events only contain text. */
function changeRun(state: CompareState, runId: string, changesOfRun: (run: Run) => Partial<RunView>): CompareState {
  const run = state.columns.flatMap((column) => column.runs).find((other) => other.runId === runId);
  const changes = withoutTexts(run ? changesOfRun(run) : {});
  if (!run || Object.keys(changes).length === 0) return state;
  const next: Run = { ...run, ...changes };
  // JSON messages omit undefined values, so the end of a retry only shows in the run's state.
  if (changes.state !== undefined && changes.state !== 'waiting') next.retry = undefined;
  return mapColumns(state, (column) => {
    if (!column.runs.includes(run)) return column;
    return { ...column, runs: column.runs.map((other) => (other === run ? next : other)) };
  });
}

function startRun(column: Column, run: RunView): Column {
  const kept = run.repeat === 0 ? [] : column.runs.filter((other) => other.runId !== run.runId);
  return { ...column, runs: [...kept, withoutTexts(run)] };
}

function mergeColumn(columns: Column[], next: Omit<ColumnView, 'runs'>): Column {
  return { ...next, runs: columns.find((column) => column.id === next.id)?.runs ?? [] };
}

function mapColumns(state: CompareState, change: (column: Column) => Column): CompareState {
  return { ...state, columns: state.columns.map(change) };
}

function withoutTexts<R extends Partial<RunView>>({ text: _text, reasoning: _reasoning, ...run }: R) {
  return run;
}
