import { join } from 'node:path';
import { lazy } from '../../base/lazy.ts';
import type { Fetch, FileReader, Log } from '../../base/ports.ts';
import type { Settings } from '../../base/settings.ts';
import { readConfigText } from '../../config/read-config-text.ts';
import type { Connection } from '../connection.ts';
import type { Environment } from './connection-defaults.ts';
import {
  CONNECTIONS,
  type Connections,
  type Declared,
  mergeConnections,
  parseConnections,
  readSettingsConnections,
  unusedFile,
} from './connections.ts';
import { originOf } from './origins.ts';

interface LoaderPorts {
  folder: string | undefined;
  trusted(): boolean;
  settings(): Settings;
  files: FileReader;
  log: Log;
  env: Environment;
  hasHostModels: boolean;
  fetch(): Promise<Fetch>;
}

export type ConnectionLoader = ReturnType<typeof createConnectionLoader>;

/** Reads the declarations of a workspace and discovers Ollama. An untrusted workspace's file is not opened. */
export function createConnectionLoader(ports: LoaderPorts) {
  let loading: { trusted: boolean; result: Promise<Connections> } | undefined;

  const declared = () => {
    const trusted = ports.trusted();
    if (loading?.trusted !== trusted) loading = { trusted, result: loadDeclared(ports, trusted) };
    return loading.result;
  };
  const probe = lazy(async () => {
    try {
      const { findOllama } = await import('./ollama.ts');
      return await findOllama(await ports.fetch(), ports.env);
    } catch (error) {
      ports.log.debug(`Looking for Ollama failed: ${String(error)}`);
      return undefined;
    }
  });
  return {
    /** The declared connections; makes no request. Read once, and again after `reset` or when trust has changed. */
    declared,
    /** A running Ollama, if discovery is on and no declaration points to it. */
    async discovered(): Promise<Connection | undefined> {
      if (!ports.settings().discoverOllama || !ports.trusted()) return undefined;
      const [found, { connections }] = await Promise.all([probe(), declared()]);
      const taken =
        found &&
        [...connections.values()].some((other) => other.id === found.id || originOf(other) === originOf(found));
      return taken ? undefined : found;
    },
    reset(): void {
      loading = undefined;
      probe.reset();
    },
  };
}

async function loadDeclared(ports: LoaderPorts, trusted: boolean): Promise<Connections> {
  const { env, hasHostModels } = ports;
  const file = trusted && ports.folder !== undefined ? await readFile(ports, ports.folder) : undefined;
  return mergeConnections({
    env,
    hasHostModels,
    file,
    settings: readSettingsConnections(ports.settings().connections),
  });
}

async function readFile(
  { files }: LoaderPorts,
  folder: string,
): Promise<{ declared: Declared; path: string } | undefined> {
  const path = join(folder, CONNECTIONS.path);
  if (!(await files.exists(path))) return undefined;
  const read = await readConfigText(files, CONNECTIONS, folder);
  return { path, declared: 'text' in read ? await parseConnections(read.text, path) : unusedFile(path, read.problem) };
}
