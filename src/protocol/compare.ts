import type { ErrorInfo } from '../core/base/errors.ts';
import type { ChatWarning, Message, Parameters } from '../core/models/chat-model.ts';
import type { TokenPrices } from '../core/models/models.ts';
import type { InputField, InputProblem } from '../core/prompts/prompt.ts';
import type { RunEvent, RunFigures, RunState, SchemaCheck, ToolCall } from '../core/runs/events.ts';

// A webview imports the protocol alone, so the types of core that it shows are named here too.
export type {
  ErrorInfo,
  InputField,
  InputProblem,
  Message,
  Parameters,
  RunFigures,
  RunState,
  SchemaCheck,
  TokenPrices,
  ToolCall,
};

/** The end of a run as a panel shows it: what is for the record and for going on with a conversation stays with the host. */
export type ShownEnd = Omit<Extract<RunEvent, { type: 'run-end' }>, 'result'> & {
  result: Omit<Extract<RunEvent, { type: 'run-end' }>['result'], 'message' | 'rawText'>;
};

/** Events of core that a panel shows. What was sent over the wire is not among them. */
export type ShownRunEvent = Exclude<RunEvent, { type: 'run-request' | 'run-end' }> | ShownEnd;

/** A model as the picker offers it. */
export interface ModelChoice {
  ref: string;
  connection: string;
  label: string;
  contextWindow: number | undefined;
  prices: TokenPrices | undefined;
  sunsetDate: string | undefined;
  /** Why it cannot be run now ("no key"), or undefined. */
  blocked: string | undefined;
  /** A demo model: nobody pays for it. */
  simulated: boolean;
  /** Undefined where the catalogue does not know the model. */
  capabilities: ModelChoiceCapabilities | undefined;
}

export interface ModelChoiceCapabilities {
  temperature: { min: number; max: number } | 'refused' | undefined;
  topK: boolean | undefined;
  seed: boolean | undefined;
  reasoningEfforts: string[] | undefined;
  promptCaching: boolean | undefined;
}

/** Before a run: what it will take. `ceilingUsd` is the cost if the output reaches its limit. */
export interface ColumnEstimate {
  inputTokens: number | undefined;
  inputUsd: number | undefined;
  ceilingUsd: number | undefined;
  maxOutputTokens: number | undefined;
  /** A demo model: nobody pays what it would cost. */
  simulated?: boolean;
}

/** The dataset whose row is in the form. */
export interface DatasetView {
  name: string;
  path: string;
  /** From 1. */
  row: number;
  /** Undefined until the file's end was seen: it may be of any size. */
  count: number | undefined;
}

/** What is no longer as it was when an answer was made. */
export type StaleReason = 'inputs' | 'prompt' | 'parameters' | 'model' | 'version';

/** One repeat of one column. */
export interface RunView {
  runId: string;
  repeat: number;
  state: RunState;
  /** A demo model answers: nobody pays for it. */
  simulated: boolean;
  text: string;
  reasoning: string;
  toolCalls: ToolCall[];
  figures: RunFigures | undefined;
  finishReason: string | undefined;
  servedModel: string | undefined;
  warnings: ChatWarning[];
  retry: { attempt: number; waitMs: number; since: number; error: ErrorInfo } | undefined;
  schemaCheck: SchemaCheck;
  error: ErrorInfo | undefined;
  rating: 'up' | 'down' | undefined;
  note: string | undefined;
  startedAt: number | undefined;
  endedAt: number | undefined;
  /** What has changed since this run; empty or undefined where a new run would send the same. */
  stale?: StaleReason[];
}

/** The version that a column runs in place of the working text, and how it gets on with the form. */
export interface ColumnVersion {
  /** As a person names it: `v3`, `production`, `a1b2c3d`. */
  label: string;
  commit: string;
  /** What the version's own file sets. */
  parameters: Parameters;
  /** Undefined until the version has been read. */
  outputFormat?: 'text' | 'json';
  /** What it says differently from the working text, in words, most important first. */
  changes: string[];
  /** Inputs of the working text that this version does not know, and its own that the working text does not. */
  unused: string[];
  added: string[];
  /** Why it cannot run: it is gone, is broken, or lacks an input. */
  problem: ErrorInfo | undefined;
}

/** A version as the picker offers it. */
export interface VersionChoice {
  /** What is handed back: a label, `v3` or a commit. */
  ref: string;
  kind: 'label' | 'saved' | 'commit';
  label: string;
  commit: string;
  /** The commit's subject, who made it, and when in epoch milliseconds. */
  subject: string;
  author: string;
  at: number;
}

export interface ColumnView {
  /** Stable while the column lives, however columns are moved or removed. */
  id: string;
  model: string;
  /** A demo model. */
  simulated: boolean;
  /** Undefined is the working text. */
  version: ColumnVersion | undefined;
  /** Overrides of the file's parameters for this column alone. */
  parameters: Parameters;
  promptCaching: boolean;
  estimate: ColumnEstimate | undefined;
  /** Newest repeat last; empty before the first run. */
  runs: RunView[];
  /** Earlier turns of a continued conversation, oldest first; empty for a single-turn run. */
  turns: Message[];
}

export interface PromptView {
  path: string;
  /** Relative to the workspace folder, for the title. */
  label: string;
  dirty: boolean;
  model: { ref: string; from: 'file' | 'setting' | 'default' };
  description: string | undefined;
  parameters: Parameters;
  outputFormat: 'text' | 'json';
  /** Of the working text, and behind them those that only a column's version has. */
  fields: InputField[];
  /** Errors of the file that block a run, with 1-based positions. */
  problems: { message: string; line: number; column: number }[];
}

