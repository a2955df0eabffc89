import { homedir } from 'node:os';
import path from 'node:path';

/** Where `llmops prices update` keeps the list that it fetched: the machine's folder for what can be fetched again. */
export function priceListFile(env: Record<string, string | undefined>, platform = process.platform): string {
  return path.join(cacheFolder(env, platform), 'llmops', 'prices.json');
}

function cacheFolder(env: Record<string, string | undefined>, platform: NodeJS.Platform): string {
  // The standard wants relative paths ignored.
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) return env.XDG_CACHE_HOME;
  const home = env.HOME || homedir();
  if (platform === 'win32') return env.LOCALAPPDATA || path.join(home, 'AppData', 'Local');
  return platform === 'darwin' ? path.join(home, 'Library', 'Caches') : path.join(home, '.cache');
}
