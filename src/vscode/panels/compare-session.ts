import { randomUUID } from 'node:crypto';
import { UserError } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { Settings } from '../../core/base/settings.ts';
import type { Message, Parameters } from '../../core/models/chat-model.ts';
import type { InputField } from '../../core/prompts/prompt.ts';
import type { Comparison } from '../../core/runs/comparison.ts';
import type { RunSpec } from '../../core/runs/events.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { CompareEvent, CompareSnapshot, RunView } from '../../protocol/compare.ts';
import {
  type Column,
  columnsOfRecords,
  createColumn,
  estimateColumns,
  outlineColumn,
  turnsOf,
  viewColumn,
} from './compare-columns.ts';
import { type PromptSource, startingInput } from './compare-prompt.ts';
import { createEventBatcher, type EventBatcher } from './event-batcher.ts';
import { LiveRuns } from './live-runs.ts';
import { interruptOrphans, watchOrphans } from './orphan-runs.ts';
import { PromptState } from './prompt-state.ts';
import { readBudget, recallSession, rememberSession } from './session-memory.ts';

type Budget = CompareSnapshot['budget'];

export interface SessionOptions {
  workbench: Workbench;
  source: PromptSource;
  /** `connection/model`s to start with; undefined: those of the file, or those last used. */
  models: string[] | undefined;
  settings(): Settings;
  log: Log;
  send(seq: number, events: CompareEvent[]): void;
  /** A run was started, ended or rated: histories and spending are to be shown anew. */
  onRunsChanged(): void;
}

/**
 * The truth behind one Compare panel: prompt, inputs, columns and runs. It knows no VS Code, so that it can be
 * driven by a test as by a panel; whatever changes here is told to the webview as numbered events.
 */
export class CompareSession {
  readonly #options: SessionOptions;
  readonly #batcher: EventBatcher;
  readonly #prompt: PromptState;
  #columns: Column[] = [];
  #repeat = 1;
  #comparisonId: string | undefined;
  #history: CompareSnapshot['history'];
  #budget: Budget = { spentTodayUsd: undefined, perDayUsd: undefined, perRunUsd: undefined };
  #notices: string[] = [];
  readonly #live = new LiveRuns((event) => this.#push(event));
  /** Columns whose start is being prepared: a second click must not start them twice. */
  #starting = 0;
  #unwatch: () => void = () => {};
  #disposed = false;

  private constructor(options: SessionOptions) {
    this.#options = options;
    this.#prompt = new PromptState(options.workbench, options.source, () => options.settings().defaultModel);
    this.#batcher = createEventBatcher(options.send);
  }

