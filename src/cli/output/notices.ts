import type { Terminal } from './terminal.ts';

/** What went wrong beside the command's own work: each sentence once on stderr, and all of them for `--json`. */
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
