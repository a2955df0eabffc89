import type { Terminal } from './output/terminal.ts';

/** One line on stderr, rewritten in place, that says how far a long command is; only on a terminal. */
export interface CountProgress {
  show(what: string, done: number, total: number): void;
  clear(): void;
}

const CLEAR_LINE = '\r\u001b[2K';
const REDRAW_MS = 100;
/** What is over before that needs no line. */
const SHOWN_AFTER_MS = 500;

export function createCountProgress({ errIsTty }: Pick<Terminal, 'errIsTty'>): CountProgress {
  const began = performance.now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    show(what, done, total) {
      const now = performance.now();
      if (!errIsTty || now - began < SHOWN_AFTER_MS || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      // Not through the terminal's own `err`, which would make these control characters visible.
      process.stderr.write(`${CLEAR_LINE}${what}: ${done} of ${total}`.slice(0, (process.stderr.columns ?? 80) + 4));
    },
    clear() {
      if (drawnAt !== Number.NEGATIVE_INFINITY) process.stderr.write(CLEAR_LINE);
    },
  };
}
