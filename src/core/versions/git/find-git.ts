import { statSync } from 'node:fs';
import posixPath from 'node:path/posix';
import windowsPath from 'node:path/win32';

interface GitSearch {
  /** `git.path`, or undefined for `git` on PATH. */
  binary: string | undefined;
  env: Record<string, string | undefined>;
  /** Root of the repository, or the workspace's folder. */
  folder: string;
  platform?: NodeJS.Platform;
  isFile?: (file: string) => boolean;
}

/**
 * Absolute path of the git to start; undefined if there is none. A bare name would let the system search git's working
 * directory (Windows does so first), which is the repository and may contain a `git.exe`. Relative entries of PATH
 * point there, too, and are skipped, on Windows also those inside the repository.
 */
export function findGit(search: GitSearch): string | undefined {
  const { binary = 'git', env, folder, platform = process.platform, isFile = isRegularFile } = search;
  const paths = platform === 'win32' ? windowsPath : posixPath;
  // `\\bin` is on the current drive of the process
  const isWhole = (place: string) =>
    platform === 'win32' ? /^(?:[a-z]:[\\/]|[\\/]{2})/i.test(place) : /^\//.test(place);
  if (isWhole(binary)) return binary;
  if (/[\\/]/.test(binary)) return undefined;
  const names = platform === 'win32' && !/\.(?:exe|com)$/i.test(binary) ? [`${binary}.exe`, `${binary}.com`] : [binary];
  const variable = Object.keys(env).find((name) => (platform === 'win32' ? /^path$/i : /^PATH$/).test(name)) ?? 'PATH';
  for (const entry of (env[variable] ?? '').split(paths.delimiter)) {
    const place = entry.replace(/^"(.*)"$/, '$1');
    if (!isWhole(place) || (platform === 'win32' && isBelow(folder, place))) continue;
    const found = names.map((name) => paths.join(place, name)).find(isFile);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * On Windows, names that differ only in case are the same. Nothing counts as below a drive's root: git runs there
 * without a repository, and every git on that drive would be skipped.
 */
function isBelow(folder: string, place: string): boolean {
  if (windowsPath.parse(folder).root === folder) return false;
  const relative = windowsPath.relative(folder.toLowerCase(), place.toLowerCase());
  return relative !== '..' && !relative.startsWith('..\\') && !windowsPath.isAbsolute(relative);
}

function isRegularFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
