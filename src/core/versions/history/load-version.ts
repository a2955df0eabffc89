import type { FileReader } from '../../base/ports.ts';
import { loadPrompt } from '../../prompts/load-prompt.ts';
import type { ParsedPrompt } from '../../prompts/prompt.ts';
import { refuseLink } from '../git/commit-links.ts';
import type { ResolvedVersion } from '../names/resolve-version.ts';

/** A version as a prompt, with the partials and schemas of its commit. */
export async function loadVersion(
  { commit, absolutePath, content, link }: ResolvedVersion,
  { root, files }: { root: string | undefined; files: FileReader },
): Promise<ParsedPrompt> {
  refuseLink({ commit, link });
  // Throws if it replaces bytes that are not UTF-8.
  if (content.source.includes('\ufffd')) await files.readText(absolutePath);
  const parsed = await loadPrompt(content.source, { path: absolutePath, root, files });
  return { ...parsed, prompt: { ...parsed.prompt, revision: commit } };
}
