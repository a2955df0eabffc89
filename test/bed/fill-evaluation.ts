import path from 'node:path';
import type { EvalRecord, NewCell, StoredCase } from '../../src/core/store/evals/eval-record.ts';
import { openStore } from '../../src/core/store/open-store.ts';
import { recordOf } from './evaluation-record.ts';

/** What is stored; always the same for the same options. */
export interface FillOptions {
  id?: string;
  name?: string;
  cases: number;
  repeats?: number;
  startedAt?: number;
  changes?: Partial<EvalRecord>;
}

const BATCH = 1000;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Stores the result of an evaluation of two versions of a prompt in a folder's history: answers of about 300 characters
 * with three scores each. The working copy fails every tenth case, has an error in every fiftieth, and other texts in a
 * fifth of them.
 */
export async function fillEvaluation(folder: string, { cases, repeats = 1, ...options }: FillOptions): Promise<string> {
  const store = await openStore({
    path: path.join(folder, '.llmops', 'llmops.db'),
    log: silent,
    now: Date.now,
    workerUrl: new URL('../../src/core/store/worker.ts', import.meta.url),
  });
  const record = recordOf(folder, { cases, repeats, ...options });
  await store.evals.create({ ...record, state: 'running', endedAt: undefined, summary: undefined });
  for (let from = 0; from < cases; from += BATCH) {
    const places = Array.from({ length: Math.min(BATCH, cases - from) }, (_, index) => from + index);
    await store.evals.addCases(record.id, from, places.map(makeCase));
    await store.evals.addCells(
      record.id,
      places.flatMap((place) => cellsOf(place, repeats)),
      [],
    );
  }
  const { state, endedAt, summary } = record;
  await store.evals.update(record.id, { state, endedAt, summary });
  await store.close();
  return record.id;
}

const PLANS = ['Gold', 'Silver', 'Basic'];
const TAGS = [['price'], [], ['price', 'angry'], [], []];
const SENTENCES = [
  'The customer will probably leave within three months.',
  'The price rose twice in a year, and the last tickets were answered late.',
  'Usage has fallen since spring, which usually comes before a cancellation.',
  'An offer with a lower price may keep the contract for another year.',
  'There is no sign of a change: the contract was renewed in March.',
];

function makeCase(place: number): StoredCase {
  return {
    id: `customer-${place + 1}`,
    contentHash: place.toString(16).padStart(64, '0'),
    dataset: 'data/churn.jsonl',
    number: place + 1,
    inputs: {
      age: 20 + (place % 60),
      tenure: place % 12,
      plan: PLANS[place % PLANS.length],
      comments: SENTENCES[place % SENTENCES.length],
    },
    expected: [textOf(place, false)],
    contexts: undefined,
    messages: undefined,
    toolCalls: undefined,
    retrieval: undefined,
    tags: TAGS[place % TAGS.length] ?? [],
    weight: 1,
    group: undefined,
    others: {},
    output: undefined,
  };
}

/** About 300 characters. */
function textOf(place: number, isChanged: boolean): string {
  const start = isChanged ? place + 1 : place;
  const sentences = Array.from({ length: 5 }, (_, index) => SENTENCES[(start + index * 2) % SENTENCES.length]);
  return `Customer ${place + 1}. ${sentences.join(' ')}`;
}

function cellsOf(place: number, repeats: number): NewCell[] {
  return [0, 1].flatMap((column) => Array.from({ length: repeats }, (_, index) => makeCell(place, column, index + 1)));
}

function makeCell(place: number, column: number, repeat: number): NewCell {
  const isError = column === 1 && place % 50 === 7;
  const isFailed = column === 1 && place % 10 === 3 && (repeat === 1 || place % 20 === 3);
  const rougeL = isFailed ? 0.21 : 0.72 + ((place + repeat * 7 + column * 3) % 27) / 100;
  return {
    case: place,
    column,
    repeat,
    state: isError ? 'error' : isFailed ? 'failed' : 'passed',
    cached: place % 40 === 0,
    scores: isError
      ? Array.from({ length: 3 }, () => ({ value: null, passed: null, reason: 'There is no answer.' }))
      : [
          { value: isFailed ? 0 : 1, passed: !isFailed, reason: isFailed ? 'risk_level is missing.' : undefined },
          { value: rougeL, passed: rougeL >= 0.4 },
          { value: latencyOf(place, column), passed: null },
        ],
    score: isError ? undefined : ((isFailed ? 0 : 1) + rougeL) / 2,
    answer: {
      cacheKey: undefined,
      output: isError ? '' : textOf(place, column === 1 && place % 5 === 3),
      reasoning: '',
      toolCalls: [],
      contexts: undefined,
      finishReason: isError ? undefined : 'stop',
      servedModel: 'demo/swift',
      usage: { inputTokens: 335, outputTokens: 82 },
      usageEstimated: false,
      costUsd: isError ? undefined : 0.000048 + column * 0.000018,
      ttftMs: 210,
      latencyMs: latencyOf(place, column),
      simulated: true,
      error: isError ? { code: 'timeout', message: 'The server did not answer within 60 s.' } : undefined,
      at: 0,
    },
  };
}

const latencyOf = (place: number, column: number) => 600 + (place % 90) * 9 + column * 200;
