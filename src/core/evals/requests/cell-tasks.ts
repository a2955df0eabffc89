import { toErrorInfo } from '../../base/errors.ts';
import type { StoredAnswer, StoredCase } from '../../store/evals/eval-record.ts';
import type { Store } from '../../store/store.ts';
import type { EvalSpec } from '../file/eval-spec.ts';
import type { RunState } from '../run/run-state.ts';
import type { CaseSource } from './case-source.ts';
import type { EarlierAnswers } from './earlier-answers.ts';
import type { PreparedRequest, RequestMaker } from './model-requests.ts';
import { emptyAnswer } from './request-makers.ts';

/** A cell to fill. */
export interface CellTask {
  place: number;
  column: number;
  repeat: number;
  evalCase: StoredCase;
  /** Undefined if the case could not be asked. */
  request: PreparedRequest | undefined;
  /** An earlier answer to the same request, or why there is none to ask for. */
  known: StoredAnswer | { id: number; answer: StoredAnswer } | undefined;
  /** How often its request was sent. */
  attempts: number;
  /** The highest possible cost of its request, if there is a budget. */
  worstUsd?: number | undefined;
  firstSentAt?: number;
  /** How it failed last, and how many others had succeeded when it first did. */
  failure?: { answer: StoredAnswer; successesBefore: number };
}

interface TaskSource {
  cases: CaseSource;
  /** Of one lane. */
  columns: readonly number[];
  makers: readonly RequestMaker[];
  state: RunState;
  /** `read` looks earlier answers up. */
  cache: EvalSpec['cache'];
  earlier: EarlierAnswers | undefined;
  store: Pick<Store, 'evals'>;
  now(): number;
}

/** The first answers should not wait for many others to be rendered. */
const FIRST_CHUNK = 8;
const CHUNK = 64;

/** The open cells in the order of the cases, the next ones prepared while the last ones are answered. */
export async function* cellTasks(source: TaskSource): AsyncGenerator<CellTask> {
  const { count } = source.cases;
  let next = prepareChunk(source, 0, FIRST_CHUNK);
  for (let place = FIRST_CHUNK; ; place += CHUNK) {
    const tasks = await next;
    if (place < count) {
      next = prepareChunk(source, place, CHUNK);
      // it is awaited in the next round, unless the run ends before
      next.catch(() => {});
    }
    yield* tasks;
    if (place >= count) return;
  }
}

async function prepareChunk(source: TaskSource, from: number, size: number): Promise<CellTask[]> {
  const { cases, columns, state } = source;
  const { repeats } = state.shape;
  const places = Array.from({ length: Math.max(0, Math.min(size, cases.count - from)) }, (_, index) => from + index);
  const isOpen = (place: number) =>
    columns.some((column) => {
      return Array.from({ length: repeats }, (_, at) => at + 1).some(
        (repeat) => !state.has({ case: place, column, repeat }),
      );
    });
  const open = places.filter(isOpen);
  const tasks: CellTask[] = [];
  for (const [index, evalCase] of (await cases.read(open)).entries()) {
    const place = open[index]!;
    for (const column of columns) {
      for (let repeat = 1; repeat <= repeats; repeat += 1) {
        if (state.has({ case: place, column, repeat })) continue;
        tasks.push(await prepareTask(source, { place, column, repeat, evalCase }));
      }
    }
  }
  if (source.cache === 'read') await findKnown(source, tasks);
  if (source.earlier) await findEarlier(source.earlier, tasks);
  return tasks;
}

async function prepareTask(
  { makers, now }: TaskSource,
  cell: Pick<CellTask, 'place' | 'column' | 'repeat' | 'evalCase'>,
): Promise<CellTask> {
  try {
    const request = await makers[cell.column]?.prepare(cell.evalCase, cell.repeat);
    return { ...cell, request, known: undefined, attempts: 0 };
  } catch (error) {
    // nothing was sent
    const known = { ...emptyAnswer(now()), costUsd: 0, error: toErrorInfo(error) };
    return { ...cell, request: undefined, known, attempts: 0 };
  }
}

async function findKnown({ store }: TaskSource, tasks: readonly CellTask[]): Promise<void> {
  const asked = tasks.filter(({ request }) => request?.cacheKey !== undefined);
  if (asked.length === 0) return;
  const ids = await store.evals.findAnswers(asked.map(({ request }) => request?.cacheKey ?? ''));
  const found = ids.filter((id) => id !== undefined);
  if (found.length === 0) return;
  const answers = new Map((await store.evals.answers(found)).map((answer, index) => [found[index], answer]));
  for (const [index, task] of asked.entries()) {
    const id = ids[index];
    const answer = id === undefined ? undefined : answers.get(id);
    if (id !== undefined && answer) task.known = { id, answer };
  }
}

async function findEarlier(earlier: EarlierAnswers, tasks: readonly CellTask[]): Promise<void> {
  const asked = tasks.filter(({ known }) => known === undefined);
  const found = await earlier.find(asked);
  for (const [index, task] of asked.entries()) task.known = found[index];
}
