import { formatJson } from '../../core/base/json/format-json.ts';
import type { ReportFormat } from '../../core/evals/report/report-format.ts';
import { writeJson } from './json.ts';
import type { Terminal } from './terminal.ts';

export type Format = 'text' | 'json' | 'ndjson' | 'sarif' | 'markdown' | ReportFormat;

/** A result in each format that its command supports; nothing is printed for a missing format. */
interface Result {
  text?(terminal: Terminal): void | Promise<void>;
  json?(): unknown;
  sarif?(): unknown;
  markdown?(): string;
  /** The lines after the events that were already printed. */
  ndjson?(): Iterable<unknown>;
}

/** Prints results in the format that the command line requests. */
export interface Output {
  readonly format: Format;
  print(result: Result): Promise<void>;
  /** Prints one line of JSON. */
  printEvent(event: unknown): void;
  /** Prints text that is safe for a terminal as it is, and waits for its reader: there may be more than fits into memory. */
  printPieces(pieces: AsyncIterable<string>): Promise<void>;
}

export function createOutput(terminal: Terminal, format: Format): Output {
  const { out } = terminal;
  const printEvent = (event: unknown) => out(`${formatJson(event)}\n`);
  return {
    format,
    printEvent,
    async printPieces(pieces) {
      for await (const piece of pieces) {
        out(piece);
        await terminal.flush();
      }
    },
    async print(result) {
      if (format === 'text') await result.text?.(terminal);
      else if (format === 'markdown') out(result.markdown?.() ?? '');
      else if (format === 'ndjson') for (const event of result.ndjson?.() ?? []) printEvent(event);
      else if ((format === 'json' || format === 'sarif') && result[format]) {
        writeJson(await result[format](), 2, out);
        out('\n');
      }
    },
  };
}
