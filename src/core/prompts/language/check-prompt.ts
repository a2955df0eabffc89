import { parsePrompt } from '../parse.ts';
import type { Diagnostic, Severity } from '../prompt.ts';
import type { AnalyzedPrompt, LanguageWorkspace } from './tree.ts';

export interface CheckSettings {
  /** The severity of a code where it is not the built-in one; `off` leaves it out. */
  severity?: Record<string, Severity | 'off'>;
}

export interface CheckOptions {
  path?: string | undefined;
  workspace?: LanguageWorkspace | undefined;
  settings?: CheckSettings | undefined;
  /** The file's tree, where somebody has it already. */
  analyzed?: AnalyzedPrompt | undefined;
}

/** Everything that is wrong with a file, in its order. Never throws. */
export function checkPrompt(source: string, { path, workspace }: CheckOptions = {}): Diagnostic[] {
  const resolveSchema = workspace && ((name: string) => workspace.schema(name));
  const { diagnostics } = parsePrompt(source, {
    ...(path ? { path } : {}),
    ...(resolveSchema ? { resolveSchema } : {}),
  });
  return diagnostics;
}
