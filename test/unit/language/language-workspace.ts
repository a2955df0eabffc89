import path from 'node:path';
import { analyzePrompt } from '../../../src/core/language/analysis/analyze.ts';
import type { LanguageModelInfo } from '../../../src/core/language/syntax/tree.ts';
import type { LanguageFiles } from '../../../src/core/language/workspace/language-files.ts';
import { WorkspaceIndex } from '../../../src/core/language/workspace/workspace-index.ts';

export const swift: LanguageModelInfo = {
  ref: 'demo/swift',
  label: 'demo/swift',
  type: 'demo',
  simulated: true,
  contextWindow: 128_000,
  maxOutputTokens: 4096,
  inputUsdPerMillion: 0.25,
  outputUsdPerMillion: 2,
  priceSource: 'genai-prices 0.2.3 (2026-11-29)',
  sunsetDate: '2027-01-14',
};

/** A workspace of these files at `/w`. */
export function makeWorkspace(sources: Record<string, string>): { index: WorkspaceIndex; files: LanguageFiles } {
  const index = new WorkspaceIndex(() => ['/w']);
  for (const [file, source] of Object.entries(sources)) {
    if (file.endsWith('.prompt')) index.setPrompt(`/w/${file}`, source);
    else if (/schemas\//.test(file)) index.setSchema(`/w/${file}`, source);
  }
  index.setModels([swift], [{ id: 'demo', type: 'demo' }]);
  const files: LanguageFiles = {
    paths: () => index.prompts().map((prompt) => prompt.path),
    prompt(file) {
      const source = index.prompts().find((prompt) => prompt.path === file)?.source;
      return source === undefined ? undefined : analyzePrompt(source);
    },
    partialPath: (name, from) => index.partial(name, from)?.path,
    schemaPath: (name, from) => index.schemaPath(name, from),
    schemaFiles: () => index.schemaFiles().map((schema) => schema.path),
    resolve: (file, from) => path.resolve(path.dirname(from), file),
    text: (file) => sources[path.relative('/w', file)],
  };
  return { index, files };
}

/** A text with `¦` at the cursor. */
export function atCursor(marked: string): { source: string; offset: number } {
  const offset = marked.indexOf('¦');
  return { source: marked.replace('¦', ''), offset };
}
