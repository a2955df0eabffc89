import type { Diagnostic, Prompt, Range } from '../../prompts/prompt.ts';
import type { Declaration } from '../analysis/declarations.ts';
import type { AnalyzedPrompt, LanguageWorkspace } from '../syntax/tree.ts';
import { DIAGNOSTIC_RULES } from './diagnostic-rules.ts';
import type { MergeConflict } from './merge-conflicts.ts';

/** The result of looking up a prompt's dataset; undefined if it was not looked up. */
export type FileFinding = boolean | 'outside' | undefined;

/** The input of every check of one file. */
export interface CheckContext {
  prompt: Prompt;
  analyzed: AnalyzedPrompt;
  declarations: ReadonlyMap<string, Declaration>;
  path: string | undefined;
  workspace: LanguageWorkspace | undefined;
  /** Whether a path is a file; undefined if that was not checked. */
  isFile: ((file: string, from: string | undefined) => FileFinding) | undefined;
  /** Milliseconds since 1970. */
  now: number;
  conflicts: readonly MergeConflict[];
  diagnostics: Diagnostic[];
}

export function report(
  { diagnostics }: CheckContext,
  code: string,
  message: string,
  range: Range,
  details: Pick<Diagnostic, 'data' | 'tags'> = {},
): void {
  diagnostics.push({ code, severity: DIAGNOSTIC_RULES[code]?.severity ?? 'warning', message, range, ...details });
}

/** The first of the nearest names, for the quick fix that inserts it; `replaces` if it is only part of the range. */
export function suggest([suggestion]: readonly string[], replaces?: string): Pick<Diagnostic, 'data'> {
  if (suggestion === undefined) return {};
  return { data: replaces === undefined ? { suggestion } : { suggestion, replaces } };
}
