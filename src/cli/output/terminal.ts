import { toErrorInfo } from '../../core/base/errors.ts';
import { sanitize } from '../../shared/sanitize.ts';

/** Standard output and standard error of the process. */
export interface Terminal {
  out(text: string): void;
  /** Writes a line to `out`, cleaned. */
  print(line: string): void;
  /** Resolves when everything has been written or has failed. */
  flush(): Promise<void>;
  /** Why standard output could not be written; a reader that closed the pipe is not a failure. */
  readonly failure: NodeJS.ErrnoException | undefined;
  /** For progress, warnings and errors: other programs read `out`. */
  err(text: string): void;
  /** Writes a line to `err`. */
  note(line: string): void;
  /** True if `out` is a terminal: then it may have colors and must be sanitized. */
  outIsTty: boolean;
  errIsTty: boolean;
  style: Record<'bold' | 'dim' | 'red' | 'green', (text: string) => string>;
  /** Sanitizes text from a model or a server if `out` is a terminal. */
  clean(text: string): string;
}

type Env = Record<string, string | undefined>;

/** `onFailure` is called once, when standard output turns out not to be writable: further output would be lost. */
export function createTerminal(
  env: Env,
  { stdout, stderr }: Pick<typeof process, 'stdout' | 'stderr'>,
  onFailure: () => void = () => {},
): Terminal {
  let failure: NodeJS.ErrnoException | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`llmops … | head`) is not a failure.
    if (error.code === 'EPIPE' || failure) return;
    failure = error;
    onFailure();
  });
  // There is no other place to report this.
  stderr.on('error', () => {});
  const outIsTty = stdout.isTTY === true;
  const isStyled = outIsTty && !env.NO_COLOR && env.TERM !== 'dumb';
  const wrap = (code: number) => (text: string) => (isStyled ? `\u001b[${code}m${text}\u001b[0m` : text);
  const out = (text: string) => void stdout.write(text);
  const err = (text: string) => void stderr.write(sanitize(text));
  const clean = (text: string) => (outIsTty ? sanitize(text) : text);
  return {
    out,
    print: (line) => out(clean(`${line}\n`)),
    err,
    note: (line) => err(`${line}\n`),
    async flush() {
      await Promise.all([stdout, stderr].map(written));
      // An error of the last write is emitted in the next turn.
      await new Promise(setImmediate);
    },
    get failure() {
      return failure;
    },
    outIsTty,
    errIsTty: stderr.isTTY === true,
    style: { bold: wrap(1), dim: wrap(2), red: wrap(31), green: wrap(32) },
    clean,
  };
}

/** Writes nothing if the buffer is empty: a full device rejects even an empty write. */
function written(stream: NodeJS.WriteStream): Promise<unknown> | undefined {
  if (stream.writableLength === 0) return undefined;
  // The callback is called after all earlier writes, with an error if the stream has failed.
  return new Promise((resolve) => stream.write('', resolve));
}

export function printError(error: unknown, { note }: Pick<Terminal, 'note'>): void {
  const { message, hint } = toErrorInfo(error);
  note(`llmops: ${message}`);
  if (hint !== undefined) note(hint);
}
