import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from './make-folder.ts';

/** What file systems without hard links (exFAT, some network drives) say where one is asked for. */
const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
  'EMLINK',
  'EXDEV',
]);

/**
 * Makes a file, and the folder that it is in: either whole or not at all, also where the process is killed meanwhile.
 * Rejects with `EEXIST` where the file is there: nothing is ever overwritten.
 */
export async function createFile(file: string, text: string): Promise<void> {
  const draft = await writeDraft(file, text);
  try {
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (!NO_LINKS.has(error.code ?? '')) throw error;
      return claim(draft, file);
    });
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Puts a text in the place of a file, or makes it, with the folder that it is in: the whole text or what was there before.
 * Rejects with Node's error.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const before = await stat(file).catch(() => undefined);
  const draft = await writeDraft(file, text, before?.mode);
  try {
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The text in a file beside the one that it is meant for; nothing is left where it cannot be written. */
async function writeDraft(file: string, text: string, mode?: number): Promise<string> {
  const folder = path.dirname(file);
  await makeFolder(folder);
  const draft = path.join(folder, `.${path.basename(file)}.${randomUUID()}.tmp`);
  try {
    await writeFile(draft, text, { flag: 'wx', ...(mode === undefined ? {} : { mode }) });
    return draft;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The name is taken first, so that what another process has put there is not replaced. */
async function claim(draft: string, file: string): Promise<void> {
  await (await open(file, 'wx')).close();
  await rename(draft, file);
}
