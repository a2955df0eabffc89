import type { JsonSchema, Message, OutputSpec, Parameters, Tool } from '../models/chat-model.ts';
import type { RenderLimits } from './render/render-budget.ts';

/** Offsets into the source in UTF-16 code units; `end` is exclusive. */
export interface Range {
  start: number;
  end: number;
}

export type Severity = 'error' | 'warning' | 'info' | 'hint';

export interface Diagnostic {
  /** Stable and documented: kebab-case, such as `yaml-syntax` or `template-syntax`. */
  code: string;
  severity: Severity;
  message: string;
  range: Range;
  /** Data for quick fixes, so that none has to parse the message. */
  data?: DiagnosticData;
  /** How an editor draws the range in addition to its severity. */
  tags?: readonly DiagnosticTag[];
}

export interface DiagnosticData {
  /** The name that was probably meant. */
  suggestion?: string;
  /** The part of the range that `suggestion` replaces, if not all of it. */
  replaces?: string;
  /** The front-matter key under which a misplaced key belongs; `''` is the top level. */
  place?: string;
  /**
   * The subject of the problem, if the range does not show it: the parent of a misplaced key, a schema's name, or the
   * closing tag of a block with another name.
   */
  owner?: string;
  /** Distinguishes cases that share a code. */
  kind?: 'field' | 'whole';
}

/** `unnecessary`: it can be removed without effect. */
export type DiagnosticTag = 'unnecessary';

/** A `.prompt` file after parsing. Always present, however broken the file; `diagnostics` reports what is missing. */
export interface Prompt {
  /** Absolute path, if the text came from a file. */
  path: string | undefined;
  /** The commit that the text, its partials and its schemas were read from. Undefined for the work tree. */
  revision?: string;
  /** The file's `name`, or its path's stem without the variant. */
  name: string;
  variant: string | undefined;
  source: string;
  /** The YAML between the fences, without them; undefined if the file has no front matter. */
  frontMatter: { range: Range; data: Record<string, unknown> } | undefined;
  /** The template's text and its offset in `source`. */
  template: { text: string; range: Range };
  description: string | undefined;
  /** The file's `model` as written. */
  model: { text: string; range: Range } | undefined;
  parameters: Parameters;
  input: { schema: JsonSchema | undefined; defaults: Record<string, unknown> };
  output: OutputSpec;
  tools: Tool[];
  /** Names in `tools` that the file does not define itself. */
  toolNames: string[];
  /** dotprompt's `ext`, by namespace: `llmops.models` is `ext.llmops.models`. */
  ext: Record<string, Record<string, unknown>>;
  /** The diagnostics of severity error; a prompt with any is never rendered. */
  errors?: Diagnostic[];
}

export interface ParsedPrompt {
  prompt: Prompt;
  diagnostics: Diagnostic[];
}

export interface RenderInput {
  input: Record<string, unknown>;
  /** `@` variables. */
  context?: Record<string, unknown>;
  /** Earlier turns; inserted at `{{history}}`, or before the last user message. */
  history?: Message[];
  /** Retrieved documents, `@metadata.docs` in the template. */
  docs?: unknown[];
  /** The render limits; those of a run by default. */
  limits?: RenderLimits;
}

export interface RenderedPrompt {
  messages: Message[];
  parameters: Parameters;
  output: OutputSpec;
  tools: Tool[];
  model: string | undefined;
  /** Hash of the prompt with the partials that it uses; see `contentHash`. */
  contentHash: string;
}

/** One line of the input form, made from the compiled JSON Schema. */
export interface InputField {
  name: string;
  type: 'string' | 'number' | 'integer' | 'boolean' | 'enum' | 'json' | 'media';
  required: boolean;
  description?: string;
  options?: string[];
  default?: unknown;
  /** The field's own JSON Schema, for validating input. */
  schema: JsonSchema;
}

/** A problem with a value of the input, by JSON path (`$.customer.age`). */
export interface InputProblem {
  path: string;
  message: string;
}
