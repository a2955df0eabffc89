import { UserError } from '../../core/base/errors.ts';
import type { Evals } from '../../core/evals/evals.ts';
import type { StoredPlan } from '../../core/evals/run/eval-plan.ts';
import type { AnswerRating, EvalRecord, EvalSummary, StoredCase } from '../../core/store/evals/eval-record.ts';
import type {
  CaseHistoryRow,
  CaseListing,
  CaseTableRow,
  CaseView,
  EvaluationEvent,
  EvaluationMethods,
  EvaluationSnapshot,
  PromptChange,
  RatingChanges,
  ResultChoice,
} from '../../protocol/evaluation.ts';
import { columnTitle } from '../../shared/column-title.ts';
import { type Baselines, cellsByPlace, ownBaselines, storedBaselines } from './baselines.ts';
import { CaseLists } from './case-lists.ts';
import { type CaseSource, caseSource } from './case-source.ts';
import { toColumnView } from './case-view.ts';
import { toCaseRow } from './cell-row.ts';
import { compareWith } from './compare-with.ts';
import { readFigures } from './evaluation-figures.ts';
import { isLive, LiveResult } from './live-result.ts';
import { promptChange } from './prompt-change.ts';
import { toResultChoice } from './result-choice.ts';
import type { ResultStore } from './result-store.ts';

export interface EvaluationSessionOptions {
  id: string;
  store: ResultStore;
  /** The same methods, which end early with the signal. */
  until(signal: AbortSignal): Pick<ResultStore, 'listCases'>;
  evals: Pick<Evals, 'active' | 'onChange' | 'summarize' | 'compare' | 'messages' | 'enterRating'>;
  /** False in an untrusted workspace. */
  canRun(): boolean;
  /** Whether the row of a case can be edited. */
  editing(source: CaseSource | undefined): CaseView['editing'];
  hasFile(record: EvalRecord): Promise<boolean>;
  /** Problems with the database, if any. */
  notices(): Promise<string[]>;
  send(seq: number, events: EvaluationEvent[]): unknown;
}

/** Results in the list of those to compare with. */
const MAX_CHOICES = 200;
const MAX_HISTORY = 50;

/** The state of the Evaluation panel: one result, what it is compared with, and the list of its cases. */
export class EvaluationSession {
  readonly #options: EvaluationSessionOptions;
  readonly #lists: CaseLists;
  readonly #live: LiveResult;
  #against: { choice: ResultChoice; record: EvalRecord } | undefined;
  #baselines: Baselines;
  #summary: EvalSummary | undefined;
  /** The case that the first snapshot opens. */
  #openCase: number | undefined;
  #hasPage = false;

  /** Throws UserError if there is no such result. */
  static async open(options: EvaluationSessionOptions): Promise<EvaluationSession> {
    const record = await options.store.get(options.id);
    if (!record) throw unknownResult(options.id);
    const session = new EvaluationSession(options, record);
    await session.#start();
    return session;
  }

