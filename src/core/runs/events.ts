import type { ErrorInfo } from '../base/errors.ts';
import type { ChatWarning, FinishReason, Message, OutputSpec, Parameters, Tool, Usage } from '../models/chat-model.ts';
import type { CostBreakdown } from '../models/prices/costs.ts';
import type { RunVersion } from '../store/runs/run-record.ts';

/** Which prompt is run. */
export interface PromptRun {
  path: string | undefined;
  name: string;
  sourceHash: string;
  contentHash: string;
  /** Undefined where the text of the work tree runs. */
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

/** What a run cost, by what was paid for. */
export type Cost = CostBreakdown;

/** Live figures of a run; times in milliseconds since the run began. */
export interface RunFigures {
  usage: Usage;
  /** True until the provider's own numbers have arrived. */
  usageEstimated: boolean;
  cost: Cost;
  /** Time to the first token of text, reasoning or a tool call. */
  ttftMs: number | undefined;
  elapsedMs: number;
  /** Output tokens a second after the first token. */
  tokensPerSecond: number | undefined;
  /** Time without content while the server shows that it is alive; only while that lasts. */
  aliveMs?: number;
}

export interface ToolCall {
  id: string;
  name: string;
  input: unknown;
}

export type RunState = 'waiting' | 'streaming' | 'done' | 'failed' | 'stopped' | 'interrupted';

/** The answer held against the prompt's original output schema; undefined where no JSON was asked for. */
export type SchemaCheck = { valid: true } | { valid: false; problems: string[] } | undefined;

export type RunEvent =
  | { type: 'run-start'; runId: string; at: number; simulated: boolean; estimatedInputTokens: number | undefined }
  | { type: 'run-request'; runId: string; url: string; headers: Record<string, string>; body: unknown }
  /** May follow the `run-end` of the last run where that could not be recorded (`not-recorded`). */
  | { type: 'run-warning'; runId: string; warning: ChatWarning }
  | { type: 'run-retry'; runId: string; attempt: number; waitMs: number; error: ErrorInfo }
  | { type: 'text-delta'; runId: string; text: string }
  | { type: 'reasoning-delta'; runId: string; text: string }
  | { type: 'tool-call'; runId: string; call: ToolCall }
  | { type: 'run-figures'; runId: string; figures: RunFigures }
  /** Last event of a run: done, stopped by the user or failed. What arrived before is in `result` either way. */
  | { type: 'run-end'; runId: string; result: RunResult };

export interface RunResult {
  runId: string;
  state: 'done' | 'failed' | 'stopped' | 'interrupted';
  /** A demo model answered, by the type of its connection: nobody pays for it. */
  simulated: boolean;
  text: string;
  /**
   * Exactly what the model wrote, where `text` is not that: with the `<think>` block at its start, or with the nulls that
   * a strict schema forced on it.
   */
  rawText?: string | undefined;
  reasoning: string;
  /** The assistant's turn in parts (with reasoning signatures), so that a conversation can go on. */
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
