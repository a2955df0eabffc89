import { formatJson, writeJson } from './json.ts';
import type { Terminal } from './terminal.ts';

export type Format = 'text' | 'json' | 'ndjson' | 'sarif' | 'markdown';

/** A result in each format that its verb has; a format that is left out prints nothing. */
export interface Result {
  text?(terminal: Terminal): void | Promise<void>;
  json?(): unknown;
  sarif?(): unknown;
  markdown?(): string;
  /** What follows the events that were printed. */
  ndjson?(): Iterable<unknown>;
}

/** Standard output in the format that the command line asks for. */
export interface Output {
  readonly format: Format;
  print(result: Result): Promise<void>;
  /** One line of JSON. */
  printEvent(event: unknown): void;
}

export function createOutput(terminal: Terminal, format: Format): Output {
  const { out } = terminal;
  const printEvent = (event: unknown) => out(`${formatJson(event)}\n`);
  return {
    format,
    printEvent,
    async print(result) {
      if (format === 'text') await result.text?.(terminal);
      else if (format === 'markdown') out(result.markdown?.() ?? '');
      else if (format === 'ndjson') for (const event of result.ndjson?.() ?? []) printEvent(event);
      else if (result[format]) {
        writeJson(await result[format](), 2, out);
        out('\n');
      }
    },
  };
}
