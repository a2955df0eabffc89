import type {
  CaseFilterState,
  CaseListing,
  CaseTableRow,
  EvaluationEvent,
  EvaluationFigures,
  EvaluationMethods,
} from '../../src/protocol/evaluation.ts';
import { formatCount } from '../../src/shared/format.ts';
import type { Channel } from '../shared/follower.ts';
import { announce } from '../shared/frame/live-region.ts';
import { matchesMedia } from '../shared/frame/use-media.ts';
import { createObservable, type Observable } from '../shared/observable.ts';
import { createPanelContext } from '../shared/panel-context.ts';
import { createTableList } from '../shared/table/table-list.ts';
import { describeCounts, describeState } from './describe-result.ts';
import { type EvaluationFollower, followEvaluation } from './follow-evaluation.ts';
import { createGroups } from './groups.ts';
import { createOpenCase } from './open-case.ts';
import { type EvaluationState, isLive } from './state.ts';
import { type EvaluationViewState, INITIAL_VIEW_STATE, NARROW_PANEL, toCaseFilter, withFilter } from './view-state.ts';

/** The webview's side of the panel: the host finds and sorts the cases, and rows are read when they become visible. */
export function createEvaluation(channel: Channel<EvaluationEvent>, saved: Partial<EvaluationViewState> = {}) {
  const follower: EvaluationFollower = followEvaluation(channel, {
    onEvent(event) {
      if (event.type === 'cells') cells.refresh();
      if (event.type === 'open-case') openCase.open(event.place);
      if (event.type === 'result') announceEnd(follower.state.get(), event);
    },
    // the list is opened beside the snapshot
    onMissed: () => cells.refresh(),
  });
  const { state, failure, call } = follower;
  const view = createObservable<EvaluationViewState>({ ...INITIAL_VIEW_STATE, ...saved });
  const { openList, listing, ...rows } = createCaseList(follower, view);
  const openCase = createOpenCase(follower, view, rows);
  const charts = createCharts(follower, view);
  const cells = createRefresh(async () => {
    await openList({ stay: true });
    await Promise.all([openCase.refresh(), charts.read()]);
  });

  async function show(change: Partial<EvaluationViewState>): Promise<void> {
    view.update((before) => ({ ...before, ...change }));
    failure.set(undefined);
    if (await openList({ stay: false })) announce(formatCount(listing.get()?.cases ?? 0, 'case'));
  }

  return {
    ...rows,
    ...{ view, state, failure, call, listing, openCase, figures: charts.figures },
    async start() {
      await Promise.all([follower.start(), openList({ stay: false })]);
      const loaded = state.get();
      const open = loaded?.openCase ?? view.get().open;
      if (loaded) view.update((before) => ({ ...before, id: loaded.result.id, open }));
      await Promise.all([openCase.refresh(), charts.read()]);
    },
    show,
    groups: createGroups({ follower, view, rows, openList }),
    setState: (next: CaseFilterState | undefined) => show({ filter: withFilter(view.get().filter, { state: next }) }),
    /** In a narrow panel, they take the place of the open case. */
    showCharts(shown: boolean) {
      if (shown && matchesMedia(NARROW_PANEL)) openCase.hide();
      view.update((before) => ({ ...before, charts: shown }));
      void charts.read();
    },
    setMetric(metric: string | undefined) {
      view.update((before) => ({ ...before, metric }));
      void charts.read();
    },
    async setAgainst(id: string | undefined) {
      if (await call('against.set', { id: id ?? null })) view.update((before) => ({ ...before, against: id }));
    },
    act: (action: EvaluationMethods['action.run']['params']) => void call('action.run', action),
  };
}

/** The listed cases, and how many there are of each kind. */
function createCaseList({ call, rpc }: EvaluationFollower, view: Observable<EvaluationViewState>) {
  const listing = createObservable<Pick<CaseListing, 'cases' | 'counts' | 'tags'> | undefined>(undefined);
  const rows = createTableList<CaseTableRow, CaseListing>({
    async open(request) {
      const { sort, grouping, folds } = view.get();
      return (await call('list.open', { filter: toCaseFilter(view.get()), sort, grouping, folds, ...request }))?.value;
    },
    read: (list, from, count) => rpc.call('rows.read', { list, from, count }),
    onList: ({ cases, counts, tags }) => listing.set({ cases, counts, tags }),
  });
  return { ...rows, listing };
}

/** The least time between two refreshes. */
const REFRESH_MS = 200;

/**
 * Cells that are added while the list is read again count for the next time. A refresh of a large result takes a while,
 * in which the database cannot store answers, so it is idle for three times as long.
 */
function createRefresh(read: () => Promise<void>): { refresh(): void } {
  let isReading = false;
  let isWanted = false;
  async function readAll() {
    isReading = true;
    while (isWanted) {
      isWanted = false;
      const start = performance.now();
      await read();
      const pauseMs = Math.max(REFRESH_MS, 3 * (performance.now() - start));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    isReading = false;
  }
  return {
    refresh() {
      isWanted = true;
      if (!isReading) void readAll();
    },
  };
}

function createCharts({ call }: EvaluationFollower, view: Observable<EvaluationViewState>) {
  /** Undefined until the charts are first shown. */
  const figures = createObservable<EvaluationFigures | undefined>(undefined);
  async function read(): Promise<void> {
    const { charts, metric } = view.get();
    const answer = charts && (await call('figures.read', { metric }));
    if (answer) figures.set(answer.value);
  }
  return { figures, read };
}

/** The end of an evaluation is announced, not each answer. */
function announceEnd(
  before: EvaluationState | undefined,
  { result }: Extract<EvaluationEvent, { type: 'result' }>,
): void {
  if (before && isLive(before.result) && before.result.state !== result.state) {
    announce(`Evaluation ${describeState(result)}. ${describeCounts(result)}`);
  }
}

export const [EvaluationProvider, useEvaluation] = createPanelContext<ReturnType<typeof createEvaluation>>();
