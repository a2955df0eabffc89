import type { Diagnostic, Prompt, Range } from '../../prompts/prompt.ts';
import type { Declaration } from '../analysis/declarations.ts';
import type { AnalyzedPrompt, LanguageWorkspace } from '../syntax/tree.ts';
import { DIAGNOSTIC_RULES } from './diagnostic-rules.ts';
import type { MergeConflict } from './merge-conflicts.ts';

/** What was found where a prompt says that its dataset is; undefined where nobody has looked. */
export type FileFinding = boolean | 'outside' | undefined;

/** What every check of one file has before it. */
export interface CheckContext {
  prompt: Prompt;
  analyzed: AnalyzedPrompt;
  declarations: ReadonlyMap<string, Declaration>;
  path: string | undefined;
  workspace: LanguageWorkspace | undefined;
  /** Whether a path is a file; undefined where nobody has looked. */
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

/** The first of the nearest names, for the quick fix that writes it; `replaces` where it is only part of the range. */
export function suggest([suggestion]: readonly string[], replaces?: string): Pick<Diagnostic, 'data'> {
  if (suggestion === undefined) return {};
  return { data: replaces === undefined ? { suggestion } : { suggestion, replaces } };
}

/** A partial's inputs are what its callers give: nothing is declared in it. */
export function isPartialFile(path: string | undefined): boolean {
  return path !== undefined && /(?:^|[\\/])_[^\\/]*\.prompt$/.test(path);
}