  private constructor(options: EvaluationSessionOptions, record: EvalRecord) {
    this.#options = options;
    this.#baselines = ownBaselines(record.columns);
    this.#live = new LiveResult({ ...options, record, onEnd: () => this.#summarize() });
    this.#lists = new CaseLists({
      ...options,
      against: () => this.#against?.choice.id,
      rowsAt: (places) => this.#rowsAt(places),
    });
  }

  get record(): EvalRecord {
    return this.#live.record;
  }

  async #start(): Promise<void> {
    const { baselineId, summary } = this.record;
    this.#summary = summary;
    if (baselineId !== undefined) await this.#compareWith(baselineId).catch(() => undefined);
    this.#live.start();
    // a window that was lost wrote no summary; without one, the cases are still shown
    if (summary === undefined && !isLive(this.record)) void this.#summarize().catch(() => undefined);
  }

  async snapshot(): Promise<EvaluationSnapshot> {
    const [hasFile, notices] = await Promise.all([this.#options.hasFile(this.record), this.#options.notices()]);
    const place = this.#openCase;
    this.#openCase = undefined;
    this.#hasPage = true;
    return {
      seq: this.#live.flush(),
      result: this.#live.shown(),
      summary: this.#summary,
      against: this.#against?.choice,
      control: this.#live.control(),
      progress: this.#live.progress,
      canRun: this.#options.canRun(),
      hasFile,
      ...(place !== undefined && { openCase: place }),
      notices,
    };
  }

  openList(params: EvaluationMethods['list.open']['params']): Promise<CaseListing> {
    return this.#lists.open(params);
  }

  readRows(params: EvaluationMethods['rows.read']['params']): Promise<(CaseTableRow | null)[] | undefined> {
    return this.#lists.read(params);
  }

  findGroup(params: EvaluationMethods['group.find']['params']): number | undefined {
    return this.#lists.findGroup(params);
  }

  placesIn(selected: Parameters<CaseLists['placesIn']>[0]): number[] {
    return this.#lists.placesIn(selected);
  }

  async readCase(place: number): Promise<CaseView> {
    const { store, id, editing } = this.#options;
    const { columns, repeats } = this.record;
    const [found, cells] = await Promise.all([this.#caseAt(place), store.cells(id, [place])]);
    const own = cellsByPlace(cells, columns.length).get(place) ?? [];
    const baselines = (await this.#baselines.read([place], cells)).get(place) ?? [];
    return {
      place,
      case: found,
      editing: editing(caseSource(this.record, found.dataset)),
      columns: columns.map((_, column) => {
        const label = this.#baselines.labelOf(column);
        const before = baselines[column] ?? [];
        const baseline = label !== undefined && before.length > 0 ? { label, cells: before } : undefined;
        return toColumnView(own[column] ?? [], repeats, baseline);
      }),
    };
  }

  async readHistory(place: number): Promise<CaseHistoryRow[]> {
    const { store, id } = this.#options;
    const { id: caseId } = await this.#caseAt(place);
    const found = await store.history(caseId, this.record, MAX_HISTORY);
    return found.map(({ evaluation, column, cell }) => ({
      resultId: evaluation.id,
      startedAt: evaluation.startedAt,
      column: columnTitle(column),
      state: cell.state,
      score: cell.score,
      isThis: evaluation.id === id,
    }));
  }

  /** The rating is shown as soon as it is stored, and the figures when they have it. */
  async rate({ place, column, repeat, changes }: EvaluationMethods['answer.rate']['params']): Promise<void> {
    const { store, evals, id } = this.#options;
    await store.rate(id, { case: place, column, repeat }, toRating(changes));
    this.#live.cellsChanged();
    if (!Object.keys(changes).some((name) => name !== 'comment')) return;
    await evals.enterRating(id, place);
    await this.#live.refresh();
  }

  /** The case as it was at the start, and the file that has its row. */
  async caseAt(place: number): Promise<{ stored: StoredCase; source: CaseSource | undefined }> {
    const stored = await this.#caseAt(place);
    return { stored, source: caseSource(this.record, stored.dataset) };
  }

  async answerAt({ place, column, repeat }: { place: number; column: number; repeat: number }): Promise<string> {
    const cells = await this.#options.store.cells(this.#options.id, [place]);
    return cells.find((cell) => cell.column === column && cell.repeat === repeat)?.answer.output ?? '';
  }

  /** Throws UserError where nothing may be rendered. */
  async readMessages(cell: { place: number; column: number }) {
    if (this.#options.canRun()) return this.#options.evals.messages(this.#options.id, cell);
    throw new UserError('Prompts are not rendered in an untrusted workspace.', {
      code: 'untrusted',
      hint: 'Trust the workspace to see the messages.',
      action: { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' },
    });
  }

  promptChange(column: number): PromptChange | undefined {
    return promptChange(this.record, column, this.#against?.record);
  }

  readFigures(metric: string | undefined) {
    return readFigures(this.#options.store, this.record, metric);
  }

  /** Other results, those of the same evaluation first. */
  async listResults(): Promise<ResultChoice[]> {
    const { id, file } = this.record;
    const listed = await this.#options.store.list({ limit: MAX_CHOICES });
    const others = listed.filter((other) => other.id !== id);
    const isOwn = (other: { file: string | undefined }) => file !== undefined && other.file === file;
    return [...others.filter(isOwn), ...others.filter((other) => !isOwn(other))].map(toResultChoice);
  }

  /** Undefined compares with the baseline of the evaluation itself. */
  async setAgainst(id: string | undefined): Promise<void> {
    if (id !== undefined) await this.#compareWith(id);
    else {
      this.#against = undefined;
      this.#baselines = ownBaselines(this.record.columns);
    }
    this.#live.cellsChanged();
    await this.#summarize();
  }

  /** Shows a case in the page, or in the one that is being opened. */
  openCase(place: number): void {
    if (this.#hasPage) this.#live.push({ type: 'open-case', place });
    else this.#openCase = place;
  }

  /** The result is another one now, for example because it continues. */
  refresh(): Promise<void> {
    return this.#live.refresh();
  }

  trustChanged(): void {
    this.#live.push({ type: 'trust', canRun: this.#options.canRun() });
  }

  notify(message: string): void {
    this.#live.push({ type: 'notice', message });
  }

  dispose(): void {
    this.#live.dispose();
  }

  async #caseAt(place: number): Promise<StoredCase> {
    const [found] = await this.#options.store.cases(this.#options.id, [place]);
    if (found) return found;
    throw new UserError('This case is no longer in the result.', {
      code: 'store',
      hint: 'The result was deleted, here or in another window.',
    });
  }

  async #compareWith(id: string): Promise<void> {
    const { store } = this.#options;
    const record = await store.get(id);
    if (!record) throw unknownResult(id);
    const choice = toResultChoice(record);
    const against = { choice, columns: record.columns };
    const { columns } = this.record;
    this.#baselines = await storedBaselines({ store, id: this.#options.id, columns, against });
    this.#against = { choice, record };
  }

  async #summarize(): Promise<void> {
    const { evals, id } = this.#options;
    const { state, baselineId, summary } = this.record;
    const against = this.#against;
    const own = () => summary ?? (state === 'running' ? undefined : evals.summarize(id));
    // cases are compared even if there is no summary, and the error of the summary is shown
    this.#summary = undefined;
    try {
      this.#summary =
        against && against.choice.id !== baselineId ? await compareWith(evals, against, this.record) : await own();
    } finally {
      this.#live.push({ type: 'summary', summary: this.#summary, against: against?.choice });
    }
  }

  async #rowsAt(places: readonly number[]): Promise<(CaseTableRow | null)[]> {
    const { store, id } = this.#options;
    const { columns } = this.record;
    const wanted = [...places];
    const [cases, cells] = await Promise.all([store.cases(id, wanted), store.cells(id, wanted)]);
    const baselines = await this.#baselines.read(places, cells);
    const byPlace = cellsByPlace(cells, columns.length);
    const none = columns.map(() => []);
    const paths = scoredPaths(this.record);
    return places.map((place, index) => {
      const found = cases[index];
      if (!found) return null;
      return toCaseRow(place, found, {
        cells: byPlace.get(place) ?? none,
        baselines: baselines.get(place) ?? none,
        paths,
      });
    });
  }
}

function toRating({ comment, ...changes }: RatingChanges): Partial<AnswerRating> {
  const values = Object.entries(changes).map(([name, value]) => [name, value ?? undefined]);
  const rating: Partial<AnswerRating> = Object.fromEntries(values);
  return comment === undefined ? rating : { ...rating, comment: comment?.trim() || undefined };
}

/** The parts of answers that the metrics look at. */
function scoredPaths({ plan }: EvalRecord): string[] {
  const metrics = (plan as Partial<StoredPlan> | undefined)?.spec?.metrics ?? [];
  const written = metrics.map(({ path, parameters }) => path ?? parameters.path);
  return [...new Set(written.filter((path) => typeof path === 'string'))];
}

function unknownResult(id: string): UserError {
  return new UserError(`There is no result ${id}.`, {
    code: 'unknown-result',
    hint: 'It was deleted, here or in another window.',
  });
}
