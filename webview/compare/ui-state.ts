import { type FormState, INITIAL_FORM_STATE } from '../shared/form/form-state.ts';
import { vscodeApi } from '../shared/frame/vscode-api.ts';
import { createObservable, type Observable } from '../shared/observable.ts';
import { type CompareState, type ShownRuns, shownRuns } from './state.ts';

const ANSWER_TABS = ['text', 'markdown', 'json', 'diff'] as const;
export type AnswerTab = (typeof ANSWER_TABS)[number];

/** How one column is shown. */
interface ColumnUi {
  /** Undefined for the first one. */
  tab?: AnswerTab | undefined;
  /** The repeat that is shown. Undefined to follow the runs. */
  runId?: string | undefined;
  /** The column that the diff compares with. */
  against?: string | undefined;
  reasoningOpen?: boolean;
}

/** The state of the view only. It does not change runs or files. */
export interface UiState {
  openSections: string[];
  /** True if all figures are shown, in every column so that they are aligned. */
  figuresOpen?: boolean;
  dismissedNotices: string[];
  columns: Record<string, ColumnUi>;
}

/** The state that VS Code stores for the panel across window reloads. The host's serializer reads all but `ui`. */
interface Persisted extends ShownRuns {
  promptPath: string;
  ui: Omit<UiState, 'columns' | 'dismissedNotices'> & {
    formFolded: boolean;
    columns: (Omit<ColumnUi, 'against'> & { against?: number })[];
  };
}

const FIRST: UiState = { openSections: [], dismissedNotices: [], columns: {} };
const FIRST_COLUMN: ColumnUi = {};

export function columnUi(ui: UiState, columnId: string): ColumnUi {
  return ui.columns[columnId] ?? FIRST_COLUMN;
}

export function changeColumnUi(ui: Observable<UiState>, columnId: string, change: Partial<ColumnUi>): void {
  ui.update((now) => ({ ...now, columns: { ...now.columns, [columnId]: { ...columnUi(now, columnId), ...change } } }));
}

/**
 * Restores the UI state. A restored comparison has new column IDs, so columns are matched by their place. Invalid state
 * is ignored, because it only affects the view.
 */
export function restoreUi(state: CompareState): UiState {
  const saved = vscodeApi.getState() as Partial<Persisted> | undefined;
  if (saved?.promptPath !== state.prompt.path || typeof saved.ui !== 'object') return FIRST;
  const { openSections, figuresOpen, columns = [] } = saved.ui;
  const restored: UiState['columns'] = {};
  state.columns.forEach((column, index) => {
    const { against, ...ui } = columns[index] ?? { ...FIRST_COLUMN, against: undefined };
    const tab = ANSWER_TABS.find((one) => one === ui.tab);
    restored[column.id] = { ...ui, tab, against: typeof against === 'number' ? state.columns[against]?.id : undefined };
  });
  return {
    openSections: Array.isArray(openSections) ? openSections : [],
    figuresOpen: figuresOpen === true,
    dismissedNotices: [],
    columns: restored,
  };
}

/** The host knows its width and whether the user collapsed the form. Only the page knows whether Run collapsed it. */
export function restoreForm({ prompt, form }: CompareState): FormState {
  const saved = vscodeApi.getState() as Partial<Persisted> | undefined;
  const wasFolded = saved?.promptPath === prompt.path && saved.ui?.formFolded === true;
  return { ...INITIAL_FORM_STATE, ...form, byRun: wasFolded };
}

export function persistUi(state: CompareState, ui: UiState, form: FormState): void {
  const columns = state.columns.map((column) => {
    const { against, ...rest } = columnUi(ui, column.id);
    const index = state.columns.findIndex((other) => other.id === against);
    return index < 0 ? rest : { ...rest, against: index };
  });
  const persisted: Persisted = {
    promptPath: state.prompt.path,
    ...shownRuns(state),
    ui: {
      formFolded: form.byRun,
      openSections: ui.openSections,
      ...(ui.figuresOpen && { figuresOpen: true }),
      columns,
    },
  };
  vscodeApi.setState(persisted);
}

export const createUi = (): Observable<UiState> => createObservable(FIRST);
