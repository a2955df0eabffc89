import type { ErrorInfo } from '../core/base/errors.ts';
import type { Message } from '../core/models/chat-model.ts';
import type { InputProblem } from '../core/prompts/prompt.ts';
import type { ColumnEstimate, CompareMethods, FormView, PromptView } from './compare.ts';

export type { ErrorInfo };

export interface PreviewMessage {
  /** Data of media is left out: its type and size stand as text. */
  message: Message;
  /** Estimated; undefined where the model is not known well enough. */
  tokens: number | undefined;
}

/** Estimated tokens. */
export interface PreviewParts {
  tools: number;
  /** The schema that the answer is held to. */
  schema: number;
  /** What opens the answer. */
  opening: number;
}

/** What the present text and inputs give: all of it, or the reason why there is nothing to send. */
export type Rendering =
  | {
      ok: true;
      messages: PreviewMessage[];
      /** Inputs without a value: their names stand in the messages as `{{name}}`, and nothing of it could be sent. */
      missing: string[];
      estimate: ColumnEstimate | undefined;
      /** What else is sent: with the messages it adds up to the estimate's input tokens. */
      parts: PreviewParts | undefined;
      /** The raw body that the provider would get. */
      request: { ok: true; url: string; body: string } | { ok: false; error: ErrorInfo };
    }
  | { ok: false; error: ErrorInfo };

export interface PreviewSnapshot {
  seq: number;
  form?: FormView;
  prompt: PromptView;
  /** Values as typed; JSON fields hold their text. */
  input: Record<string, unknown>;
  inputProblems: InputProblem[];
  rendering: Rendering;
}

export type PreviewEvent =
  | { type: 'prompt'; prompt: PromptView }
  | { type: 'input'; input: Record<string, unknown>; problems: InputProblem[] }
  | { type: 'rendering'; rendering: Rendering };

/** What the Preview webview may ask of the host. */
export interface PreviewMethods
  extends Pick<
    CompareMethods,
    'input.set' | 'input.fromFile' | 'input.fromDataset' | 'action.run' | 'prompt.open' | 'link.open' | 'form.set'
  > {
  snapshot: { params: undefined; result: PreviewSnapshot };
  /** Runs the prompt on its model, in a Compare panel. */
  'prompt.run': { params: undefined; result: undefined };
  'request.copy': { params: undefined; result: undefined };
}
