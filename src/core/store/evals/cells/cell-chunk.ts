import type { EvalMatrix } from '../eval-record.ts';
import type { CellFigures } from './encode-cells.ts';

/** Small enough to be written again with every finished cell, and large enough that 100,000 cells are 400 rows. */
export const CHUNK_CELLS = 256;

/** Bits of a cell's flags: its state, and whether its answer was reused. */
const STATE = 3;
const CACHED = 4;

/** What depends on the answer alone. */
interface AnswerFigures {
  /** NaN is unknown. */
  latencyMs: number;
  /** Of the answer, reused or not. */
  costUsd: number;
  /** Eight bytes. */
  outputHash: Uint8Array;
}

/** What a chunk has of a cell; the state 0 is no cell yet. */
interface CellFlags {
  state: number;
  cached: boolean;
}

/** The figures of some cells as they are stored: one array for each figure, and two bytes for state and reuse. */
export class CellChunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly latencyMs: Float64Array;
  readonly costUsd: Float64Array;
  readonly values: Float64Array[];
  /** Two numbers for each cell. */
  readonly hashes: Uint32Array;
  readonly scores: Float32Array;
  readonly flags: Uint8Array;
  readonly passed: Uint8Array[];

  /** Of stored bytes, or empty. */
  constructor(metrics: number, stored?: Uint8Array) {
    const size = sizeOf(metrics);
    const buffer = new ArrayBuffer(size);
    this.bytes = new Uint8Array(buffer);
    if (stored) this.bytes.set(stored.subarray(0, size));
    let at = 0;
    const take = (bytesPerCell: number) => {
      const start = at;
      at += bytesPerCell * CHUNK_CELLS;
      return start;
    };
    const floats = () => new Float64Array(buffer, take(8), CHUNK_CELLS);
    this.latencyMs = floats();
    this.costUsd = floats();
    this.values = Array.from({ length: metrics }, floats);
    this.hashes = new Uint32Array(buffer, take(8), 2 * CHUNK_CELLS);
    this.scores = new Float32Array(buffer, take(4), CHUNK_CELLS);
    this.flags = new Uint8Array(buffer, take(1), CHUNK_CELLS);
    this.passed = Array.from({ length: metrics }, () => new Uint8Array(buffer, take(1), CHUNK_CELLS));
    if (!stored)
      for (const figures of [this.latencyMs, this.costUsd, this.scores, ...this.values]) figures.fill(Number.NaN);
  }

  /** Returns what was there before. */
  put(index: number, cell: CellFigures, { latencyMs, costUsd, outputHash }: AnswerFigures): CellFlags {
    this.latencyMs[index] = latencyMs;
    this.costUsd[index] = costUsd;
    this.bytes.set(outputHash, this.hashes.byteOffset + 8 * index);
    return this.score(index, cell);
  }

  /** Changes what depends on the metrics only. Returns what was there before. */
  score(index: number, cell: Pick<CellFigures, 'state' | 'cached' | 'score' | 'values' | 'passed'>): CellFlags {
    const before = this.at(index);
    this.flags[index] = cell.state | (cell.cached ? CACHED : 0);
    this.scores[index] = cell.score;
    for (let metric = 0; metric < this.values.length; metric += 1) {
      this.values[metric]![index] = cell.values[metric] ?? Number.NaN;
      this.passed[metric]![index] = cell.passed[metric] ?? 0;
    }
    return before;
  }

  at(index: number): CellFlags {
    const flags = this.flags[index] ?? 0;
    return { state: flags & STATE, cached: (flags & CACHED) !== 0 };
  }

  /** The same cells with other metrics: `from[n]` is the number of metric n here, or −1 if it was not measured. */
  withMetrics(from: readonly number[]): CellChunk {
    const changed = new CellChunk(from.length);
    for (const name of ['latencyMs', 'costUsd', 'hashes', 'scores', 'flags'] as const) changed[name].set(this[name]);
    from.forEach((metric, n) => {
      const [values, passed] = [this.values[metric], this.passed[metric]];
      if (values) changed.values[n]?.set(values);
      if (passed) changed.passed[n]?.set(passed);
    });
    return changed;
  }
}

function sizeOf(metrics: number): number {
  return CHUNK_CELLS * (8 * (2 + metrics) + 8 + 4 + 1 + metrics);
}

/** The matrix with what only this thread needs: whether the text of an answer has changed. */
export interface HashedMatrix extends EvalMatrix {
  /** Two numbers for each cell. */
  hashes: Uint32Array;
}

export function emptyMatrix({
  cases,
  columns,
  repeats,
  metrics,
}: Record<'cases' | 'columns' | 'repeats' | 'metrics', number>): HashedMatrix {
  const cells = cases * columns * repeats;
  const floats = () => new Float64Array(cells).fill(Number.NaN);
  return {
    cases,
    columns,
    repeats,
    states: new Uint8Array(cells),
    isCached: new Uint8Array(cells),
    scores: new Float32Array(cells).fill(Number.NaN),
    values: Array.from({ length: metrics }, floats),
    passed: Array.from({ length: metrics }, () => new Uint8Array(cells)),
    latencyMs: floats(),
    costUsd: floats(),
    answerCostUsd: floats(),
    hashes: new Uint32Array(2 * cells),
  };
}

/** Copies the cells of a chunk into a matrix; those behind its end, of cases that are not announced yet, are left out. */
export function copyChunk(chunk: CellChunk, number: number, matrix: HashedMatrix): void {
  const first = number * CHUNK_CELLS;
  const count = Math.min(CHUNK_CELLS, matrix.states.length - first);
  if (count <= 0) return;
  matrix.latencyMs.set(chunk.latencyMs.subarray(0, count), first);
  matrix.answerCostUsd.set(chunk.costUsd.subarray(0, count), first);
  matrix.costUsd.set(chunk.costUsd.subarray(0, count), first);
  matrix.scores.set(chunk.scores.subarray(0, count), first);
  matrix.hashes.set(chunk.hashes.subarray(0, 2 * count), 2 * first);
  for (const [metric, values] of chunk.values.entries()) matrix.values[metric]?.set(values.subarray(0, count), first);
  for (const [metric, passed] of chunk.passed.entries()) matrix.passed[metric]?.set(passed.subarray(0, count), first);
  for (let index = 0; index < count; index += 1) {
    const flags = chunk.flags[index] ?? 0;
    matrix.states[first + index] = flags & STATE;
    if ((flags & CACHED) === 0) continue;
    matrix.isCached[first + index] = 1;
    matrix.costUsd[first + index] = 0;
  }
}
