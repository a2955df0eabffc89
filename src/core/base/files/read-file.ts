import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { formatBytes } from '../../../shared/format.ts';
import { UserError } from '../errors.ts';
import type { ReadLimits } from '../ports.ts';

export type RefusalReason = 'outside' | 'link-loop' | 'dangling' | 'not-regular' | 'too-large' | 'encoding';

/** A file that was not read, and why. A file that is missing or may not be read is an error of Node instead. */
export class FileRefusal extends UserError {
  override name = 'FileRefusal';
  readonly reason: RefusalReason;
  /** The file's real path, where links led to another than the one asked for. */
  readonly target: string | undefined;
  /** Known for a file that is too large. */
  readonly bytes: number | undefined;

  constructor(
    message: string,
    { reason, hint, target, bytes }: { reason: RefusalReason; hint: string; target?: string; bytes?: number },
  ) {
    super(message, { code: reason === 'outside' ? 'outside-workspace' : 'unreadable-file', hint });
    this.reason = reason;
    this.target = target;
    this.bytes = bytes;
  }
}

/** As large as VS Code itself edits a file. */
const MAX_BYTES = 50 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const STREAM_CHUNK_BYTES = 256 * 1024;
/** Missing on Windows, which has neither FIFOs in folders nor this race. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * The bytes of a regular file, the one way in which files are read that a repository leads to. Rejects with
 * `FileRefusal` for a file outside of `within`, a loop of links, a FIFO or device (which could block or never end) and a
 * file over the limit; nothing of such a file is read. A missing file, a folder and missing permission reject with
 * Node's own error (`ENOENT`, `EISDIR`, `EACCES`).
 */
export async function readRegularFile(
  file: string,
  { within, maxBytes = MAX_BYTES }: ReadLimits = {},
): Promise<Buffer> {
  const handle = await openRegular(file, within);
  try {
    const { size } = checkRegular(file, await handle.stat());
    if (size > maxBytes) throw tooLarge(file, size, maxBytes);
    return await readUpTo(handle, { file, size, maxBytes });
  } finally {
    await handle.close();
  }
}

/**
 * The bytes of a regular file of any size, piece by piece, under the rules of `readRegularFile`. A piece is valid until
 * the next one is asked for: its memory is used again.
 */
export async function* streamRegularFile(file: string, { within }: Pick<ReadLimits, 'within'> = {}) {
  const handle = await openRegular(file, within);
  try {
    checkRegular(file, await handle.stat());
    const buffer = Buffer.allocUnsafe(STREAM_CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function openRegular(file: string, within: readonly string[] | undefined): Promise<FileHandle> {
  const real = within ? await realPathWithin(file, within) : await realPathOf(file);
  checkRegular(file, await stat(real));
  // What was a regular file a moment ago may be a link or a FIFO now: neither is followed or waited for.
  return open(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
}

/**
 * The real path of a file that must be in one of the folders, wherever links lead; for whoever writes, or needs only
 * the path. Rejects with `FileRefusal` where it leads elsewhere, and with Node's `ENOENT` where there is nothing.
 */
export async function realPathWithin(file: string, within: readonly string[]): Promise<string> {
  // To look at another machine's share is to log in there, with the user's name and a hash of the password.
  if (isShare(file) && !within.some(isShare)) throw outside(file, file, within);
  const real = await realPathOf(file);
  const roots = await Promise.all(within.map((root) => realpath(root).catch(() => path.resolve(root))));
  if (roots.some((root) => isPathInside(root, real))) return real;
  throw outside(file, real, within);
}

/**
 * For whoever writes a file that a repository leads to, whether it is there or not: rejects with `FileRefusal` where the
 * file, or the folder that it would be made in, is a link that leads out of the folders, in a circle or to nothing, since
 * writing would make what it leads to.
 */
export async function requirePlaceWithin(file: string, within: readonly string[]): Promise<void> {
  for (let place = path.resolve(file); ; place = path.dirname(place)) {
    const stats = await lstat(place).catch((error: unknown) => {
      const isAbove = ['ENOENT', 'ENOTDIR', 'ELOOP'].some((code) => isErrorWithCode(error, code));
      if (!isAbove || place === path.dirname(place)) throw error;
    });
    if (!stats) continue;
    await realPathWithin(place, within).catch(async (error: unknown) => {
      throw isErrorWithCode(error, 'ENOENT') ? dangling(place, await readlink(place)) : error;
    });
    return;
  }
}

/**
 * The folders that what a prompt leads to must be in: the workspace's, or for a prompt outside of it, which the user named
 * himself, the prompt's own.
 */
export function boundsOf(promptFile: string, folder: string | undefined): [string] {
  return [folder !== undefined && isPathInside(folder, promptFile) ? folder : path.dirname(promptFile)];
}

/** True for the folder itself and what is in it, by the names alone. */
export function isPathInside(folder: string, candidate: string): boolean {
  const relative = path.relative(folder, candidate);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

async function realPathOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (!isErrorWithCode(error, 'ELOOP')) throw error;
    throw new FileRefusal(`${file} is a symbolic link in a loop.`, {
      reason: 'link-loop',
      hint: 'Replace the link with the intended file.',
    });
  }
}

function isErrorWithCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function isShare(file: string): boolean {
  return /^[\\/]{2}/.test(file);
}

type FileStats = Awaited<ReturnType<typeof stat>>;

function checkRegular(file: string, stats: FileStats): { size: number } {
  if (stats.isFile()) return { size: Number(stats.size) };
  if (stats.isDirectory()) throw Object.assign(new Error(`EISDIR: ${file} is a folder`), { code: 'EISDIR' });
  throw new FileRefusal(`${file} is not a regular file but a pipe, a socket or a device.`, {
    reason: 'not-regular',
    hint: 'Save its content to a file, and use that file.',
  });
}

/** Files under /proc have no size, and others grow: what is read is counted, too. */
async function readUpTo(
  handle: FileHandle,
  { file, size, maxBytes }: { file: string; size: number; maxBytes: number },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let total = 0; ; ) {
    const chunk = Buffer.allocUnsafe(total < size ? size - total : CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, chunk.length);
    if (bytesRead === 0) return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, total);
    total += bytesRead;
    if (total > maxBytes) throw tooLarge(file, total, maxBytes);
    chunks.push(chunk.subarray(0, bytesRead));
  }
}

function tooLarge(file: string, bytes: number, maxBytes: number): FileRefusal {
  const message = `${file} is larger than the limit of ${formatBytes(maxBytes)}: its size is ${formatBytes(bytes)}.`;
  return new FileRefusal(message, { reason: 'too-large', hint: 'Make it smaller, or split it.', bytes });
}

function dangling(file: string, target: string): FileRefusal {
  return new FileRefusal(`${file} is a symbolic link to ${target}, which does not exist.`, {
    reason: 'dangling',
    hint: 'Remove the link, then try again.',
    target,
  });
}

function outside(file: string, real: string, within: readonly string[]): FileRefusal {
  const isLink = path.resolve(file) !== real;
  const where = `outside the workspace ${within.join(', ')}`;
  return new FileRefusal(isLink ? `${file} is a link to ${real}, ${where}.` : `${file} is ${where}.`, {
    reason: 'outside',
    hint: 'Copy the file into the workspace; links to places outside it are not followed.',
    ...(isLink && { target: real }),
  });
}
