import { createHash } from 'node:crypto';
import { sourceHash } from './source-hash.ts';

/**
 * SHA-256, hex, of a prompt's effective content: its text, and those of the partials that it uses, with the names used
 * for them. Line endings count as LF, since git may store a file with others than the work tree has. A prompt without
 * partials has the hash of its text.
 */
export function contentHash(source: string, partials: ReadonlyMap<string, string>): string {
  if (partials.size === 0) return sourceHash(withLf(source));
  const sorted = [...partials].sort(([a], [b]) => (a < b ? -1 : 1));
  const whole = [withLf(source), ...sorted.map(([name, text]) => [name, withLf(text)])];
  // The null byte distinguishes it from the hash of any text.
  return createHash('sha256')
    .update(`\0${JSON.stringify(whole)}`, 'utf8')
    .digest('hex');
}

function withLf(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
