import path from 'node:path';
import { isPathInside } from '../../base/read-file.ts';

/** Where a prompt that is imported from a folder goes: the workspace's `prompts`; beside a file that is in it already. */
export function promptsFolder(folder: string, root: string): string {
  const prompts = path.join(root, 'prompts');
  return isPathInside(prompts, folder) ? folder : prompts;
}
