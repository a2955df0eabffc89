import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { formatBytes } from '../../../shared/format.ts';
import { UserError } from '../errors.ts';
import type { ReadLimits } from '../ports.ts';

type RefusalReason = 'outside' | 'link-loop' | 'dangling' | 'not-regular' | 'too-large' | 'encoding';

/** A file that was not read, and why. A file that is missing or lacks permission is a Node error instead. */
export class FileRefusal extends UserError {
  override name = 'FileRefusal';
  readonly reason: RefusalReason;
  /** The file's real path, if links led to another than the requested one. */
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
 * The bytes of a regular file: the only way to read files that a repository refers to. Rejects with `FileRefusal` for a
 * file outside `within`, a loop of links, a FIFO or device (which could block or never end) and a file over the limit;
 * nothing of such a file is read. A missing file, a folder and missing permission reject with Node's own error
 * (`ENOENT`, `EISDIR`, `EACCES`).
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

/** A regular file of any size, in pieces, by the rules of `readRegularFile`. The next piece reuses a piece's memory. */
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
  // A regular file may have become a link or a FIFO since the check: neither is followed or waited for.
  return open(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
}

/**
 * The real path of a file that must be in one of the folders, after following links; for writers, and callers that need
 * only the path. Rejects with `FileRefusal` if it is elsewhere, and with Node's `ENOENT` if it does not exist.
 */
export async function realPathWithin(file: string, within: readonly string[]): Promise<string> {
  // Accessing another machine's share logs in there, with the user's name and a hash of the password.
  if (isShare(file) && !within.some(isShare)) throw outside(file, file, within);
  const real = await realPathOf(file);
  const roots = await Promise.all(within.map((root) => realpath(root).catch(() => path.resolve(root))));
  if (roots.some((root) => isPathInside(root, real))) return real;
  throw outside(file, real, within);
}

/**
 * For writers of a file that a repository refers to, whether it exists or not: rejects with `FileRefusal` if the file,
 * or the folder to create it in, is a link out of the folders, in a loop or to a missing target, since writing would
 * create that target.
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

/** The folders that must contain a prompt's files: the workspace's, or the prompt's own if it is outside of it. */
export function boundsOf(promptFile: string, folder: string | undefined): [string] {
  return [folder !== undefined && isPathInside(folder, promptFile) ? folder : path.dirname(promptFile)];
}

/** True for the folder itself and everything in it, judged by path only. */
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

/** Files under /proc have no size, and others grow, so the bytes read are counted, too. */
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
