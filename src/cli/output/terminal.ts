import { toErrorInfo } from '../../core/base/errors.ts';

/** Where output goes, and what may be done with it there. */
export interface Terminal {
  out(text: string): void;
  /** A line of output, made harmless for a terminal. */
  print(line: string): void;
  /** Resolves when everything has left this process or has failed to. */
  flush(): Promise<void>;
  /** Why standard output could not be written, a reader that went away excepted. */
  readonly failure: NodeJS.ErrnoException | undefined;
  /** Progress, warnings and errors: never mixed into what another program reads. */
  err(text: string): void;
  /** A line of `err`. */
  note(line: string): void;
  /** True where a person looks at the output, so that it may have colours and must be made harmless. */
  outIsTty: boolean;
  errIsTty: boolean;
  style: Styles;
  /** Text from a model or a server, safe for wherever `out` leads. */
  clean(text: string): string;
}

export interface Styles {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
}

type Env = Record<string, string | undefined>;

/** `onFailure` is called once, when standard output turns out not to be writable: what follows would be lost. */
export function createTerminal(
  env: Env,
  { stdout, stderr }: Pick<typeof process, 'stdout' | 'stderr'>,
  onFailure: () => void = () => {},
): Terminal {
  let failure: NodeJS.ErrnoException | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`llmops … | head`) is no failure.
    if (error.code === 'EPIPE' || failure) return;
    failure = error;
    onFailure();
  });
  // There is no place left where this could be reported.
  stderr.on('error', () => {});
  const outIsTty = stdout.isTTY === true;
  const colours = outIsTty && !env.NO_COLOR && env.TERM !== 'dumb';
  const wrap = (code: number) => (text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
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
      // A failure of what was written last is told in the next turn.
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

/** Nothing is written for it where nothing waits: a full device refuses even that. */
function written(stream: NodeJS.WriteStream): Promise<unknown> | undefined {
  if (stream.writableLength === 0) return undefined;
  // The callback comes after all that was written before, with an error where the stream has failed.
  return new Promise((resolve) => stream.write('', resolve));
}

/** C0 and C1 controls but tab and line feed, and the marks that turn the direction of what follows. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A model may write escape sequences: on a terminal they could rewrite what is shown, so they become visible. */
export function sanitize(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

export function printError(error: unknown, { note }: Pick<Terminal, 'note'>): void {
  const { message, hint } = toErrorInfo(error);
  note(`llmops: ${message}`);
  if (hint !== undefined) note(hint);
}
