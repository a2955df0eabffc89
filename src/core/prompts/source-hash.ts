import { createHash } from 'node:crypto';

/** SHA-256 of a prompt's text, in hex: the same text is the same prompt, wherever it is stored. */
export function sourceHash(source: string): string {
  return createHash('sha256').update(source, 'utf8').digest('hex');
}
