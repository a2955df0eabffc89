import type { ErrorInfo } from '../../base/errors.ts';
import type { ChatWarning, Message, OutputSpec, Parameters, Usage } from '../../models/chat-model.ts';

/** The version of a prompt that was run, by the name that it was asked for. */
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
  /** A demo model answered: nobody pays for it. */
  simulated: boolean;
  promptPath: string | undefined;
  promptName: string;
  /** SHA-256 of the prompt's source as run, hex. */
  sourceHash: string;
  /** Hash of the effective content as run: the prompt with its partials. Undefined for runs before version 0.2. */
  contentHash: string | undefined;
  /** Undefined where the text of the work tree ran. */
  version?: RunVersion | undefined;
  input: Record<string, unknown>;
  messages: Message[];
  parameters: Parameters;
  output: OutputSpec;
  text: string;
  /** Exactly what the model wrote, where `text` is not that. */
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
  /** For writing only: `rawResponse` as JSON text, which is stored as it stands instead of being copied chunk by chunk. */
  rawResponseJson?: string | undefined;
  /** Between the store's client and its thread only; see `EncodedAnswer`. */
  answerJson?: EncodedAnswer | undefined;
  rating: 'up' | 'down' | undefined;
  note: string | undefined;
}

/**
 * A long answer as its column holds it, JSON in UTF-8: handed over to the store's thread and not copied. The texts beside
 * it are then left out, but for the beginning of `text`.
 */
export type EncodedAnswer = Uint8Array<ArrayBuffer>;

/** What the Runs history lists: everything but the long texts. */
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

/** What the recorded runs of one effective content show; figures that no run has are 0 of 0. */
export interface ContentSummary {
  contentHash: string;
  /** Runs that ended with an answer, and those that failed. */
  done: number;
  failed: number;
  /** How many of the answers came from demo models. */
  demo: number;
  /** `connection/model`, sorted. */
  models: string[];
  /** Answers held against the output schema, and how many fit. */
  schema: { checked: number; valid: number };
  ratings: { up: number; down: number };
  /** Sum over answers whose cost is known, in dollars. */
  cost: { usd: number; count: number };
  /** Sum of the whole times of answers, in milliseconds. */
  latency: { ms: number; count: number };
  /** Epoch milliseconds of the first and the last run. */
  firstAt: number;
  lastAt: number;
  /** The same by model and input, so that like can be compared with like; absent where older versions recorded it. */
  groups?: AnswerGroup[];
}

/** What one model answered to one input of a content. */
export interface AnswerGroup extends Pick<ContentSummary, 'schema' | 'ratings' | 'cost' | 'latency'> {
  model: string;
  /** Undefined where an older version noted it beside answers of other models, and did not say. */
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
  /** Undefined where only the figures are new: what was kept of the answer before stays. */
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

/** Which page of the history to read: newest first, after the cursor of the page before. */
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
  /** `2026-11-29`, on the calendar of the machine that the store is on. */
  day: string;
  model: string;
  /** Nobody paid the cost. */
  simulated: boolean;
  runs: number;
  /** The sum of the known costs, in dollars; `priced` is how many they are. */
  costUsd: number | undefined;
  priced: number;
  /** The mean whole time of the runs that were answered. */
  latencyMs: number | undefined;
}
