import path from 'node:path';
import { isPathInside, realPathWithin } from '../../../base/files/read-file.ts';

/**
 * The target folder for a prompt imported from a folder: the workspace's `prompts`, or next to a file that is in it
 * already. Rejects with `FileRefusal` if that is a link to a place outside the workspace: the user did not choose it.
 */
export async function promptsFolder(folder: string, root: string): Promise<string> {
  const prompts = path.join(root, 'prompts');
  const target = isPathInside(prompts, folder) ? folder : prompts;
  try {
    await realPathWithin(target, [root]);
  } catch (error) {
    // It is created with the first prompt.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return target;
}
