import { createInterface } from 'node:readline/promises';
import { sanitize } from '../shared/sanitize.ts';
import type { Terminal } from './output/terminal.ts';

/** A script cannot answer, and its author has decided. */
export function canAsk({ errIsTty }: Pick<Terminal, 'errIsTty'>): boolean {
  return errIsTty && process.stdin.isTTY === true;
}

/** `question` is followed by what may be answered; everything but yes means no. */
export async function ask(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl+C would only close the reader
  reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await reader.question(`${sanitize(question)} Continue? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}
