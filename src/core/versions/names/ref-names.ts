import path from 'node:path';
import { UserError } from '../../base/errors.ts';

export const TAG_PREFIX = 'refs/tags/prompt/';
export const LABEL_PREFIX = 'refs/llmops/labels/';
export const REMOTE_PREFIX = 'refs/llmops-remote/';
export const NOTES_REF = 'refs/notes/llmops';

/**
 * A name as one component of a ref: every UTF-8 byte other than letters, digits, `_`, `-` and inner dots becomes `%XX`.
 * A dot is encoded where git would reject it (`..`, at an end, `.lock`), a dash at the start since it could be read as
 * an option. The result is never empty, and `decodeName` reverts it.
 */
export function encodeName(name: string): string {
  const bytes = Buffer.from(name.normalize('NFC'), 'utf8');
  let encoded = '';
  for (const [index, byte] of bytes.entries()) {
    const character = String.fromCharCode(byte);
    encoded += isPlain(character, { bytes, index })
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded
    .replace(/\.lock$/i, (match) => `%2E${match.slice(1)}`)
    .replace(DEVICE, (match) => `${hexOf(match)}${match.slice(1)}`);
}

/** On Windows no file can have such a name, whatever follows a dot, and refs are files. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** Encodes the first byte of a text, for a text that would be plain. */
function hexOf(text: string): string {
  return `%${text.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** A ref is a file on many systems, which allow no file name of more than 255 bytes, including `.lock` at its end. */
const LONGEST_ENCODED = 240;

/** Throws `usage` for a name that cannot be part of a tag or a label. */
export function checkName(name: string): void {
  const isLong = encodeName(name).length > LONGEST_ENCODED;
  if (!isLong && !name.includes('\0')) return;
  const why = isLong ? 'is too long for a git tag' : 'contains a null character';
  throw new UserError(`The name ${name.slice(0, 60)}${name.length > 60 ? '…' : ''} ${why}.`, {
    code: 'usage',
    hint: 'Set another name with `name:` in its front matter.',
  });
}

/** True for a path below the repository's root as git writes it: a foreign commit's trailer may contain anything. */
export function isRepositoryPath(path: string): boolean {
  return path !== '' && !/[\0\n]/.test(path) && path.split('/').every((part) => !/^\.{0,2}$/.test(part));
}

function isPlain(character: string, { bytes, index }: { bytes: Buffer; index: number }): boolean {
  if (/[A-Za-z0-9_]/.test(character)) return true;
  const dot = '.'.charCodeAt(0);
  if (character === '-') return index > 0;
  return character === '.' && index > 0 && index < bytes.length - 1 && bytes[index - 1] !== dot;
}

export function decodeName(encoded: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < encoded.length; at += 1) {
    const hex = encoded[at] === '%' ? /^[0-9A-Fa-f]{2}/.exec(encoded.slice(at + 1)) : null;
    if (hex) {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 2;
    } else {
      bytes.push(encoded.charCodeAt(at));
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

/** `prompts/churn.prompt`, relative to the repository, is `prompts/churn`. */
export function nameOfPath(relative: string): string {
  return relative.replaceAll('\\', '/').replace(/\.prompt$/, '');
}

export function tagRef(name: string, number: number): string {
  return `${TAG_PREFIX}${encodeName(name)}/v${number}`;
}

export function labelRef(name: string, label: string): string {
  return `${LABEL_PREFIX}${encodeName(name)}/${encodeName(label)}`;
}

const LONGEST = 100;

/** Throws `usage` for what cannot be a label: empty, too long, `v3` (a saved version's name), a hash, control characters. */
export function checkLabel(label: string): void {
  const why = labelProblem(label);
  if (why === undefined) return;
  throw new UserError(`"${label}" cannot be a label: ${why}.`, {
    code: 'usage',
    hint: 'Use a name such as production, staging or candidate.',
  });
}

/** Why a text cannot be a label, for an input box that validates while typing; undefined if it can. */
export function labelProblem(label: string): string | undefined {
  if (label.trim() === '') return 'it is empty';
  if (label !== label.trim()) return 'it starts or ends with a space';
  if (label.length > LONGEST) return `it is longer than ${LONGEST} characters`;
  if (encodeName(label).length > LONGEST_ENCODED) return 'it is too long for a git ref';
  if (/^v\d+$/i.test(label)) return 'v and a number is the name of a saved version';
  if (/^[0-9a-f]{4,64}$/i.test(label)) return 'it looks like a commit hash';
  if (/^HEAD$/i.test(label)) return 'it is git’s name for the current commit';
  if (/[\u0000-\u001f\u007f@~^:\\?*[\]]/.test(label)) return 'it contains a character with a special meaning in git';
  return undefined;
}

/** A path of the work tree as git names it; throws `usage` if it is outside the repository. */
export function toRepositoryPath(root: string, file: string): string {
  const relative = path.relative(root, path.resolve(root, file));
  if (relative === '' || relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) {
    throw new UserError(`${file} is not inside the repository ${root}.`, {
      code: 'usage',
      hint: 'Use a prompt in this repository.',
    });
  }
  return relative.split(path.sep).join('/');
}
