import type { ErrorInfo } from '../core/base/errors.ts';
import type { ChatWarning, Message, Parameters } from '../core/models/chat-model.ts';
import type { TokenPrices } from '../core/models/models.ts';
import type { InputField, InputProblem } from '../core/prompts/prompt.ts';
import type { RunEstimate } from '../core/runs/estimate.ts';
import type { RunEvent, RunFigures, RunState, SchemaCheck, ToolCall } from '../core/runs/events.ts';
import type { CodeLanguage } from '../core/runs/export/request-as-code.ts';

// A webview only imports the protocol, so the core types that it uses are re-exported here.
export type { CodeLanguage, ErrorInfo, InputField, InputProblem, Message, Parameters, RunEstimate, RunFigures };

/** The end of a run, without the data that only the host needs to record it or to continue a conversation. */
export type ShownEnd = Omit<Extract<RunEvent, { type: 'run-end' }>, 'result'> & {
  result: Omit<Extract<RunEvent, { type: 'run-end' }>['result'], 'message' | 'rawText'>;
};

/** The core events that a panel shows, without the raw request. */
export type ShownRunEvent = Exclude<RunEvent, { type: 'run-request' | 'run-end' }> | ShownEnd;

/** A model in the picker. */
export interface ModelChoice {
  ref: string;
  connection: string;
  label: string;
  contextWindow: number | undefined;
  prices: TokenPrices | undefined;
  sunsetDate: string | undefined;
  /** Why it cannot run now ("no key"), or undefined. */
  blocked: string | undefined;
  /** True for a demo model, which costs nothing. */
  simulated: boolean;
  /** Undefined if the catalogue does not know the model. */
  capabilities: ModelChoiceCapabilities | undefined;
}

export interface ModelChoiceCapabilities {
  temperature: { min: number; max: number } | 'refused' | undefined;
  topK: boolean | undefined;
  seed: boolean | undefined;
  reasoningEfforts: string[] | undefined;
  promptCaching: boolean | undefined;
}

/** The dataset of the row in the form. */
export interface DatasetView {
  name: string;
  path: string;
  /** Starts at 1. */
  row: number;
  /** Undefined until the end of the file was read, because the file may have any size. */
  count: number | undefined;
}

/** What has changed since an answer was generated. */
export type StaleReason = 'inputs' | 'prompt' | 'parameters' | 'model' | 'version';

/** One repeat of one column. */
export interface RunView {
  runId: string;
  repeat: number;
  state: RunState;
  /** True if a demo model answers, which costs nothing. */
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
  /** What has changed since this run. Empty or undefined if a new run would send the same. */
  stale?: StaleReason[];
}

/** The version that a column runs in place of the working text, and how it differs from the form. */
export interface ColumnVersion {
  /** The name for users: `v3`, `production`, `a1b2c3d`. */
  label: string;
  commit: string;
  /** The parameters in the version's own file. */
  parameters: Parameters;
  /** Undefined until the version has been read. */
  outputFormat?: 'text' | 'json';
  /** The differences from the working text, most important first. */
  changes: string[];
  /** Inputs of the working text that this version does not have, and inputs that only this version has. */
  unused: string[];
  added: string[];
  /** Why it cannot run: it is missing or invalid, or lacks an input. */
  problem: ErrorInfo | undefined;
}

/** A version in the picker. */
export interface VersionChoice {
  /** The value to return: a label, `v3` or a commit. */
  ref: string;
  kind: 'label' | 'saved' | 'commit';
  label: string;
  commit: string;
  /** The commit's subject, author, and time in epoch milliseconds. */
  subject: string;
  author: string;
  at: number;
}

export interface ColumnView {
  /** Stable while the column exists, even if columns are moved or removed. */
  id: string;
  model: string;
  /** True for a demo model. */
  simulated: boolean;
  /** Undefined for the working text. */
  version: ColumnVersion | undefined;
  /** Overrides of the file's parameters for this column only. */
  parameters: Parameters;
  promptCaching: boolean;
  estimate: RunEstimate | undefined;
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
  /** Fields of the working text, followed by those that only the version of a column has. */
  fields: InputField[];
  /** Errors in the file that prevent a run, with 1-based positions. */
  problems: { message: string; line: number; column: number }[];
}

