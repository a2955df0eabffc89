import { UserError } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { Settings } from '../../core/base/settings.ts';
import type { InputField } from '../../core/prompts/prompt.ts';
import type { NextTurn } from '../../core/runs/conversation.ts';
import type { RunSpec } from '../../core/runs/events.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { CompareEvent, CompareSnapshot, RunView } from '../../protocol/compare.ts';
import { createPanelEvents, type PanelEvents } from '../session/panel-events.ts';
import { type PromptSource, startingInput } from '../session/panel-prompt.ts';
import { readBudget, recallSession, rememberSession } from '../session/session-memory.ts';
import { type ColumnChanges, ColumnSet, type ColumnTarget } from './column-set.ts';
import { estimateColumns, outlineColumn, viewColumn } from './compare-columns.ts';
import { ComparePrompts } from './compare-prompts.ts';
import { CompareRunner } from './compare-runner.ts';
import type { DatasetRows } from './dataset-rows.ts';
import { watchOrphans } from './orphan-runs.ts';
import { historyOf, type Recorded, readRecorded } from './recorded-runs.ts';
import { StaleAnswers } from './stale-answers.ts';

type Budget = CompareSnapshot['budget'];

export interface SessionOptions {
  workbench: Workbench;
  source: PromptSource;
  /** Models (`connection/model`) to start with. Undefined for those of the file, or those last used. */
  models: string[] | undefined;
  /** Columns to start with instead, each with a model and a version. */
  columns?: ColumnTarget[] | undefined;
  settings(): Settings;
  log: Log;
  send(seq: number, events: CompareEvent[]): void;
  /** A run was started, ended or rated: histories and spending need a refresh. */
  onRunsChanged(): void;
}

/**
 * The state of one Compare panel: prompts, inputs, columns and runs. It does not depend on VS Code, so that tests can
 * use it like a panel. Changes are sent to the webview as numbered events.
 */
export class CompareSession {
  readonly #options: SessionOptions;
  readonly #events: PanelEvents<CompareEvent>;
  readonly #prompts: ComparePrompts;
  readonly #runner: CompareRunner;
  readonly #columns: ColumnSet;
  readonly #stale: StaleAnswers;
  #repeat = 1;
  /** How often the form was filled, except by typing. */
  #fills = 0;
  #dataset: DatasetRows | undefined;
  /** Runs that were rejected since the inputs were last valid. */
  #attempts = 0;
  #history: CompareSnapshot['history'];
  #budget: Budget = { spentTodayUsd: undefined, perDayUsd: undefined, perRunUsd: undefined };
  #notices: string[] = [];
  #unwatch: () => void = () => {};

