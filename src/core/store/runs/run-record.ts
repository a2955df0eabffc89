import type { ErrorInfo } from '../../base/errors.ts';
import type { ChatWarning, Message, OutputSpec, Parameters, Usage } from '../../models/chat-model.ts';

/** The version of a prompt that was run, by the name used to select it. */
export interface RunVersion {
  /** `v3`, `production`, `a1b2c3d` */
  label: string;
  commit: string;
}

/** A run as the database keeps it. Times are epoch milliseconds; undefined is unknown. */
export interface RunRecord {
  id: string;
  comparisonId: string;
  column: number;
  repeat: number;
  startedAt: number;
  endedAt: number | undefined;
  state: 'streaming' | 'done' | 'failed' | 'stopped' | 'interrupted';
  model: string;
  /** Answered by a demo model: nobody pays for it. */
  simulated: boolean;
  promptPath: string | undefined;
  promptName: string;
  /** SHA-256 of the prompt's source as run, hex. */
  sourceHash: string;
  /** Hash of the effective content as run: the prompt with its partials. Undefined for runs before version 0.2. */
  contentHash: string | undefined;
  /** Undefined if the text of the work tree was run. */
  version?: RunVersion | undefined;
  input: Record<string, unknown>;
  messages: Message[];
  parameters: Parameters;
  output: OutputSpec;
  text: string;
  /** Exactly what the model wrote, if `text` differs. */
  rawText?: string | undefined;
  reasoning: string;
  message: Message | undefined;
  finishReason: string | undefined;
  servedModel: string | undefined;
  usage: Usage;
  usageEstimated: boolean;
  costUsd: number | undefined;
  ttftMs: number | undefined;
  elapsedMs: number | undefined;
  tokensPerSecond: number | undefined;
  schemaValid: boolean | undefined;
  schemaProblems: string[];
  warnings: ChatWarning[];
  error: ErrorInfo | undefined;
  /** Request and response as sent and received, keys removed; undefined once purged by retention. */
  rawRequest: unknown;
  rawResponse: unknown[] | undefined;
  /** For writing only: `rawResponse` as JSON text, which is stored unchanged instead of being copied chunk by chunk. */
  rawResponseJson?: string | undefined;
  /** Between the store's client and its thread only; see `EncodedAnswer`. */
  answerJson?: EncodedAnswer | undefined;
  rating: 'up' | 'down' | undefined;
  note: string | undefined;
}

/**
 * A long answer as stored in its column, JSON in UTF-8: transferred to the store's thread and not copied. The texts
 * next to it are then omitted, except for the beginning of `text`.
 */
export type EncodedAnswer = Uint8Array<ArrayBuffer>;

/** What the Runs history lists: everything except the long texts. */
export interface RunSummary
  extends Omit<
    RunRecord,
    | 'messages'
    | 'rawText'
    | 'reasoning'
    | 'message'
    | 'rawRequest'
    | 'rawResponse'
    | 'rawResponseJson'
    | 'answerJson'
    | 'output'
    | 'input'
  > {
  /** `text` here is the first 200 characters. */
  text: string;
}

/** Summary of the recorded runs of one effective content; figures that no run has are 0 of 0. */
export interface ContentSummary {
  contentHash: string;
  /** Runs that ended with an answer, and those that failed. */
  done: number;
  failed: number;
  /** The number of answers from demo models. */
  demo: number;
  /** `connection/model`, sorted. */
  models: string[];
  /** Answers checked against the output schema, and how many match. */
  schema: { checked: number; valid: number };
  ratings: { up: number; down: number };
  /** Sum over answers whose cost is known, in dollars. */
  cost: { usd: number; count: number };
  /** Sum of the total times of answers, in milliseconds. */
  latency: { ms: number; count: number };
  /** Epoch milliseconds of the first and the last run. */
  firstAt: number;
  lastAt: number;
  /** The same by model and input, so that like can be compared with like; missing if an older version recorded it. */
  groups?: AnswerGroup[];
}

/** One model's answers to one input of a content. */
export interface AnswerGroup extends Pick<ContentSummary, 'schema' | 'ratings' | 'cost' | 'latency'> {
  model: string;
  /** Undefined if an older version recorded it together with other models' answers. */
  simulated: boolean | undefined;
  /** Short hash of the input; the empty input has one too. */
  input: string;
}

export interface RunFilter {
  contentHash?: string;
  promptPath?: string;
  model?: string;
  rating?: 'up' | 'down' | 'any';
  state?: RunRecord['state'];
  /** Epoch milliseconds, inclusive. */
  since?: number;
  until?: number;
  /** Words searched in the answers and the prompt's name (FTS5). */
  search?: string;
}

export interface RunProgress {
  id: string;
  /** Undefined if only the figures are new: the recorded answer stays. */
  text: string | undefined;
  rawText?: string | undefined;
  reasoning: string | undefined;
  usage: Usage;
  costUsd: number | undefined;
  answerJson?: EncodedAnswer | undefined;
}

export interface RunRating {
  rating: 'up' | 'down' | undefined;
  note: string | undefined;
}

/** A content that was run, with the path of its last run. */
export interface RunContent {
  contentHash: string;
  promptPath: string | undefined;
  lastAt: number;
}

/** A page of the history: newest first, after the cursor of the previous page. */
export interface RunPage {
  filter?: RunFilter;
  limit: number;
  before?: { startedAt: number; id: string };
}

/** How a table of runs is sorted. */
export interface RunSort {
  by: 'started' | 'prompt' | 'version' | 'model' | 'state' | 'latency' | 'tokens' | 'cost' | 'rating';
  descending: boolean;
}

/** The runs of one model that started on one day. */
export interface RunDay {
  /** `2026-11-29`, in the calendar of the machine with the store. */
  day: string;
  model: string;
  /** Nobody paid the cost. */
  simulated: boolean;
  runs: number;
  /** The sum of the known costs, in dollars; `priced` is their number. */
  costUsd: number | undefined;
  priced: number;
  /** The mean total time of answered runs. */
  latencyMs: number | undefined;
}
