import type { VersionPorts } from './context.ts';
import { createRepository } from './git/repository.ts';
import { holdRepository } from './git/repository-holder.ts';
import { createHistory } from './history/history.ts';
import { createLabels } from './labels/labels.ts';
import { createNames } from './names/names.ts';
import { createResults } from './results/results.ts';
import { createSaves } from './save/saves.ts';
import { createSync } from './sync/sync.ts';
import type { Versions } from './versions.ts';

/** Wires versions; no git process starts before a method is called. */
export function createVersions(ports: VersionPorts): Versions {
  const holder = holdRepository(ports);
  return {
    state: holder.state,
    createRepository: (signal) => createRepository(ports, signal),
    names: createNames(holder),
    history: createHistory(holder, ports.folder),
    saves: createSaves(holder),
    labels: createLabels(holder),
    results: createResults(holder),
    sync: createSync(holder),
    dispose: async () => holder.dispose(),
  };
}
