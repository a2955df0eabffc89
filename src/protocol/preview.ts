import type { ErrorInfo } from '../core/base/errors.ts';
import type { Message } from '../core/models/chat-model.ts';
import type { InputProblem } from '../core/prompts/prompt.ts';
import type { CompareMethods, FormView, PromptView, RunEstimate } from './compare.ts';

export type { ErrorInfo };

interface PreviewMessage {
  /** The data of media is replaced by its type and size. */
  message: Message;
  /** Estimated; undefined if the model is not known well enough. */
  tokens: number | undefined;
}

/** Estimated tokens. */
interface PreviewParts {
  tools: number;
  /** The output schema. */
  schema: number;
  /** The prefilled start of the answer. */
  opening: number;
}

/** The rendering of the current text and inputs, or the reason why there is none. */
export type Rendering =
  | {
      ok: true;
      messages: PreviewMessage[];
      /** Inputs without a value. The messages show `{{name}}` for them and cannot be sent. */
      missing: string[];
      estimate: RunEstimate | undefined;
      /** What else is sent. Together with the messages, it adds up to the input tokens of the estimate. */
      parts: PreviewParts | undefined;
      /** The raw request body for the provider. */
      request: { ok: true; url: string; body: string } | { ok: false; error: ErrorInfo };
    }
  | { ok: false; error: ErrorInfo };

export interface PreviewSnapshot {
  seq: number;
  form?: FormView;
  prompt: PromptView;
  /** Values as typed. JSON fields are text. */
  input: Record<string, unknown>;
  inputProblems: InputProblem[];
  rendering: Rendering;
}

export type PreviewEvent =
  | { type: 'prompt'; prompt: PromptView }
  | { type: 'input'; input: Record<string, unknown>; problems: InputProblem[] }
  | { type: 'rendering'; rendering: Rendering };

/** The requests of the Preview webview. */
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
