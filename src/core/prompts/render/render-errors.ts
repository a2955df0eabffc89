import { relative } from 'node:path';
import { isAbortError, UserError } from '../../base/errors.ts';
import { positionAt } from '../position.ts';
import type { Diagnostic, InputProblem, Prompt } from '../prompt.ts';
import { describeProblem } from '../schema/describe-problem.ts';
import { RenderLimitError } from './render-budget.ts';

/** `prompts/churn.prompt:3:5`, which terminals and editors turn into a link. */
function locateIn(prompt: Prompt, offset: number, roots: readonly string[]): string {
  const { line, column } = positionAt(prompt.source, offset);
  return `${nameFile(prompt, roots)}:${line}:${column}`;
}

/** Throws UserError `invalid-prompt` with the first error and the number of others. */
export function refuseBroken(prompt: Prompt, roots: readonly string[], errors: readonly Diagnostic[]): void {
  const first = errors[0];
  if (!first) return;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new UserError(`${locateIn(prompt, first.range.start, roots)}: ${first.message}${more}`, {
    code: 'invalid-prompt',
    hint: 'No request was sent. Fix the prompt and run again.',
  });
}

/** Throws UserError `invalid-input` with each invalid input. */
export function refuseInput(prompt: Prompt, roots: readonly string[], problems: readonly InputProblem[]): void {
  if (problems.length === 0) return;
  const list = problems.map(describeProblem).join('; ');
  throw new UserError(`The input of ${nameFile(prompt, roots)} does not match the schema: ${list}.`, {
    code: 'invalid-input',
    hint: 'No request was sent. Provide the inputs that the schema in the front matter requires.',
  });
}

/** Converts an error of Handlebars while rendering into one that a user can act on. */
export function explainRenderError(error: unknown, prompt: Prompt, roots: readonly string[]): unknown {
  if (error instanceof UserError || isAbortError(error) || !(error instanceof Error)) return error;
  const missing = /^The partial (.+) could not be found$/.exec(error.message)?.[1];
  if (missing !== undefined) {
    const at = findPartialCall(prompt.source, missing);
    const where = at < 0 ? nameFile(prompt, roots) : locateIn(prompt, at, roots);
    return new UserError(`${where}: partial \`${missing}\` not found.`, {
      code: 'invalid-prompt',
      hint: `Create _${missing}.prompt next to the prompt, or correct the name.`,
    });
  }
  if (error instanceof RenderLimitError) {
    return new UserError(`${nameFile(prompt, roots)}: the template renders ${error.message}, and was stopped.`, {
      code: 'render-limit',
      hint: 'No request was sent. Use shorter lists, or avoid a loop over all entries inside another loop.',
      cause: error,
    });
  }
  const message =
    error instanceof RangeError
      ? 'the partials call each other endlessly, or blocks are nested too deeply.'
      : `the template cannot be rendered: ${error.message}.`;
  return new UserError(`${nameFile(prompt, roots)}: ${message}`, {
    code: 'invalid-prompt',
    hint: 'No request was sent. Fix the prompt and run again.',
    cause: error,
  });
}

function findPartialCall(source: string, name: string): number {
  for (const call of source.matchAll(/\{\{~?#?>\s*["'[]?([^\s"'\]}~]+)/g)) {
    if (call[1] === name) return call.index;
  }
  return -1;
}

function nameFile(prompt: Prompt, roots: readonly string[]): string {
  if (prompt.path === undefined) return prompt.name;
  for (const root of roots) {
    const path = relative(root, prompt.path);
    if (path !== '' && !path.startsWith('..')) return path.replaceAll('\\', '/');
  }
  return prompt.path;
}
