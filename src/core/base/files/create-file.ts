import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from './make-folder.ts';

/** Error codes of file systems without hard links (exFAT, some network drives). */
const NO_LINKS: ReadonlySet<string> = new Set('EPERM ENOTSUP EOPNOTSUPP ENOSYS EINVAL EMLINK EXDEV'.split(' '));

/** Creates a file and its folder, completely or not at all. Rejects with `EEXIST` if the file exists. */
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

/** Replaces or creates a file and its folder: it has all of the new text or its old content. Rejects as Node does. */
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

/** Writes the text to a temporary file next to the target; nothing is left behind if that fails. */
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

/** The name is reserved first, so that a file of another process is not replaced. */
async function claim(draft: string, file: string): Promise<void> {
  await (await open(file, 'wx')).close();
  await rename(draft, file);
}