/** How the input form of a panel is shown. */
export interface FormView {
  /** True if the user collapsed it to one line of values. */
  folded: boolean;
  /** In pixels, if it is a pane on the left. Undefined for the default width. */
  width: number | undefined;
}

/** Recorded runs, as they are shown. */
export interface HistoryView {
  /** Undefined for runs that were picked from any comparisons. */
  comparisonId: string | undefined;
  startedAt: number;
  sourceChanged: boolean;
}

export interface CompareSnapshot {
  seq: number;
  /** Added by the panel host, because the session does not know how it is shown. */
  form?: FormView;
  prompt: PromptView;
  /** Values as typed. JSON fields are text. */
  input: Record<string, unknown>;
  inputProblems: InputProblem[];
  /** Incremented when the host fills the form from a dataset or a file, which replaces the values in the form. */
  fills?: number;
  dataset?: DatasetView | undefined;
  /** How often a run was rejected because of its inputs since they were last valid. 0 or undefined before the first. */
  attempts?: number;
  /** The rendered messages for the current input, or the error. */
  messages: { ok: true; messages: Message[] } | { ok: false; error: ErrorInfo };
  columns: ColumnView[];
  repeat: number;
  running: boolean;
  /** Set if this panel shows a comparison from the history. */
  history: HistoryView | undefined;
  /** The comparison of the runs in the columns, which a reloaded window requests again. */
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
  | { type: 'estimates'; estimates: Record<string, RunEstimate> }
  | { type: 'running'; running: boolean }
  /** The columns now show another comparison: a new run began, so this is no longer one from the history. */
  | { type: 'comparison'; comparisonId?: string; history?: CompareSnapshot['history'] }
  /** A new run is in the column; with repeat 0 it replaces the runs before. */
  | { type: 'run-start'; columnId: string; run: RunView }
  /** An event of core, with its column and the time when the host received it (epoch milliseconds). */
  | { type: 'run-event'; columnId: string; at: number; event: ShownRunEvent }
  /** A change of a run by something other than its own events: a rating, outdated inputs, an end in another window. */
  | { type: 'run-patch'; runId: string; patch: Partial<RunView> }
  | { type: 'turns'; columnId: string; turns: Message[] }
  /** Includes the requests per day if a setting may have changed. */
  | { type: 'budget'; budget: CompareSnapshot['budget']; requestsPerDay?: number }
  | { type: 'repeat'; repeat: number }
  | { type: 'notice'; message: string };

export type CopyFormat = 'markdown' | 'csv';

/** The requests of the Compare webview. */
export interface CompareMethods {
  snapshot: { params: undefined; result: CompareSnapshot };
  'models.list': { params: { refresh: boolean }; result: ModelChoice[] };
  'input.set': { params: { input: Record<string, unknown> }; result: undefined };
  'input.fromFile': { params: undefined; result: undefined };
  'input.fromDataset': { params: undefined; result: undefined };
  /** Steps by a number of rows in the dataset, or goes to a row. */
  'dataset.step': { params: { by: number }; result: undefined };
  'dataset.goTo': { params: { row: number }; result: undefined };
  'comparison.copy': { params: { format: CopyFormat }; result: undefined };
  /** Labels, saved versions and recent commits of this prompt. */
  'versions.list': { params: undefined; result: VersionChoice[] };
  /** The default model is that of the last column. */
  'column.add': { params: { model?: string; version?: string }; result: { columnId: string } };
  'column.pick': { params: undefined; result: undefined };
  'column.remove': { params: { columnId: string }; result: undefined };
  'column.duplicate': { params: { columnId: string }; result: { columnId: string } };
  'column.set': {
    /** `version` is the `ref` of a version, or null for the working text. */
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
  /** Evaluates the prompt on every row of a dataset that the user picks. */
  'dataset.evaluate': { params: undefined; result: undefined };
  /** Adds the inputs of a run to a dataset that the user picks. */
  'run.addCase': { params: { runId: string }; result: undefined };
  /** Runs the command of an error's action. */
  'action.run': { params: { command: string; args: unknown[] }; result: undefined };
  'prompt.open': { params: { line?: number; column?: number }; result: undefined };
  /** Stores how the form is shown: whether it is collapsed for this prompt, and its width for all prompts. */
  'form.set': { params: { folded?: boolean; width?: number | null }; result: undefined };
  'link.open': { params: { url: string }; result: undefined };
}
