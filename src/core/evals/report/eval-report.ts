import { joinCases } from '../../../shared/join-cases.ts';
import { UserError } from '../../base/errors.ts';
import type { Message } from '../../models/chat-model.ts';
import type {
  CaseFilter,
  CaseFilterState,
  CaseList,
  CaseSort,
  CellWithAnswer,
  EvalRecord,
  StoredCase,
} from '../../store/evals/eval-record.ts';

/** What is read of stored results, as the store's room `evals` has it. */
export interface StoredResults {
  get(id: string): Promise<EvalRecord | undefined>;
  cases(id: string, places: number[]): Promise<(StoredCase | undefined)[]>;
  /** Of all columns and repeats of the cases. */
  cells(id: string, places: number[]): Promise<CellWithAnswer[]>;
  identities(id: string): Promise<{ ids: string[]; contentHashes: string[] }>;
  finished(id: string): Promise<Uint8Array>;
  listCases(
    id: string,
    query: { filter: CaseFilter; sort: CaseSort; against?: string | undefined },
  ): Promise<Pick<CaseList, 'places'>>;
}

/** A case with its finished cells, by column and repeat. */
export interface ReportCase {
  /** The place of the case, from 0. */
  place: number;
  case: StoredCase;
  cells: CellWithAnswer[];
  /** Of the stored baseline; none if the case has changed, or is not there. */
  baselineCells: CellWithAnswer[];
}

/** A stored result, for those who write it as a file: cases are read in pages, however many there are. */
export interface EvalReport {
  record: EvalRecord;
  /** The stored result that it is compared with; undefined if there is none, or it was deleted. */
  baseline: EvalRecord | undefined;
  /** In the order of the dataset, or only those at some places in the order of the places. */
  cases(options?: { places?: Int32Array | undefined; withBaseline?: boolean }): AsyncGenerator<ReportCase>;
  /** The messages that were sent for a cell, if they are known. */
  messages(cell: { place: number; column: number }): Promise<Message[] | undefined>;
  /** The inputs that any case has. */
  inputNames(): Promise<string[]>;
  /** Of all cells, as `EvalMatrix` has them. */
  states(): Promise<Uint8Array>;
  /** The places of the cases with a failed answer or an error in a column that is no baseline. */
  failedPlaces(): Promise<Int32Array>;
  /** The places of the cases in a state, the largest change first. */
  placesIn(state: CaseFilterState): Promise<Int32Array>;
}

/** About this much text is read at once: an answer may have a megabyte, and most have a few hundred characters. */
const PAGE_LENGTH = 2_000_000;
const MAX_PAGE_CASES = 500;
const FIRST_PAGE_CASES = 20;

interface ReportOptions {
  /** Ends the reading of a long result. */
  signal?: AbortSignal | undefined;
  /** Renders the messages of a cell again; without it, they are unknown. */
  messages?: ((cell: { place: number; column: number }) => Promise<Message[] | undefined>) | undefined;
}

/** Throws UserError `unknown-result`. */
export async function openReport(results: StoredResults, id: string, options: ReportOptions = {}): Promise<EvalReport> {
  const record = await results.get(id);
  if (!record) {
    throw new UserError(`There is no stored result ${id}.`, {
      code: 'unknown-result',
      hint: 'llmops eval list shows the stored results.',
    });
  }
  const baseline = record.baselineId === undefined ? undefined : await results.get(record.baselineId);
  return createReport(results, { ...options, record, baseline });
}

interface Opened extends ReportOptions {
  record: EvalRecord;
  baseline: EvalRecord | undefined;
}

