import type { Terminal } from './terminal.ts';

/** Problems that do not fail the command: each is printed once on stderr, and all are part of `--json`. */
export interface Notices {
  report(text: string): void;
  readonly all: readonly string[];
}

export function createNotices({ note }: Pick<Terminal, 'note'>): Notices {
  const all: string[] = [];
  return {
    report(text) {
      if (all.includes(text)) return;
      all.push(text);
      note(text);
    },
    all,
  };
}
