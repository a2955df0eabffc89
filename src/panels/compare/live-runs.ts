import type { Comparison } from '../../core/runs/comparison.ts';
import type { RunEvent, RunSpec } from '../../core/runs/events.ts';
import type { CompareEvent, RunView } from '../../protocol/compare.ts';
import type { Column } from './compare-columns.ts';
import { applyRunEvent, createRunView, shownEvent } from './run-views.ts';

interface LiveRun {
  column: Column;
  view: RunView;
  comparison: Comparison;
  spec: RunSpec;
}

/** The runs in progress of one panel. Each event of core is applied to the view of its run and sent to the webview. */
export class LiveRuns {
  readonly #runs = new Map<string, LiveRun>();
  readonly #push: (event: CompareEvent) => void;
  readonly #onRun: (spec: RunSpec) => void;

  constructor(push: (event: CompareEvent) => void, onRun: (spec: RunSpec) => void) {
    this.#push = push;
    this.#onRun = onRun;
  }

  get size(): number {
    return this.#runs.size;
  }

  has(column: Column): boolean {
    return [...this.#runs.values()].some((run) => run.column === column);
  }

  /** Adds a view for each run to its column. The first repeat replaces the previous runs. */
  begin(comparison: Comparison, runs: { column: Column; spec: RunSpec }[]): void {
    for (const { column, spec } of runs) {
      const view = createRunView(spec, column.simulated);
      if (spec.repeat === 0) column.runs = [];
      column.runs.push(view);
      column.last = { messages: spec.messages, answer: undefined };
      this.#onRun(spec);
      this.#runs.set(spec.runId, { column, view, comparison, spec });
      this.#push({ type: 'run-start', columnId: column.id, run: { ...view } });
    }
  }

  /** Resolves when every run of the comparison has ended. */
  async follow(comparison: Comparison): Promise<void> {
    try {
      for await (const event of comparison.events) this.#apply(event);
    } finally {
      for (const spec of comparison.specs) this.#runs.delete(spec.runId);
    }
  }

  stop(columnId?: string): void {
    for (const { column, comparison, spec } of this.#runs.values()) {
      if (!columnId || column.id === columnId) comparison.stop(spec.runId);
    }
  }

  #apply(event: RunEvent): void {
    const run = this.#runs.get(event.runId);
    if (!run) {
      // A failure to record a run may only be known after its end.
      if (event.type === 'run-warning') this.#push({ type: 'notice', message: event.warning.message });
      return;
    }
    const shown = shownEvent(event);
    if (!shown) return;
    const at = Date.now();
    applyRunEvent(run.view, shown, at);
    this.#push({ type: 'run-event', columnId: run.column.id, at, event: shown });
    if (event.type !== 'run-end') return;
    run.column.last = { messages: run.spec.messages, answer: event.result.message };
    this.#runs.delete(event.runId);
  }
}
