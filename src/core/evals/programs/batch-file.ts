import type { Environment } from './program-environment.ts';

/** Windows starts `.exe` files only; `npx` and other programs of npm are batch files, which `cmd.exe` reads. */
export function isBatchFile(file: string): boolean {
  return /\.(?:cmd|bat)$/i.test(file);
}

/** Characters with a meaning for `cmd.exe`. */
const SPECIAL = /([()\][%!^"`<>&|;, *?])/g;

/**
 * How `cmd.exe` gets a batch file with arguments that arrive as they are, also those with quotes or `%`; to be passed
 * without further quoting. Batch files that npm writes read their arguments twice.
 */
export function batchCommand(
  file: string,
  args: readonly string[],
  env: Environment,
): { program: string; args: string[] } {
  const isShim = /node_modules[\\/]\.bin[\\/][^\\/]+\.cmd$/i.test(file);
  const protect = (text: string) => text.replace(SPECIAL, '^$1');
  const parts = args.map((arg) => {
    const quoted = protect(`"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1')}"`);
    return isShim ? protect(quoted) : quoted;
  });
  const line = [protect(file), ...parts].join(' ');
  const shell = Object.entries(env).find(([name]) => /^comspec$/i.test(name))?.[1];
  return { program: shell ?? 'cmd.exe', args: ['/d', '/s', '/c', `"${line}"`] };
}
