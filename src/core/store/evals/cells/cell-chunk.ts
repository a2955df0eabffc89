import type { CellScore, CellState, EvalMatrix } from '../eval-record.ts';

/** Small enough to be written again with every finished cell, and large enough that 100,000 cells are 400 rows. */
export const CHUNK_CELLS = 256;

const STATES = { passed: 1, failed: 2, error: 3 } as const;
const CACHED = 4;
/** Per metric, where `passed` is not null. */
const PASSED = 1;
const FAILED = 2;

interface CellFigures {
  state: CellState;
  cached: boolean;
  score: number | undefined;
  scores: readonly CellScore[];
  latencyMs: number | undefined;
  /** Of the answer, reused or not. */
  costUsd: number | undefined;
  outputHash: Uint8Array;
}

/** What a chunk had before a cell was written to it. */
interface ReplacedCell {
  state: CellState | undefined;
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

  put(index: number, cell: CellFigures): ReplacedCell {
    this.latencyMs[index] = cell.latencyMs ?? Number.NaN;
    this.costUsd[index] = cell.costUsd ?? Number.NaN;
    const view = new DataView(cell.outputHash.buffer, cell.outputHash.byteOffset, 8);
    this.hashes[2 * index] = view.getUint32(0);
    this.hashes[2 * index + 1] = view.getUint32(4);
    return this.score(index, cell);
  }

  /** Changes what depends on the metrics only. */
  score(index: number, cell: Pick<CellFigures, 'state' | 'cached' | 'score' | 'scores'>): ReplacedCell {
    const before = this.at(index);
    this.flags[index] = STATES[cell.state] | (cell.cached ? CACHED : 0);
    this.scores[index] = cell.score ?? Number.NaN;
    this.values.forEach((values, metric) => {
      const { value, passed } = cell.scores[metric] ?? { value: null, passed: null };
      values[index] = value ?? Number.NaN;
      const marks = this.passed[metric];
      if (marks) marks[index] = passed === null ? 0 : passed ? PASSED : FAILED;
    });
    return before;
  }

  at(index: number): ReplacedCell {
    const flags = this.flags[index] ?? 0;
    return { state: ([undefined, 'passed', 'failed', 'error'] as const)[flags & 3], cached: (flags & CACHED) !== 0 };
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
    matrix.states[first + index] = flags & 3;
    if ((flags & CACHED) === 0) continue;
    matrix.isCached[first + index] = 1;
    matrix.costUsd[first + index] = 0;
  }
}
