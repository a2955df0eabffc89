import { homedir } from 'node:os';
import path from 'node:path';

/** Where `llmops prices update` stores the list: in the machine's cache folder, since it can be downloaded again. */
export function priceListFile(env: Record<string, string | undefined>, platform = process.platform): string {
  return path.join(cacheFolder(env, platform), 'llmops', 'prices.json');
}

function cacheFolder(env: Record<string, string | undefined>, platform: NodeJS.Platform): string {
  // The XDG specification says to ignore relative paths.
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) return env.XDG_CACHE_HOME;
  const home = env.HOME || homedir();
  if (platform === 'win32') return env.LOCALAPPDATA || path.join(home, 'AppData', 'Local');
  return platform === 'darwin' ? path.join(home, 'Library', 'Caches') : path.join(home, '.cache');
}
