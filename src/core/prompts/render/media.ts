import { extname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from '../../../shared/is-record.ts';
import { UserError } from '../../base/errors.ts';
import { FileRefusal } from '../../base/files/read-file.ts';
import type { FileReader } from '../../base/ports.ts';
import type { Part } from '../../models/chat-model.ts';

export interface MediaEnv {
  files?: FileReader | undefined;
  workspaceRoots: readonly string[];
  /** The base of relative media paths. */
  promptDir: string | undefined;
}

interface MediaSource {
  url: string;
  contentType: string | undefined;
  /** True if a file may be read: its path is in the template itself, or the input is declared as media. */
  mayReadFile: boolean;
}

/** Providers reject larger requests; a file of this size is 27 MB in base64. */
const MAX_FILE_BYTES = 20 * 1024 * 1024;

const CONTENT_TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
  svg: 'image/svg+xml',
  avif: 'image/avif',
  heic: 'image/heic',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  m4a: 'audio/mp4',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/quicktime',
};

/** The values of the inputs in `llmops.media`; only these may refer to files. */
export function declaredMedia(names: unknown, input: Record<string, unknown>): ReadonlySet<string> {
  const fields = typeof names === 'string' ? [names] : Array.isArray(names) ? names : [];
  return new Set(fields.flatMap((name: unknown) => (typeof name === 'string' ? strings(input[name]) : [])));
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value.trim()];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isRecord(value) ? Object.values(value).flatMap(strings) : [];
}

/** Creates a part that a provider accepts: http(s) and data: URLs unchanged, a file of the workspace as data:. */
export async function resolveMedia(source: MediaSource, env: MediaEnv): Promise<Part> {
  const { url, contentType } = source;
  const withType = (type: string | undefined) => (type ? { contentType: type } : {});
  if (/^https?:\/\//i.test(url) && URL.canParse(url) && !/[\s\p{Cc}]/u.test(url)) {
    return { type: 'media', url, ...withType(contentType) };
  }
  const data = /^data:([^;,]*)[;,]/i.exec(url);
  if (data) return { type: 'media', url, ...withType(contentType ?? data[1]) };
  if (!source.mayReadFile) {
    throw new UserError(`A value cannot refer to the media file \`${shorten(url)}\`.`, {
      code: 'invalid-input',
      hint: 'Values may contain http, https and data URLs. To allow files in an input, list it in the front matter: `llmops.media: [its_name]`.',
    });
  }
  return readMediaFile(source, env);
}

async function readMediaFile({ url, contentType }: MediaSource, env: MediaEnv): Promise<Part> {
  const { files } = env;
  const path = toPath(url, env.promptDir);
  if (!files)
    throw mediaError(`The media file \`${shorten(url)}\` cannot be read here.`, 'Use an http, https or data URL.');
  const bytes = await files
    .readBytes(path, { within: env.workspaceRoots, maxBytes: MAX_FILE_BYTES })
    .catch((cause: unknown) => {
      throw unreadMedia(`The media file \`${shorten(url)}\``, path, cause);
    });
  // For a link, the name of the target determines the content type.
  const type =
    contentType ??
    CONTENT_TYPES[
      extname(await files.realPath(path))
        .slice(1)
        .toLowerCase()
    ];
  if (!type) {
    const hint = 'Set it in the template: {{media url=… contentType="image/png"}}.';
    throw mediaError(`The content type of the media file \`${shorten(url)}\` is unknown.`, hint);
  }
  return { type: 'media', url: `data:${type};base64,${Buffer.from(bytes).toString('base64')}`, contentType: type };
}

function unreadMedia(media: string, path: string, cause: unknown): UserError {
  if (cause instanceof FileRefusal) return refusedMedia(media, cause);
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return mediaError(`${media} does not exist.`, `Looked for ${path}.`, cause);
  if (code === 'EISDIR') return mediaError(`${media} is a folder.`, 'Choose a file in it.', cause);
  return mediaError(`${media} cannot be read.`, 'Check that you have permission to read it.', cause);
}

function refusedMedia(media: string, refusal: FileRefusal): UserError {
  switch (refusal.reason) {
    case 'outside': {
      const where = refusal.target === undefined ? '' : `: it is a link to ${refusal.target}`;
      return mediaError(`${media} is outside the workspace${where}.`, refusal.hint ?? '', refusal);
    }
    case 'too-large': {
      const size = ((refusal.bytes ?? 0) / 1024 / 1024).toFixed(1);
      const most = `at most ${MAX_FILE_BYTES / 1024 / 1024} MB can be sent`;
      return mediaError(`${media} has ${size} MB; ${most}.`, 'Make it smaller, or give its URL.', refusal);
    }
    case 'link-loop':
      return mediaError(`${media} is a symbolic link in a loop.`, refusal.hint ?? '', refusal);
    case 'dangling':
      return mediaError(`${media} is a broken symbolic link.`, refusal.hint ?? '', refusal);
    case 'encoding':
      return mediaError(refusal.message, refusal.hint ?? '', refusal);
    case 'not-regular':
      return mediaError(
        `${media} is not a regular file but a pipe, a socket or a device.`,
        refusal.hint ?? '',
        refusal,
      );
  }
}

function toPath(url: string, promptDir: string | undefined): string {
  if (/^file:/i.test(url)) {
    try {
      return fileURLToPath(url);
    } catch (cause) {
      throw mediaError(
        `\`${shorten(url)}\` is not a file URL on this machine.`,
        'Write file:///path, or a relative path.',
        cause,
      );
    }
  }
  // One letter before the colon is a Windows drive.
  if (/^[a-z][a-z0-9+.-]+:/i.test(url)) {
    throw mediaError(
      `Media cannot come from \`${shorten(url)}\`.`,
      'Use an http, https or data URL, or a file in the workspace.',
    );
  }
  if (isAbsolute(url)) return url;
  if (promptDir) return resolve(promptDir, url);
  throw mediaError(
    `The media file \`${shorten(url)}\` is relative, and the prompt is not saved yet.`,
    'Save the prompt first.',
  );
}

function mediaError(message: string, hint: string, cause?: unknown): UserError {
  return new UserError(message, { code: 'invalid-input', hint, cause });
}

function shorten(url: string): string {
  return url.length > 80 ? `${url.slice(0, 80)}…` : url;
}
