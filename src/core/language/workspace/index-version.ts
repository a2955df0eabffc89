import type { FileReader } from '../../base/ports.ts';
import { loadPrompt } from '../../prompts/load-prompt.ts';
import { WorkspaceIndex } from './workspace-index.ts';

/** A prompt in a commit, with the partials that it uses there; paths are absolute ones of the work tree. */
interface PromptAtCommit {
  path: string;
  source: string;
  partials: readonly { path: string; text: string }[];
}

/** An index of one version: the prompt with the partials and the named schemas of its commit, read from git alone. */
export async function indexVersion(
  { path, source, partials }: PromptAtCommit,
  files: FileReader,
  root: string | undefined,
): Promise<WorkspaceIndex> {
  const index = new WorkspaceIndex(() => (root === undefined ? [] : [root]));
  for (const partial of partials) index.setPrompt(partial.path, partial.text);
  const reading: FileReader = {
    ...files,
    async readText(file, limits) {
      const text = await files.readText(file, limits);
      // the prompt is available already, so loading reads only its named schemas
      index.setSchema(file, text);
      return text;
    },
  };
  await loadPrompt(source, { path, root, files: reading });
  index.setPrompt(path, source);
  return index;
}