function createReport(results: StoredResults, { record, baseline, signal, messages }: Opened): EvalReport {
  const { id, counts } = record;
  const baselineId = baseline?.id;
  const placesInBaseline = lazyPlaces(results, id, baselineId);
  return {
    record,
    baseline,
    messages: messages ?? (async () => undefined),
    async *cases({ places = Int32Array.from({ length: counts.cases }, (_, place) => place), withBaseline } = {}) {
      const others = withBaseline && baselineId !== undefined ? await placesInBaseline() : undefined;
      let size = FIRST_PAGE_CASES;
      for (let start = 0; start < places.length; ) {
        signal?.throwIfAborted();
        const page = [...places.subarray(start, start + size)];
        const read = await readPage(results, id, page);
        if (others && baselineId !== undefined) await addBaseline(results, baselineId, { read, others });
        yield* read;
        start += page.length;
        size = nextSize(read);
      }
    },
    async inputNames() {
      const names = new Set<string>();
      for (let start = 0; start < counts.cases; start += MAX_PAGE_CASES) {
        signal?.throwIfAborted();
        const length = Math.min(MAX_PAGE_CASES, counts.cases - start);
        const page = Array.from({ length }, (_, index) => start + index);
        for (const one of await results.cases(id, page))
          for (const name of Object.keys(one?.inputs ?? {})) names.add(name);
      }
      return [...names];
    },
    states: () => results.finished(id),
    failedPlaces: async () => findFailures(record, await results.finished(id)),
    async placesIn(state) {
      const sort: CaseSort = { by: 'change', descending: state === 'improved' };
      const { places } = await results.listCases(id, { filter: { state }, sort, against: baselineId });
      return places;
    },
  };
}

function findFailures({ columns, repeats, counts }: EvalRecord, states: Uint8Array): Int32Array {
  const hasFailed = (place: number) =>
    columns.some(({ isBaseline }, column) => {
      const start = (place * columns.length + column) * repeats;
      return !isBaseline && states.subarray(start, start + repeats).some((state) => state > 1);
    });
  return Int32Array.from(Array.from({ length: counts.cases }, (_, place) => place).filter(hasFailed));
}

async function readPage(results: StoredResults, id: string, places: number[]): Promise<ReportCase[]> {
  const [cases, cells] = await Promise.all([results.cases(id, places), results.cells(id, places)]);
  const byPlace = Map.groupBy(cells, (cell) => cell.case);
  return places.flatMap((place, index) => {
    const stored = cases[index];
    const own = (byPlace.get(place) ?? []).toSorted((a, b) => a.column - b.column || a.repeat - b.repeat);
    return stored ? [{ place, case: stored, cells: own, baselineCells: [] }] : [];
  });
}

/** For each place of the result, the place of the same unchanged case in its baseline, or −1. */
function lazyPlaces(results: StoredResults, id: string, baselineId: string | undefined): () => Promise<Int32Array> {
  let places: Promise<Int32Array> | undefined;
  const find = async (baseline: string) => {
    const [own, other] = await Promise.all([results.identities(id), results.identities(baseline)]);
    const { common } = joinCases(
      { ids: other.ids, rowHashes: other.contentHashes },
      { ids: own.ids, rowHashes: own.contentHashes },
    );
    const found = new Int32Array(own.ids.length).fill(-1);
    for (const [index, place] of common.b.entries()) found[place] = common.a[index]!;
    return found;
  };
  return () => {
    places ??= baselineId === undefined ? Promise.resolve(new Int32Array()) : find(baselineId);
    return places;
  };
}

async function addBaseline(
  results: StoredResults,
  baselineId: string,
  { read, others }: { read: ReportCase[]; others: Int32Array },
): Promise<void> {
  const places = read.map(({ place }) => others[place] ?? -1);
  const known = places.filter((place) => place >= 0);
  const cells = known.length > 0 ? await results.cells(baselineId, known) : [];
  const byPlace = Map.groupBy(cells, (cell) => cell.case);
  for (const [index, place] of places.entries()) read[index]!.baselineCells = byPlace.get(place) ?? [];
}

function nextSize(page: readonly ReportCase[]): number {
  const length = page.reduce((sum, one) => sum + lengthOf(one), 0);
  const perCase = Math.max(1, length / Math.max(1, page.length));
  return Math.max(1, Math.min(MAX_PAGE_CASES, Math.floor(PAGE_LENGTH / perCase)));
}

function lengthOf({ case: { inputs, expected }, cells, baselineCells }: ReportCase): number {
  const texts = [...Object.values(inputs), ...expected].filter((value) => typeof value === 'string');
  const answers = [...cells, ...baselineCells].flatMap(({ answer }) => [answer.output, answer.reasoning]);
  return [...texts, ...answers].reduce((sum, text) => sum + text.length, 0);
}
