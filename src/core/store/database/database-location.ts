import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../base/errors.ts';
import { isPathInside } from '../../base/files/read-file.ts';
import { LINKED_FOLDERS_VARIABLE } from '../../base/settings.ts';

const SETTING = 'llmops.runs.linkedFolders';

/**
 * The path of a workspace's database: `.llmops/llmops.db`. git stores links, and a link from a repository would
 * redirect writes: `.llmops` or the file may be a link only to a folder that the user has allowed, and SQLite's files
 * next to it never. Throws `store-link`.
 */
export async function findDatabaseLocation(folder: string, linkedFolders: readonly string[]): Promise<string> {
  const historyFolder = path.join(folder, '.llmops');
  const file = path.join(historyFolder, 'llmops.db');
  let place = file;
  for (const candidate of [historyFolder, file]) {
    if ((await kindOf(candidate)) === 'link') place = await allowedTarget(candidate, file, linkedFolders);
  }
  if ((await kindOf(place)) === 'special') throw refusal(`${place} is not a regular file.`, `Remove ${place}.`);
  for (const suffix of ['-wal', '-shm', '-journal']) {
    const beside = place + suffix;
    const kind = await kindOf(beside);
    if (kind === 'link' || kind === 'special') {
      throw refusal(
        `${beside} is a symbolic link or not a regular file, and SQLite would write to it.`,
        `Remove ${beside}.`,
      );
    }
  }
  return place;
}

/** The database's real path behind a link that the user has allowed. */
async function allowedTarget(link: string, file: string, linkedFolders: readonly string[]): Promise<string> {
  const target = await realpath(link).catch(() => {
    throw refusal(
      `${link} is a symbolic link in a loop or to a missing target.`,
      'Create the target folder, or remove the link.',
    );
  });
  const real = link === file ? target : path.join(target, path.basename(file));
  const folder = path.dirname(real);
  const allowed = await Promise.all(linkedFolders.map((one) => realpath(one).catch(() => path.resolve(one))));
  if (allowed.some((one) => isPathInside(one, folder))) return real;
  throw refusal(
    `${link} is a symbolic link to ${target}. No history was read or written there.`,
    `If this is where you keep the history, add ${JSON.stringify(folder)} to the setting ${SETTING}; on the command line, set ${LINKED_FOLDERS_VARIABLE} to it. Otherwise remove the link.`,
  );
}

async function kindOf(file: string): Promise<'link' | 'special' | 'usual' | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (stats.isSymbolicLink()) return 'link';
  return stats.isFile() || stats.isDirectory() ? 'usual' : 'special';
}

function refusal(message: string, hint: string): UserError {
  const action = { command: 'workbench.action.openSettings', title: 'Open Settings', args: [SETTING] };
  return new UserError(message, { code: 'store-link', hint, action });
}