/** How the input form of a panel is looked at. */
export interface FormView {
  /** Folded by the user into one line of values. */
  folded: boolean;
  /** In pixels, where it is a pane at the left; undefined is the panel's own choice. */
  width: number | undefined;
}

export interface CompareSnapshot {
  seq: number;
  /** Added by the panel that serves the session, which knows nothing of views. */
  form?: FormView;
  prompt: PromptView;
  /** Values as typed; JSON fields hold their text. */
  input: Record<string, unknown>;
  inputProblems: InputProblem[];
  /** Grows when the host fills the form, from a dataset or a file: what is in the form then gives way. */
  fills?: number;
  dataset?: DatasetView | undefined;
  /** How often a run was refused for its inputs since they last fitted; 0 or undefined before the first. */
  attempts?: number;
  /** The rendered messages for the present input, or why they cannot be rendered. */
  messages: { ok: true; messages: Message[] } | { ok: false; error: ErrorInfo };
  columns: ColumnView[];
  repeat: number;
  running: boolean;
  /** Set where this panel shows a comparison from the history. */
  history: { comparisonId: string; startedAt: number; sourceChanged: boolean } | undefined;
  /** The comparison whose runs stand in the columns; a reloaded window asks for it again. */
  comparisonId?: string;
  budget: { spentTodayUsd: number | undefined; perDayUsd: number | undefined; perRunUsd: number | undefined };
  requestsPerDay: number;
  notices: string[];
}

export type CompareEvent =
  | { type: 'prompt'; prompt: PromptView }
  | { type: 'input'; input: Record<string, unknown>; problems: InputProblem[]; fills?: number }
  | { type: 'dataset'; dataset: DatasetView | undefined }
  | { type: 'attempts'; attempts: number }
  | { type: 'messages'; messages: CompareSnapshot['messages'] }
  /** Columns were added, removed or changed: the whole list without the runs' content. */
  | { type: 'columns'; columns: Omit<ColumnView, 'runs'>[] }
  | { type: 'estimates'; estimates: Record<string, ColumnEstimate> }
  | { type: 'running'; running: boolean }
  /** The columns now show another comparison: a new run began, so this is no longer one from the history. */
  | { type: 'comparison'; comparisonId?: string; history?: CompareSnapshot['history'] }
  /** A new run is in the column; with repeat 0 it replaces the runs before. */
  | { type: 'run-start'; columnId: string; run: RunView }
  /** An event of core, with the column that shows it and when the host got it (epoch milliseconds). */
  | { type: 'run-event'; columnId: string; at: number; event: ShownRunEvent }
  /** What changed in a run other than by its own events: a rating, what is stale, an end in another window. */
  | { type: 'run-patch'; runId: string; patch: Partial<RunView> }
  | { type: 'turns'; columnId: string; turns: Message[] }
  /** The requests a day come along where a setting may have changed. */
  | { type: 'budget'; budget: CompareSnapshot['budget']; requestsPerDay?: number }
  | { type: 'repeat'; repeat: number }
  | { type: 'notice'; message: string };

export type CopyFormat = 'markdown' | 'csv';

export type CodeLanguage = 'curl' | 'python' | 'typescript';

/** What the Compare webview may ask of the host. */
export interface CompareMethods {
  snapshot: { params: undefined; result: CompareSnapshot };
  'models.list': { params: { refresh: boolean }; result: ModelChoice[] };
  'input.set': { params: { input: Record<string, unknown> }; result: undefined };
  'input.fromFile': { params: undefined; result: undefined };
  'input.fromDataset': { params: undefined; result: undefined };
  /** The row of the dataset so many further on, or that of a number. */
  'dataset.step': { params: { by: number }; result: undefined };
  'dataset.goTo': { params: { row: number }; result: undefined };
  'comparison.copy': { params: { format: CopyFormat }; result: undefined };
  /** Labels, saved versions and recent commits of this prompt. */
  'versions.list': { params: undefined; result: VersionChoice[] };
  /** Without a model: that of the last column. */
  'column.add': { params: { model?: string; version?: string }; result: { columnId: string } };
  'column.pick': { params: undefined; result: undefined };
  'column.remove': { params: { columnId: string }; result: undefined };
  'column.duplicate': { params: { columnId: string }; result: { columnId: string } };
  'column.set': {
    /** A version's `ref`; null is the working text. */
    params: {
      columnId: string;
      model?: string;
      version?: string | null;
      parameters?: Parameters;
      promptCaching?: boolean;
    };
    result: undefined;
  };
  'repeat.set': { params: { repeat: number }; result: undefined };
  /** All columns, or one. */
  'run.start': { params: { columnId?: string }; result: undefined };
  'run.stop': { params: { columnId?: string }; result: undefined };
  /** Continues the column's last answer with a user's turn, or with results for its tool calls. */
  'run.continue': {
    params: { columnId: string; text?: string; toolResults?: { id: string; name: string; output: string }[] };
    result: undefined;
  };
  'run.rate': {
    params: { runId: string; rating: 'up' | 'down' | undefined; note: string | undefined };
    result: undefined;
  };
  'run.copy': { params: { runId: string }; result: undefined };
  'run.copyCode': { params: { columnId: string; language: CodeLanguage }; result: undefined };
  'run.openRaw': { params: { runId: string; what: 'request' | 'response' }; result: undefined };
  /** Runs a command named by an error's action. */
  'action.run': { params: { command: string; args: unknown[] }; result: undefined };
  'prompt.open': { params: { line?: number; column?: number }; result: undefined };
  /** Remembers how the form is looked at: whether it is folded for this prompt, its width for all. */
  'form.set': { params: { folded?: boolean; width?: number | null }; result: undefined };
  'link.open': { params: { url: string }; result: undefined };
}
