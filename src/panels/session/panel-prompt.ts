import { positionAt } from '../../core/prompts/position.ts';
import type { InputField, InputProblem, ParsedPrompt } from '../../core/prompts/prompt.ts';
import type { PromptView } from '../../protocol/compare.ts';

/** The prompt of a panel, with its text as shown in the editor. */
export interface PromptSource {
  path: string;
  /** Relative to the workspace folder. */
  label: string;
  dirty: boolean;
  text: string;
}

export function viewPrompt(
  { text, ...source }: PromptSource,
  { prompt, diagnostics }: ParsedPrompt,
  extra: Pick<PromptView, 'fields' | 'model'>,
): PromptView {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const { description, parameters, output } = prompt;
  const problems = errors.map(({ message, range }) => ({ message, ...positionAt(text, range.start) }));
  return { ...source, ...extra, description, parameters, outputFormat: output.format, problems };
}

/** The initial values: the last used ones, or else the defaults of the file, in the form's format (JSON as text). */
export function startingInput(
  fields: InputField[],
  defaults: Record<string, unknown>,
  remembered: Record<string, unknown> | undefined,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const field of fields) {
    const value = remembered?.[field.name] ?? defaults[field.name] ?? field.default;
    if (value !== undefined) input[field.name] = formValue(field, value);
  }
  return input;
}

export function formValue(field: InputField, value: unknown): unknown {
  const isData = field.type === 'json' ? typeof value !== 'string' : typeof value === 'object' && value !== null;
  if (isData) return JSON.stringify(value, null, 2);
  return value;
}

/** Joins problems, without a second problem for a path that was already reported while typing. */
export function joinProblems(typed: InputProblem[], checked: InputProblem[]): InputProblem[] {
  const named = new Set(typed.map((problem) => problem.path));
  return [...typed, ...checked.filter((problem) => !named.has(problem.path))];
}
