import type { ErrorInfo } from '../base/errors.ts';
import type { ChatWarning, FinishReason, Message, OutputSpec, Parameters, Tool, Usage } from '../models/chat-model.ts';
import type { CostBreakdown } from '../models/prices/costs.ts';
import type { RunVersion } from '../store/runs/run-record.ts';

/** The prompt of a run. */
export interface PromptRun {
  path: string | undefined;
  name: string;
  sourceHash: string;
  contentHash: string;
  /** Undefined for the text of the work tree. */
  version?: RunVersion | undefined;
}

/** One request to one model: what a column of a comparison sends, once per repeat. */
export interface RunSpec {
  /** Unique; assigned by the caller so that it can follow the run. */
  runId: string;
  comparisonId: string;
  /** Which column of the comparison, and which repeat of it (0-based). */
  column: number;
  repeat: number;
  /** `connection/model`. */
  model: string;
  prompt: PromptRun;
  input: Record<string, unknown>;
  messages: Message[];
  parameters: Parameters;
  output: OutputSpec;
  tools: Tool[];
  promptCaching: boolean;
}

/** The cost of a run, by cause. */
export type Cost = CostBreakdown;

/** Live figures of a run; times in milliseconds since its start. */
export interface RunFigures {
  usage: Usage;
  /** True until the provider's own numbers have arrived. */
  usageEstimated: boolean;
  cost: Cost;
  /** Time to the first token of text, reasoning or a tool call. */
  ttftMs: number | undefined;
  elapsedMs: number;
  /** Output tokens per second after the first token. */
  tokensPerSecond: number | undefined;
  /** Time without content while the server is alive; only while that lasts. */
  aliveMs?: number;
}

export interface ToolCall {
  id: string;
  name: string;
  input: unknown;
}

export type RunState = 'waiting' | 'streaming' | 'done' | 'failed' | 'stopped' | 'interrupted';

/** The answer checked against the prompt's original output schema; undefined if no JSON was requested. */
export type SchemaCheck = { valid: true } | { valid: false; problems: string[] } | undefined;

export type RunEvent =
  | { type: 'run-start'; runId: string; at: number; simulated: boolean; estimatedInputTokens: number | undefined }
  | { type: 'run-request'; runId: string; url: string; headers: Record<string, string>; body: unknown }
  /** May follow the `run-end` of the last run if that could not be recorded (`not-recorded`). */
  | { type: 'run-warning'; runId: string; warning: ChatWarning }
  | { type: 'run-retry'; runId: string; attempt: number; waitMs: number; error: ErrorInfo }
  | { type: 'text-delta'; runId: string; text: string }
  | { type: 'reasoning-delta'; runId: string; text: string }
  | { type: 'tool-call'; runId: string; call: ToolCall }
  | { type: 'run-figures'; runId: string; figures: RunFigures }
  /** Last event of a run: done, stopped by the user or failed. The text received so far is in `result` in each case. */
  | { type: 'run-end'; runId: string; result: RunResult };

export interface RunResult {
  runId: string;
  state: 'done' | 'failed' | 'stopped' | 'interrupted';
  /** Answered by a demo model, by the type of its connection: nobody pays for it. */
  simulated: boolean;
  text: string;
  /**
   * Exactly what the model wrote, if `text` differs: with the `<think>` block at its start, or with the nulls that a
   * strict schema forced on it.
   */
  rawText?: string | undefined;
  reasoning: string;
  /** The assistant's turn in parts (with reasoning signatures), so that a conversation can continue. */
  message: Message;
  toolCalls: ToolCall[];
  finishReason: FinishReason | undefined;
  rawFinishReason: string | undefined;
  servedModel: string | undefined;
  figures: RunFigures;
  warnings: ChatWarning[];
  schemaCheck: SchemaCheck;
  error: ErrorInfo | undefined;
  startedAt: number;
  endedAt: number;
}
