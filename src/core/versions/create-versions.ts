import type { VersionPorts } from './context.ts';
import { createRepository } from './git/repository.ts';
import { createRepositoryHandle } from './git/repository-handle.ts';
import { createHistory } from './history/history.ts';
import { createLabels } from './labels/labels.ts';
import { createNames } from './names/names.ts';
import { createResults } from './results/results.ts';
import { createSaves } from './save/saves.ts';
import { createSync } from './sync/sync.ts';
import type { Versions } from './versions.ts';

/** Wires versions; no git process starts before a method is called. */
export function createVersions(ports: VersionPorts): Versions {
  const handle = createRepositoryHandle(ports);
  return {
    state: handle.state,
    createRepository: (signal) => createRepository(ports, signal),
    names: createNames(handle),
    history: createHistory(handle, ports.folder),
    saves: createSaves(handle),
    labels: createLabels(handle),
    results: createResults(handle),
    sync: createSync(handle),
    dispose: async () => handle.dispose(),
  };
}