  static async create(options: SessionOptions): Promise<CompareSession> {
    const session = new CompareSession(options);
    const prompt = session.#prompt;
    await prompt.parse();
    const { remembered, notices } = await recallSession(options.workbench, options.source.path);
    session.#notices = notices;
    prompt.input = startingInput(prompt.fields, prompt.parsed.prompt.input.defaults, remembered.input);
    const { promptModels } = await import('../../core/prompts/resolve-model.ts');
    const named = promptModels(prompt.parsed.prompt);
    const models = options.models ?? (named.length ? named : (remembered.models ?? [prompt.view.model.ref]));
    session.#columns = models.map((model) => createColumn(randomUUID(), model));
    await Promise.all([session.#render(), session.#readBudget()]);
    return session;
  }

  /**
   * The session of a recorded comparison; the runs are shown as they were, the prompt as it is now. `fromHistory` is
   * false for a panel that a window reload brings back.
   */
  static async reopen(
    options: SessionOptions,
    comparisonId: string,
    { fromHistory = true } = {},
  ): Promise<CompareSession> {
    const session = new CompareSession(options);
    await session.#prompt.parse();
    await interruptOrphans(options.workbench);
    const store = await options.workbench.store();
    const records = await store.getComparison(comparisonId);
    const first = records[0];
    if (!first) {
      throw new UserError('This comparison is no longer in the history.', {
        code: 'store',
        hint: 'It was deleted or has passed its retention; run the prompt again.',
      });
    }
    const { sourceHash } = await import('../../core/prompts/source-hash.ts');
    session.#columns = columnsOfRecords(records, session.#prompt.parsed.prompt.parameters, randomUUID);
    session.#comparisonId = comparisonId;
    session.#prompt.input = startingInput(session.#prompt.fields, {}, first.input);
    if (fromHistory) {
      const startedAt = Math.min(...records.map((record) => record.startedAt));
      session.#history = {
        comparisonId,
        startedAt,
        sourceChanged: first.sourceHash !== sourceHash(options.source.text),
      };
    }
    await Promise.all([session.#render(), session.#readBudget()]);
    session.#unwatch = session.#watchOrphans();
    return session;
  }

  get comparisonId(): string | undefined {
    return this.#comparisonId;
  }

  get source(): PromptSource {
    return this.#prompt.source;
  }

  get input(): Record<string, unknown> {
    return this.#prompt.input;
  }

  get fields(): InputField[] {
    return this.#prompt.fields;
  }

  get running(): boolean {
    return this.#live.size > 0 || this.#starting > 0;
  }

  get models(): string[] {
    return this.#columns.map((column) => column.model);
  }

  snapshot(): CompareSnapshot {
    this.#batcher.flush();
    return {
      seq: this.#batcher.seq,
      prompt: this.#prompt.view,
      input: this.#prompt.input,
      inputProblems: this.#prompt.problems,
      messages: this.#prompt.messages,
      columns: this.#columns.map(viewColumn),
      repeat: this.#repeat,
      running: this.running,
      history: this.#history,
      ...(this.#comparisonId ? { comparisonId: this.#comparisonId } : {}),
      budget: this.#budget,
      requestsPerDay: this.#options.settings().requestsPerDay,
      notices: this.#notices,
    };
  }

  /** The editor's text changed, or was saved. */
  async setSource(source: PromptSource): Promise<void> {
    await this.#prompt.parse(source);
    this.#push({ type: 'prompt', prompt: this.#prompt.view });
    await this.#render();
  }

  async setInput(input: Record<string, unknown>): Promise<void> {
    this.#prompt.input = input;
    await this.#render();
    this.#push({ type: 'input', input, problems: this.#prompt.problems });
    this.#remember();
  }

  /** The column of a model, added where there is none. */
  async columnOf(model: string): Promise<string> {
    return this.#columns.find((column) => column.model === model)?.id ?? this.addColumn(model);
  }

  async addColumn(model: string): Promise<string> {
    const column = createColumn(randomUUID(), model);
    this.#columns.push(column);
    await this.#columnsChanged();
    return column.id;
  }

  async duplicateColumn(columnId: string): Promise<string> {
    const from = this.#column(columnId);
    const copy = { ...createColumn(randomUUID(), from.model), parameters: { ...from.parameters } };
    copy.promptCaching = from.promptCaching;
    this.#columns.splice(this.#columns.indexOf(from) + 1, 0, copy);
    await this.#columnsChanged();
    return copy.id;
  }

  async removeColumn(columnId: string): Promise<void> {
    const column = this.#column(columnId);
    this.stop(columnId);
    this.#columns = this.#columns.filter((other) => other !== column);
    await this.#columnsChanged();
  }

  async setColumn(columnId: string, changes: { model?: string; parameters?: Parameters; promptCaching?: boolean }) {
    const column = this.#column(columnId);
    if (changes.model !== undefined) column.model = changes.model;
    if (changes.parameters !== undefined) column.parameters = changes.parameters;
    if (changes.promptCaching !== undefined) column.promptCaching = changes.promptCaching;
    await this.#columnsChanged();
  }

  setRepeat(repeat: number): void {
    this.#repeat = Math.min(50, Math.max(1, Math.floor(repeat) || 1));
    this.#push({ type: 'repeat', repeat: this.#repeat });
  }

  /** Runs all columns as a new comparison, or one column within the present one. */
  async start(columnId?: string): Promise<void> {
    const columns = columnId ? [this.#column(columnId)] : this.#columns;
    if (!columns.length) {
      throw new UserError('This comparison has no model.', { code: 'usage', hint: 'Add a model first.' });
    }
    if (columns.some((column) => this.#live.has(column)) || this.#starting) return;
    for (const column of columns) column.turns = [];
    this.#remember();
    await this.#run(columns, { repeat: this.#repeat, fresh: columnId === undefined });
  }

  /** Sends the conversation so far with a new user turn, or with results for the answer's tool calls. */
  async continueRun(
    columnId: string,
    next: { text?: string; toolResults?: { id: string; name: string; output: string }[] },
  ): Promise<void> {
    const column = this.#column(columnId);
    const { last } = column;
    if (!last?.answer || this.#live.has(column)) {
      throw new UserError('There is no finished answer to go on from.', {
        code: 'usage',
        hint: 'Run the column first.',
      });
    }
    const { messages: sent, answer } = last;
    const { values } = await this.#prompt.renderNow();
    const prompt = this.#prompt.parsed.prompt;
    const messages = await this.#options.workbench.goOn(prompt, { input: values, sent, answer, next });
    column.turns = [...column.turns, answer, ...turnsOf(next)];
    this.#push({ type: 'turns', columnId, turns: column.turns });
    await this.#run([column], { repeat: 1, fresh: false, messages });
  }

  stop(columnId?: string): void {
    this.#live.stop(columnId);
  }

  async rate(runId: string, rating: 'up' | 'down' | undefined, note: string | undefined): Promise<void> {
    const view = this.runView(runId);
    if (!view) return;
    const store = await this.#options.workbench.store();
    await store.rateRun(runId, { rating, note });
    Object.assign(view, { rating, note });
    this.#push({ type: 'run-patch', runId, patch: { rating, note } });
    this.#options.onRunsChanged();
  }

  runView(runId: string): RunView | undefined {
    return this.#columns.flatMap((column) => column.runs).find((run) => run.runId === runId);
  }

  /** The request that a column would send now, for copying it as code. */
  async specOf(columnId: string): Promise<RunSpec> {
    const column = this.#column(columnId);
    const [spec] = await this.#prepare([column], { repeat: 1 });
    if (!spec) throw new UserError('This column has no request.', { code: 'usage' });
    return spec;
  }

  /** Models, keys or prices changed: estimates are made anew. */
  async refresh(): Promise<void> {
    await Promise.all([this.#estimate(), this.#readBudget()]);
    this.#push({ type: 'budget', budget: this.#budget });
  }

  dispose(): void {
    this.#disposed = true;
    this.#unwatch();
    this.stop();
    this.#batcher.dispose();
  }

  #push(event: CompareEvent): void {
    if (!this.#disposed) this.#batcher.push(event);
  }

  #column(columnId: string): Column {
    const column = this.#columns.find(({ id }) => id === columnId);
    if (!column) throw new UserError('This column is no longer in the comparison.', { code: 'usage' });
    return column;
  }

  async #columnsChanged(): Promise<void> {
    this.#push({ type: 'columns', columns: this.#columns.map(outlineColumn) });
    this.#remember();
    await this.#estimate();
  }

  async #render(): Promise<void> {
    if (!(await this.#prompt.render())) return;
    this.#push({ type: 'messages', messages: this.#prompt.messages });
    await this.#estimate();
  }

  async #estimate(): Promise<void> {
    const { messages, parsed } = this.#prompt;
    if (!messages.ok) return;
    const entries = await estimateColumns(this.#options.workbench, this.#columns, {
      prompt: parsed.prompt,
      messages: messages.messages,
    });
    this.#push({ type: 'estimates', estimates: Object.fromEntries(entries) });
  }

  async #prepare(
    columns: Column[],
    { repeat, messages }: { repeat: number; messages?: Message[] },
  ): Promise<RunSpec[]> {
    const { workbench } = this.#options;
    const { rendered, values } = await this.#prompt.renderNow();
    const plans = columns.map(({ model, parameters, promptCaching }) => {
      return { model, parameters, promptCaching, ...(messages ? { messages } : {}) };
    });
    return workbench.prepare({ prompt: this.#prompt.parsed.prompt, rendered, columns: plans, repeat, input: values });
  }

  async #run(columns: Column[], how: { repeat: number; fresh: boolean; messages?: Message[] }): Promise<void> {
    this.#starting++;
    try {
      const prepared = await this.#prepare(columns, how);
      const comparisonId = how.fresh ? undefined : this.#comparisonId;
      // A column run alone stays in the comparison it stands in, at its own place.
      const runs = prepared.flatMap((spec) => {
        const column = columns[spec.column];
        if (!column || !this.#columns.includes(column)) return [];
        const own = { column: this.#columns.indexOf(column), comparisonId: comparisonId ?? spec.comparisonId };
        return [{ column, spec: { ...spec, ...own } }];
      });
      const comparison = await this.#options.workbench.compare(runs.map(({ spec }) => spec));
      this.#comparisonId = comparison.comparisonId;
      this.#history = undefined;
      this.#push({ type: 'comparison', comparisonId: comparison.comparisonId });
      this.#live.begin(comparison, runs);
      void this.#follow(comparison);
    } finally {
      this.#starting--;
    }
  }

  async #follow(comparison: Comparison): Promise<void> {
    this.#push({ type: 'running', running: true });
    this.#options.onRunsChanged();
    try {
      await this.#live.follow(comparison);
    } catch (error) {
      this.#options.log.error('A comparison ended unexpectedly', error);
      this.#notice('The comparison ended unexpectedly; the log says why.');
    }
    await this.#readBudget();
    this.#push({ type: 'budget', budget: this.#budget });
    this.#push({ type: 'running', running: this.running });
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
    const { source, input } = this.#prompt;
    rememberSession(workbench, log, { path: source.path, input, models: this.models });
  }

  #watchOrphans(): () => void {
    return watchOrphans({
      workbench: this.#options.workbench,
      log: this.#options.log,
      orphans: () => this.#columns.flatMap((column) => column.runs).filter((run) => run.state === 'streaming'),
      onEnd: (run, ended) => {
        Object.assign(run, ended);
        this.#push({ type: 'run-patch', runId: run.runId, patch: ended });
      },
    });
  }
}
