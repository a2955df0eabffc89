import path from 'node:path';
import { isPathInside, realPathWithin } from '../../../base/files/read-file.ts';

/**
 * Where a prompt that is imported from a folder goes: the workspace's `prompts`; beside a file that is in it already.
 * Rejects with `FileRefusal` where that is a link which leads out of the workspace: nobody named it.
 */
export async function promptsFolder(folder: string, root: string): Promise<string> {
  const prompts = path.join(root, 'prompts');
  const target = isPathInside(prompts, folder) ? folder : prompts;
  try {
    await realPathWithin(target, [root]);
  } catch (error) {
    // It is made with the first prompt.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return target;
}
