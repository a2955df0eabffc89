import type { Diagnostic } from '../../prompts/prompt.ts';
import type { WorkspaceIndex } from '../workspace/workspace-index.ts';
import { type CheckOptions, checkPrompt } from './check-prompt.ts';

export interface CheckedPrompt {
  path: string;
  source: string;
  diagnostics: Diagnostic[];
}

interface Options extends Pick<CheckOptions, 'settings' | 'isFile'> {
  paths?: readonly string[] | undefined;
}

/** Checks prompts of an index, by default all of them; one at a time, so that a caller can report progress. */
export function* checkWorkspace(index: WorkspaceIndex, { paths, ...options }: Options = {}): Generator<CheckedPrompt> {
  const only = paths && new Set(paths);
  for (const { path, source } of index.prompts()) {
    if (only && !only.has(path)) continue;
    yield { path, source, diagnostics: checkPrompt(source, { path, workspace: index, ...options }) };
  }
}
