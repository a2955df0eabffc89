import { extname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../base/errors.ts';
import type { FileReader } from '../base/ports.ts';
import type { Part } from '../models/chat-model.ts';
import { isRecord } from './yaml-data.ts';

export interface MediaEnv {
  files?: FileReader | undefined;
  workspaceRoots: readonly string[];
  /** Relative paths of media start here. */
  promptDir: string | undefined;
}

export interface MediaSource {
  url: string;
  contentType: string | undefined;
  /** True where a file may be read: the template says so itself, or the input is declared as media. */
  mayReadFile: boolean;
}

/** Providers refuse larger requests; a file of this size is 27 MB in base64. */
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

/** The values of the inputs that the file names in `llmops.media`; only these may name files. */
export function declaredMedia(names: unknown, input: Record<string, unknown>): ReadonlySet<string> {
  const fields = typeof names === 'string' ? [names] : Array.isArray(names) ? names : [];
  return new Set(fields.flatMap((name: unknown) => (typeof name === 'string' ? strings(input[name]) : [])));
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value.trim()];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isRecord(value) ? Object.values(value).flatMap(strings) : [];
}

/** Makes a part that a provider can be sent: http(s) and data: as they are, a file of the workspace as data:. */
export async function resolveMedia(source: MediaSource, env: MediaEnv): Promise<Part> {
  const { url, contentType } = source;
  const withType = (type: string | undefined) => (type ? { contentType: type } : {});
  if (/^https?:\/\//i.test(url) && URL.canParse(url) && !/[\s\p{Cc}]/u.test(url)) {
    return { type: 'media', url, ...withType(contentType) };
  }
  const data = /^data:([^;,]*)[;,]/i.exec(url);
  if (data) return { type: 'media', url, ...withType(contentType ?? data[1]) };
  if (!source.mayReadFile) {
    throw new UserError(`A value cannot name the media \`${shorten(url)}\`.`, {
      code: 'invalid-input',
      hint: 'Values may hold http, https and data URLs. To let an input name files, list it in the front matter: `llmops.media: [its_name]`.',
    });
  }
  return readMediaFile(source, env);
}

async function readMediaFile({ url, contentType }: MediaSource, env: MediaEnv): Promise<Part> {
  const { files } = env;
  const path = toPath(url, env.promptDir);
  if (!files)
    throw mediaError(`The media file \`${shorten(url)}\` cannot be read here.`, 'Use an http, https or data URL.');
  // To look at another machine's share is to log in there, with the user's name and a hash of the password.
  const isShare = /^[\\/]{2}/.test(path) && !env.workspaceRoots.some((root) => /^[\\/]{2}/.test(root));
  if (isShare) {
    throw mediaError(`The media file \`${shorten(url)}\` is on another machine.`, 'Copy the file into the workspace.');
  }
  const real = await files.realPath(path).catch((cause: unknown) => {
    throw mediaError(`The media file \`${shorten(url)}\` does not exist.`, `Looked for ${path}.`, cause);
  });
  if (!(await isInside(real, env.workspaceRoots, files))) {
    const hint = 'Copy the file into the workspace; links that lead out of it are not followed.';
    throw mediaError(`The media file \`${shorten(url)}\` is outside of the workspace.`, hint);
  }
  const type = contentType ?? CONTENT_TYPES[extname(real).slice(1).toLowerCase()];
  if (!type) {
    const hint = 'Say it in the template: {{media url=… contentType="image/png"}}.';
    throw mediaError(`The content type of the media file \`${shorten(url)}\` is not known.`, hint);
  }
  const bytes = await files.readBytes(real).catch((cause: unknown) => {
    throw mediaError(
      `The media file \`${shorten(url)}\` cannot be read.`,
      'Check that it is a file you may read.',
      cause,
    );
  });
  if (bytes.length > MAX_FILE_BYTES) {
    const size = (bytes.length / 1024 / 1024).toFixed(1);
    const limit = MAX_FILE_BYTES / 1024 / 1024;
    throw mediaError(
      `The media file \`${shorten(url)}\` has ${size} MB; at most ${limit} MB can be sent.`,
      'Make it smaller, or give its URL.',
    );
  }
  return { type: 'media', url: `data:${type};base64,${Buffer.from(bytes).toString('base64')}`, contentType: type };
}

function toPath(url: string, promptDir: string | undefined): string {
  if (/^file:/i.test(url)) {
    try {
      return fileURLToPath(url);
    } catch (cause) {
      throw mediaError(
        `\`${shorten(url)}\` is not a file URL of this machine.`,
        'Write file:///path, or a relative path.',
        cause,
      );
    }
  }
  // One letter before the colon is a drive of Windows.
  if (/^[a-z][a-z0-9+.-]+:/i.test(url)) {
    throw mediaError(
      `Media cannot come from \`${shorten(url)}\`.`,
      'Use an http, https or data URL, or a file of the workspace.',
    );
  }
  if (isAbsolute(url)) return url;
  if (promptDir) return resolve(promptDir, url);
  throw mediaError(
    `The media file \`${shorten(url)}\` is relative, and the prompt is not saved yet.`,
    'Save the prompt first.',
  );
}

async function isInside(real: string, roots: readonly string[], files: FileReader): Promise<boolean> {
  for (const root of roots) {
    const realRoot = await files.realPath(root).catch(() => root);
    const path = relative(realRoot, real);
    if (path !== '' && !isAbsolute(path) && path.split(/[\\/]/)[0] !== '..') return true;
  }
  return false;
}

function mediaError(message: string, hint: string, cause?: unknown): UserError {
  return new UserError(message, { code: 'invalid-input', hint, cause });
}

function shorten(url: string): string {
  return url.length > 80 ? `${url.slice(0, 80)}…` : url;
}
