import path from 'node:path';
import type { FileReader } from '../core/base/ports.ts';
import { createWorkspaceIndex, type WorkspaceIndex } from '../core/prompts/language/workspace-index.ts';
import { loadPrompt } from '../core/prompts/load-prompt.ts';
import type { ResolvedVersion } from '../core/versions/versions.ts';

/** An index of one version: the prompt with the partials and the named schemas of its commit, read from git alone. */
export async function indexVersion(
  { absolutePath, path: inRepository, content }: ResolvedVersion,
  files: FileReader,
  root: string | undefined,
): Promise<WorkspaceIndex> {
  const repository = absolutePath.slice(0, absolutePath.length - inRepository.length);
  const index = createWorkspaceIndex(() => (root === undefined ? [] : [root]));
  for (const partial of content.partials) index.setPrompt(path.join(repository, partial.path), partial.text);
  const reading: FileReader = {
    ...files,
    async readText(file) {
      const text = await files.readText(file);
      // besides the prompt, which is at hand, loading reads nothing but the schemas that it names
      index.setSchema(file, text);
      return text;
    },
  };
  await loadPrompt(content.source, { path: absolutePath, root, files: reading });
  index.setPrompt(absolutePath, content.source);
  return index;
}
