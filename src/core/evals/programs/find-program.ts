import { statSync } from 'node:fs';
import posixPath from 'node:path/posix';
import windowsPath from 'node:path/win32';
import type { Environment } from './program-environment.ts';

interface ProgramSearch {
  env: Environment;
  /** Where relative paths begin. */
  folder: string;
  platform?: NodeJS.Platform;
  isFile?: (file: string) => boolean;
}

/** Absolute path of a program by its name on PATH, or by its path; undefined if there is none. */
export function findProgram(program: string, search: ProgramSearch): string | undefined {
  const { env, folder, platform = process.platform, isFile = isRegularFile } = search;
  const isWindows = platform === 'win32';
  const paths = isWindows ? windowsPath : posixPath;
  const names = isWindows ? withExtensions(program, env) : [program];
  if ((isWindows ? /[\\/]/ : /\//).test(program)) {
    return names.map((name) => paths.resolve(folder, name)).find(isFile);
  }
  const variable = Object.keys(env).find((name) => (isWindows ? /^path$/i : /^PATH$/).test(name)) ?? 'PATH';
  const places = (env[variable] ?? '').split(paths.delimiter).map((place) => place.replace(/^"(.*)"$/, '$1'));
  for (const place of places) {
    // a relative entry would depend on where this process was started
    if (!paths.isAbsolute(place)) continue;
    const found = names.map((name) => paths.join(place, name)).find(isFile);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `npm` is `npm.cmd`; a name that has one of the extensions is tried as it is. */
function withExtensions(program: string, env: Environment): string[] {
  const written = Object.entries(env).find(([name]) => /^pathext$/i.test(name))?.[1] ?? '.COM;.EXE;.BAT;.CMD';
  const extensions = written.toLowerCase().split(';').filter(Boolean);
  const has = extensions.some((extension) => program.toLowerCase().endsWith(extension));
  return has ? [program] : extensions.map((extension) => program + extension);
}

function isRegularFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

interface PythonSearch extends ProgramSearch {
  /** Absolute path of the interpreter that the user has selected. */
  selected: string | undefined;
}

/** The Python interpreter: the selected one, that of the virtual environment, or else the first on PATH. */
export function findPython({ selected, ...search }: PythonSearch): string | undefined {
  if (selected !== undefined) return selected;
  const { env, platform = process.platform } = search;
  const { VIRTUAL_ENV: place } = env;
  const inside = platform === 'win32' ? `${place}\\Scripts\\python.exe` : `${place}/bin/python`;
  const candidates = [...(place ? [inside] : []), ...(platform === 'win32' ? ['python'] : ['python3', 'python'])];
  for (const candidate of candidates) {
    const found = findProgram(candidate, search);
    if (found !== undefined) return found;
  }
  return undefined;
}
