import type { EvalCounts, EvalTotals, NewCell, StoredAnswer } from '../../store/evals/eval-record.ts';

interface Shape {
  cases: number;
  columns: number;
  repeats: number;
}

const TOTALS = ['costUsd', 'inputTokens', 'outputTokens'] as const;
const STATES = { passed: 1, failed: 2, error: 3 } as const;

/** Which cells are there, in one byte each, and what they add up to: index = (case × columns + column) × repeats + repeat − 1. */
export class RunState {
  readonly shape: Shape;
  readonly #states: Uint8Array;
  /** How many cells have each state, open ones first. */
  readonly #counts = [0, 0, 0, 0];
  readonly #totals: EvalTotals;
  #cached: number;
  /** The cost of a request is known, and that of another one is not because it failed. */
  #spent = { isKnown: false, isUnknown: false };
  /** Cells that progress leaves out. */
  #kept = 0;

  constructor(shape: Shape, known: { states?: Uint8Array; totals?: EvalTotals; cached?: number } = {}) {
    this.shape = shape;
    this.#states = known.states?.slice() ?? new Uint8Array(shape.cases * shape.columns * shape.repeats);
    for (const state of this.#states) this.#counts[state]! += 1;
    const [, passed, failed, errors] = this.#counts as [number, number, number, number];
    const isUnknown = known.totals?.costUsd === undefined && errors > 0 && passed + failed === 0;
    this.#spent = { isKnown: passed + failed + errors > 0 && !isUnknown, isUnknown };
    const none = { costUsd: 0, inputTokens: 0, outputTokens: 0 };
    this.#totals = isUnknown ? none : { ...(known.totals ?? none) };
    this.#cached = known.cached ?? 0;
  }

  index({ case: place, column, repeat }: Pick<NewCell, 'case' | 'column' | 'repeat'>): number {
    const { columns, repeats } = this.shape;
    return (place * columns + column) * repeats + repeat - 1;
  }

  has(cell: Pick<NewCell, 'case' | 'column' | 'repeat'>): boolean {
    return this.#states[this.index(cell)] !== 0;
  }

  /** How many cells of a column are to be filled. */
  openIn(column: number): number {
    const { columns, repeats } = this.shape;
    let count = 0;
    for (const [index, state] of this.#states.entries()) {
      if (state === 0 && Math.floor(index / repeats) % columns === column) count += 1;
    }
    return count;
  }

  /** Asked again: the cell is open until it is filled. */
  reopenAt(index: number): void {
    this.#set(index, 0);
  }

  /** From now on, progress is of the cells that are open now: it says nothing of a re-run that the others are there. */
  leaveOutOthers(): void {
    this.#kept = this.done;
  }

  progress(): { done: number; total: number } {
    return { done: this.done - this.#kept, total: this.#states.length - this.#kept };
  }

  /** `isGiven`: nothing was paid for its answer, which the dataset has. */
  add(cell: NewCell, isGiven = false): void {
    this.#set(this.index(cell), STATES[cell.state]);
    if (cell.cached) this.#cached += 1;
    if (cell.cached || isGiven || typeof cell.answer === 'number') this.#spent.isKnown = true;
    else this.#addFigures(cell.answer);
  }

  /** A part of an answer that is requested again: it adds what is known. */
  addUnused({ costUsd, usage }: Pick<StoredAnswer, 'costUsd' | 'usage'>): void {
    const known = { costUsd, inputTokens: usage.inputTokens, outputTokens: usage.outputTokens };
    if (!this.#noteCost(costUsd)) return;
    for (const name of TOTALS) if (known[name] !== undefined) add(this.#totals, name, known[name]);
  }

  counts(): EvalCounts {
    const [, passed = 0, failed = 0, errors = 0] = this.#counts;
    return { cases: this.shape.cases, cells: this.#states.length, passed, failed, errors, cached: this.#cached };
  }

  get done(): number {
    return this.#states.length - this.#counts[0]!;
  }

  /** The cost is unknown while all requests that were sent have failed without one. */
  totals(): EvalTotals {
    const { isKnown, isUnknown } = this.#spent;
    return { ...this.#totals, ...(isUnknown && !isKnown && { costUsd: undefined }) };
  }

  #set(index: number, state: number): void {
    this.#counts[this.#states[index]!]! -= 1;
    this.#counts[state]! += 1;
    this.#states[index] = state;
  }

  /** Of a request that failed. */
  #noteCost(costUsd: number | undefined): boolean {
    const isKnown = costUsd !== undefined;
    this.#spent[isKnown ? 'isKnown' : 'isUnknown'] = true;
    return isKnown;
  }

  #addFigures({ costUsd, usage, error }: Pick<StoredAnswer, 'costUsd' | 'usage' | 'error'>): void {
    // a request that failed was mostly not billed, and its usage is not reported
    if (error && !this.#noteCost(costUsd)) return;
    this.#spent.isKnown = true;
    add(this.#totals, 'costUsd', costUsd);
    add(this.#totals, 'inputTokens', usage.inputTokens);
    add(this.#totals, 'outputTokens', usage.outputTokens);
  }
}

/** With one unknown part, a sum is unknown. */
function add(totals: EvalTotals, name: keyof EvalTotals, amount: number | undefined): void {
  const sum = totals[name];
  totals[name] = sum === undefined || amount === undefined ? undefined : sum + amount;
}
