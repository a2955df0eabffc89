import { UserError } from '../../core/base/errors.ts';
import type { Log } from '../../core/base/ports.ts';
import type { Message } from '../../core/models/chat-model.ts';
import type { Comparison } from '../../core/runs/comparison.ts';
import type { NextTurn } from '../../core/runs/conversation.ts';
import type { RunSpec } from '../../core/runs/events.ts';
import type { RunColumn } from '../../core/runs/plan-runs.ts';
import type { Workbench } from '../../core/workbench.ts';
import type { CompareEvent } from '../../protocol/compare.ts';
import { type Column, turnsOf } from './compare-columns.ts';
import type { ComparePrompts } from './compare-prompts.ts';
import { LiveRuns } from './live-runs.ts';

interface RunnerOptions {
  workbench: Workbench;
  prompts: ComparePrompts;
  log: Log;
  /** All columns of the comparison, in order. */
  columns(): readonly Column[];
  push(event: CompareEvent): void;
  notice(message: string): void;
  /** A run was added to a column. */
  onRun(spec: RunSpec): void;
  /** A run began. */
  onStart(): void;
  /** All runs of a comparison have ended. */
  onEnd(): Promise<void>;
}

interface Start {
  repeat: number;
  /** True for a new comparison, false to add runs to the current one. */
  fresh: boolean;
  /** Sent in place of the rendered messages of the prompt. */
  messages?: Message[];
}

/** Starts and follows the runs of a comparison's columns, each with its own version of the prompt. */
export class CompareRunner {
  readonly #options: RunnerOptions;
  readonly #live: LiveRuns;
  /** Number of starts in preparation: a second click must not start the columns twice. */
  #starting = 0;
  comparisonId: string | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#live = new LiveRuns(options.push, options.onRun);
  }

  get running(): boolean {
    return this.#live.size > 0 || this.#starting > 0;
  }

  stop(columnId?: string): void {
    this.#live.stop(columnId);
  }

  /** Does nothing if one of the columns is running. */
  async start(columns: Column[], how: Start): Promise<void> {
    if (columns.some((column) => this.#live.has(column)) || this.#starting) return;
    for (const column of columns) column.turns = [];
    await this.#run(columns, how);
  }

  /** Sends the conversation so far with a new user turn, or with results for the answer's tool calls. */
  async continueRun(column: Column, next: NextTurn): Promise<void> {
    const { last } = column;
    if (!last?.answer || this.#live.has(column)) {
      throw new UserError('There is no finished answer to continue.', {
        code: 'usage',
        hint: 'Run the column first.',
      });
    }
    const { workbench, prompts, push } = this.#options;
    const { messages: sent, answer } = last;
    const state = prompts.of(column);
    const { values } = await state.renderNow();
    const messages = await workbench.runs.continueConversation(state.parsed.prompt, {
      input: values,
      sent,
      answer,
      next,
    });
    column.turns = [...column.turns, answer, ...turnsOf(next)];
    push({ type: 'turns', columnId: column.id, turns: column.turns });
    await this.#run([column], { repeat: 1, fresh: false, messages });
  }

  /** The request that a column would send now. */
  async specOf(column: Column): Promise<RunSpec | undefined> {
    const { workbench, prompts } = this.#options;
    const [spec] = await workbench.runs.plan({ input: prompts.input, columns: [await this.#toRun(column)] });
    return spec;
  }

  async #toRun(column: Column, messages?: Message[]): Promise<RunColumn> {
    const { version, model, parameters, promptCaching } = column;
    const state = this.#options.prompts.of(column);
    try {
      const { rendered, values } = await state.renderNow();
      const named = version && { label: version.label, commit: version.commit };
      const own = { rendered, input: values, messages, config: { parameters, promptCaching } };
      return { prompt: state.parsed.prompt, version: named, model, ...own };
    } catch (error) {
      if (!version || !(error instanceof UserError)) throw error;
      const { code, hint } = error;
      throw new UserError(`${version.label}: ${error.message}`, { code, ...(hint ? { hint } : {}), cause: error });
    }
  }

  async #run(columns: Column[], { repeat, fresh, messages }: Start): Promise<void> {
    const { workbench, prompts, push } = this.#options;
    this.#starting++;
    try {
      const ready = await Promise.all(
        columns.map(async (column) => ({ column, run: await this.#toRun(column, messages) })),
      );
      // A single column stays in its comparison, in its own place. A column that was removed in the meantime does not
      // run.
      const all = [...this.#options.columns()];
      const left = ready.filter(({ column }) => all.includes(column));
      const comparison = await workbench.runs.start({
        input: prompts.input,
        columns: left.map(({ column, run }) => ({ ...run, place: all.indexOf(column) })),
        repeat,
        comparisonId: fresh ? undefined : this.comparisonId,
      });
      this.comparisonId = comparison.comparisonId;
      push({ type: 'comparison', comparisonId: comparison.comparisonId });
      this.#live.begin(
        comparison,
        comparison.specs.flatMap((spec) => {
          const column = all[spec.column];
          return column ? [{ column, spec }] : [];
        }),
      );
      void this.#follow(comparison);
    } finally {
      this.#starting--;
    }
  }

  async #follow(comparison: Comparison): Promise<void> {
    const { push, log, notice, onStart, onEnd } = this.#options;
    push({ type: 'running', running: true });
    onStart();
    try {
      await this.#live.follow(comparison);
    } catch (error) {
      log.error('A comparison ended unexpectedly', error);
      notice('The comparison ended unexpectedly. See the log for details.');
    }
    await onEnd();
    push({ type: 'running', running: this.running });
  }
}