  private constructor(options: SessionOptions) {
    this.#options = options;
    const { workbench, source, settings, log } = options;
    this.#prompts = new ComparePrompts({ workbench, source, defaultModel: () => settings().defaultModel });
    this.#columns = new ColumnSet(this.#prompts, workbench.models);
    this.#stale = new StaleAnswers({ workbench, prompts: this.#prompts });
    this.#events = createPanelEvents(options.send);
    this.#runner = new CompareRunner({
      workbench,
      prompts: this.#prompts,
      log,
      columns: () => this.#columns.all,
      push: (event) => this.#push(event),
      notice: (message) => this.#notice(message),
      onRun: (spec) => this.#stale.addSpec(spec),
      onStart: () => {
        this.#history = undefined;
        this.#remember();
        void this.#markStale();
        options.onRunsChanged();
      },
      onEnd: () => this.#runsEnded(),
    });
  }

  static async create(options: SessionOptions): Promise<CompareSession> {
    const session = new CompareSession(options);
    const prompts = session.#prompts;
    await prompts.parse();
    const { remembered, notices } = await recallSession(options.workbench, options.source.path);
    session.#notices = notices;
    const { fields, parsed, view } = prompts.working;
    prompts.input = startingInput(fields, parsed.prompt.input.defaults, remembered.input);
    const { promptModels } = await import('../../core/prompts/resolve-model.ts');
    const named = promptModels(parsed.prompt);
    const models = options.models ?? (named.length ? named : (remembered.models ?? [view.model.ref]));
    const targets = options.columns ?? models.map((model) => ({ model }));
    for (const target of targets) await session.#columns.add(target);
    await Promise.all([session.#render(), session.#readBudget()]);
    return session;
  }

  /**
   * Opens recorded runs, which are shown as they were, with the current prompt. `fromHistory` is false for a panel that
   * is restored after a window reload.
   */
  static async reopen(
    options: SessionOptions,
    recorded: Recorded,
    { fromHistory = true } = {},
  ): Promise<CompareSession> {
    const session = new CompareSession(options);
    const prompts = session.#prompts;
    await prompts.parse();
    await options.workbench.jobs.recover();
    const records = await readRecorded(options.workbench, recorded);
    for (const record of records) session.#stale.addRecord(record);
    const recalled = fromHistory ? undefined : await recallSession(options.workbench, options.source.path);
    const left = recalled?.remembered.comparisonId === recorded ? recalled.remembered : undefined;
    if (left?.columns) await session.#columns.resume(records, left.columns);
    else await session.#columns.restore(records);
    session.#runner.comparisonId = typeof recorded === 'string' ? recorded : undefined;
    prompts.input = { ...prompts.input, ...startingInput(prompts.fields, {}, left?.input ?? records[0].input) };
    if (fromHistory) session.#history = await historyOf(recorded, records, options.source);
    await Promise.all([session.#render(), session.#readBudget()]);
    session.#unwatch = watchOrphans({
      workbench: options.workbench,
      log: options.log,
      orphans: () => session.#columns.all.flatMap((column) => column.runs).filter((run) => run.state === 'streaming'),
      onEnd: (run, ended) => {
        Object.assign(run, ended);
        session.#push({ type: 'run-patch', runId: run.runId, patch: ended });
      },
    });
    return session;
  }

  get comparisonId(): string | undefined {
    return this.#runner.comparisonId;
  }

  get source(): PromptSource {
    return this.#prompts.working.source;
  }

  get input(): Record<string, unknown> {
    return this.#prompts.input;
  }

  get fields(): InputField[] {
    return this.#prompts.fields;
  }

  get running(): boolean {
    return this.#runner.running;
  }

  get models(): string[] {
    return this.#columns.models;
  }

  snapshot(): CompareSnapshot {
    this.#events.flush();
    const { working, view, input } = this.#prompts;
    const { comparisonId } = this.#runner;
    return {
      seq: this.#events.seq,
      prompt: view,
      input,
      inputProblems: working.problems,
      attempts: this.#attempts,
      fills: this.#fills,
      dataset: this.#dataset?.view,
      messages: working.messages,
      columns: this.#columns.all.map(viewColumn),
      repeat: this.#repeat,
      running: this.running,
      history: this.#history,
      ...(comparisonId ? { comparisonId } : {}),
      budget: this.#budget,
      requestsPerDay: this.#options.settings().requestsPerDay,
      notices: this.#notices,
    };
  }

  /** The text in the editor changed, or was saved. */
  async setSource(source: PromptSource): Promise<void> {
    await this.#prompts.parse(source);
    this.#push({ type: 'prompt', prompt: this.#prompts.view });
    await this.#render();
  }

  /** Replaces the typed inputs by those of a dataset or a file. */
  async fillInput(input: Record<string, unknown>, dataset?: DatasetRows): Promise<void> {
    this.#fills++;
    this.#dataset = dataset;
    this.#push({ type: 'dataset', dataset: dataset?.view });
    await this.setInput(input);
  }

  get dataset(): DatasetRows | undefined {
    return this.#dataset;
  }

  async setInput(input: Record<string, unknown>): Promise<void> {
    this.#prompts.input = input;
    await this.#render();
    this.#push({ type: 'input', input, problems: this.#prompts.working.problems, fills: this.#fills });
    if (this.#attempts > 0 && this.#prompts.working.problems.length === 0) this.#setAttempts(0);
    this.#remember();
  }

  /** Finds or adds the column of a model and a version. */
  async columnOf(target: ColumnTarget): Promise<string> {
    const found = await this.#columns.find(target);
    return found?.id ?? this.addColumn(target);
  }

  /** The default model is that of the last column. */
  async addColumn({ model, version }: ColumnTarget): Promise<string> {
    const { id } = await this.#columns.add({ model: model ?? this.models.at(-1), version });
    await this.#columnsChanged();
    return id;
  }

  /** Sets exactly these columns. Existing ones keep their answers. */
  async setColumns(targets: readonly ColumnTarget[]): Promise<void> {
    for (const { id } of await this.#columns.replace(targets)) this.stop(id);
    await this.#columnsChanged();
  }

  async duplicateColumn(columnId: string): Promise<string> {
    const { id } = this.#columns.duplicate(columnId);
    await this.#columnsChanged();
    return id;
  }

  async removeColumn(columnId: string): Promise<void> {
    this.stop(columnId);
    this.#columns.remove(columnId);
    await this.#columnsChanged();
  }

  async setColumn(columnId: string, changes: ColumnChanges): Promise<void> {
    await this.#columns.change(columnId, changes);
    await this.#columnsChanged();
  }

  setRepeat(repeat: number): void {
    this.#repeat = Math.min(50, Math.max(1, Math.floor(repeat) || 1));
    this.#push({ type: 'repeat', repeat: this.#repeat });
  }

  /** Runs all columns as a new comparison, or one column in the current comparison. */
  async start(columnId?: string): Promise<void> {
    const columns = columnId ? [this.#columns.get(columnId)] : [...this.#columns.all];
    if (!columns.length) {
      throw new UserError('This comparison has no models.', { code: 'usage', hint: 'Add a model first.' });
    }
    this.#remember();
    try {
      await this.#runner.start(columns, { repeat: this.#repeat, fresh: columnId === undefined });
    } catch (error) {
      if (error instanceof UserError && error.code === 'invalid-input') this.#setAttempts(this.#attempts + 1);
      throw error;
    }
  }

  #setAttempts(attempts: number): void {
    this.#attempts = attempts;
    this.#push({ type: 'input', input: this.input, problems: this.#prompts.working.problems });
    this.#push({ type: 'attempts', attempts });
  }

  /** Sends the conversation so far with a new user turn, or with results for the answer's tool calls. */
  async continueRun(columnId: string, next: NextTurn): Promise<void> {
    await this.#runner.continueRun(this.#columns.get(columnId), next);
  }

  stop(columnId?: string): void {
    this.#runner.stop(columnId);
  }

  async rate(runId: string, rating: 'up' | 'down' | undefined, note: string | undefined): Promise<void> {
    const view = this.runView(runId);
    if (!view) return;
    await this.#options.workbench.store.runs.rate(runId, { rating, note });
    Object.assign(view, { rating, note });
    this.#push({ type: 'run-patch', runId, patch: { rating, note } });
    this.#options.onRunsChanged();
  }

  runView(runId: string): RunView | undefined {
    return this.#columns.all.flatMap((column) => column.runs).find((run) => run.runId === runId);
  }

  basisOf(runId: string) {
    return this.#stale.basisOf(runId);
  }

  /** The request that a column would send now, for copying it as code. */
  async specOf(columnId: string): Promise<RunSpec> {
    const spec = await this.#runner.specOf(this.#columns.get(columnId));
    if (!spec) throw new UserError('This column has no request.', { code: 'usage' });
    return spec;
  }

  /** Models, keys, prices or other settings changed: updates the estimates. */
  async refresh(): Promise<void> {
    await Promise.all([this.#estimate(), this.#readBudget()]);
    const { requestsPerDay } = this.#options.settings();
    this.#push({ type: 'budget', budget: this.#budget, requestsPerDay });
  }

  dispose(): void {
    this.#events.close();
    this.#unwatch();
    this.stop();
  }

  #push(event: CompareEvent): void {
    this.#events.push(event);
  }

  async #columnsChanged(): Promise<void> {
    const before = this.#prompts.view;
    this.#prompts.keep(this.#columns.all);
    await this.#prompts.render();
    await this.#prompts.describe(this.#columns.all);
    this.#push({ type: 'columns', columns: this.#columns.all.map(outlineColumn) });
    const { view, input, working } = this.#prompts;
    if (JSON.stringify(view.fields) !== JSON.stringify(before.fields)) this.#push({ type: 'prompt', prompt: view });
    this.#push({ type: 'input', input, problems: working.problems });
    this.#remember();
    await Promise.all([this.#markStale(), this.#estimate()]);
  }

  async #render(): Promise<void> {
    if (!(await this.#prompts.render())) return;
    this.#push({ type: 'messages', messages: this.#prompts.working.messages });
    const changed = await this.#prompts.describe(this.#columns.all);
    if (changed.length) this.#push({ type: 'columns', columns: this.#columns.all.map(outlineColumn) });
    await Promise.all([this.#markStale(), this.#estimate()]);
  }

  async #markStale(): Promise<void> {
    for (const event of await this.#stale.update(this.#columns.all)) this.#push(event);
  }

  async #estimate(): Promise<void> {
    const entries = await estimateColumns(this.#options.workbench, this.#columns.all, (column) => {
      if (column.version?.problem) return undefined;
      const { messages, parsed } = this.#prompts.of(column);
      return messages.ok ? { prompt: parsed.prompt, messages: messages.messages } : undefined;
    });
    this.#push({ type: 'estimates', estimates: Object.fromEntries(entries) });
  }

  async #runsEnded(): Promise<void> {
    await this.#readBudget();
    this.#push({ type: 'budget', budget: this.#budget });
    this.#options.onRunsChanged();
  }

  #notice(message: string): void {
    this.#notices.push(message);
    this.#push({ type: 'notice', message });
  }

  async #readBudget(): Promise<void> {
    const { workbench, settings, log } = this.#options;
    this.#budget = await readBudget(workbench, settings(), log);
  }

  #remember(): void {
    const { workbench, log } = this.#options;
    const { input, source, comparisonId } = this;
    const columns = this.#columns.remembered;
    rememberSession(workbench, log, { path: source.path, input, models: this.models, columns, comparisonId });
  }
}
