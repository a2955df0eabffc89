import type { StoredResults } from '../../../../src/core/evals/report/eval-report.ts';
import type {
  CellScore,
  CellWithAnswer,
  EvalColumn,
  EvalRecord,
  StoredAnswer,
  StoredCase,
} from '../../../../src/core/store/evals/eval-record.ts';

/** A result with its cases and cells, in memory. */
export interface SampleResult {
  record: EvalRecord;
  cases: StoredCase[];
  cells: CellWithAnswer[];
}

/** What the store's room does, for results in memory. */
export function storedResults(...results: SampleResult[]): StoredResults {
  const find = (id: string) => results.find(({ record }) => record.id === id);
  const known = (id: string) => find(id) ?? fail(id);
  return {
    get: async (id) => find(id)?.record,
    cases: async (id, places) => places.map((place) => known(id).cases[place]),
    cells: async (id, places) => {
      const wanted = new Set(places);
      return known(id).cells.filter((cell) => wanted.has(cell.case));
    },
    identities: async (id) => {
      const { cases } = known(id);
      return { ids: cases.map((one) => one.id), contentHashes: cases.map(({ contentHash }) => contentHash) };
    },
    finished: async (id) => {
      const { record, cases, cells } = known(id);
      const [columns, repeats] = [record.columns.length, record.repeats];
      const states = new Uint8Array(cases.length * columns * repeats);
      for (const cell of cells) {
        const index = (cell.case * columns + cell.column) * repeats + cell.repeat - 1;
        states[index] = { passed: 1, failed: 2, error: 3 }[cell.state];
      }
      return states;
    },
    // the store's tests are about its filters
    listCases: async (id, { filter }) => {
      const { cases } = known(id);
      const places = cases.flatMap((one, place) => (one.tags.includes(filter.state ?? '') ? [place] : []));
      return { places: Int32Array.from(places) };
    },
  };
}

function fail(id: string): never {
  throw new Error(`There is no result ${id}.`);
}

export function sampleColumn(changes: Partial<EvalColumn> = {}): EvalColumn {
  return {
    prompt: 'churn',
    promptPath: 'prompts/churn.prompt',
    version: undefined,
    sourceHash: 'a'.repeat(64),
    contentHash: 'b'.repeat(40),
    model: 'demo/swift',
    parameters: { temperature: 0 },
    isBaseline: false,
    baselineColumn: undefined,
    simulated: true,
    ...changes,
  };
}

export function sampleCase(id: string, changes: Partial<StoredCase> = {}): StoredCase {
  return {
    id,
    contentHash: `hash of ${id}`,
    dataset: 'data/cases.jsonl',
    number: 1,
    inputs: { question: `What about ${id}?` },
    expected: ['Yes'],
    contexts: undefined,
    messages: undefined,
    toolCalls: undefined,
    retrieval: undefined,
    tags: [],
    weight: 1,
    group: undefined,
    others: {},
    output: undefined,
    ...changes,
  };
}

export function sampleAnswer(output: string, changes: Partial<StoredAnswer> = {}): StoredAnswer {
  return {
    cacheKey: undefined,
    output,
    reasoning: '',
    toolCalls: [],
    contexts: undefined,
    finishReason: 'stop',
    servedModel: undefined,
    usage: { inputTokens: 10, outputTokens: 4 },
    usageEstimated: false,
    costUsd: 0.001,
    ttftMs: 12,
    latencyMs: 240,
    simulated: false,
    error: undefined,
    at: 0,
    ...changes,
  };
}

interface CellChanges extends Partial<Omit<CellWithAnswer, 'answer' | 'scores'>> {
  answer?: Partial<StoredAnswer>;
  scores?: readonly CellScore[];
}

/** By default passed, with one metric. */
export function sampleCell(place: number, output: string, changes: CellChanges = {}): CellWithAnswer {
  const { answer, scores = [{ value: 1, passed: true }], ...others } = changes;
  return {
    case: place,
    column: 0,
    repeat: 1,
    state: 'passed',
    cached: false,
    scores: [...scores],
    score: 1,
    rating: undefined,
    csat: undefined,
    completed: undefined,
    escalated: undefined,
    comment: undefined,
    answerId: 1,
    answer: sampleAnswer(output, answer),
    ...others,
  };
}

export function sampleResult(
  { cases, cells }: Pick<SampleResult, 'cases' | 'cells'>,
  changes: Partial<EvalRecord> = {},
): SampleResult {
  const count = (state: string) => cells.filter((cell) => cell.state === state).length;
  const columns = changes.columns ?? [sampleColumn()];
  const repeats = changes.repeats ?? 1;
  return {
    cases,
    cells,
    record: {
      id: 'r1',
      name: 'churn',
      file: 'evals/churn.eval.yaml',
      state: 'done',
      startedAt: Date.UTC(2026, 10, 30, 12),
      endedAt: Date.UTC(2026, 10, 30, 13, 0, 30),
      // it was stopped for an hour
      workedMs: 30_000,
      workingSince: undefined,
      simulated: false,
      columns,
      metrics: [
        {
          name: 'equals',
          id: 'equals',
          title: 'Equals',
          scale: 'yes-no',
          direction: 'higher',
          threshold: undefined,
          weight: 1,
          hash: 'm',
        },
      ],
      repeats,
      counts: {
        cases: cases.length,
        cells: cases.length * columns.length * repeats,
        passed: count('passed'),
        failed: count('failed'),
        errors: count('error'),
        cached: cells.filter(({ cached }) => cached).length,
      },
      totals: { costUsd: 0.004, inputTokens: 40, outputTokens: 16 },
      summary: undefined,
      baselineId: undefined,
      isPinned: false,
      error: undefined,
      plan: undefined,
      ...changes,
    },
  };
}

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
