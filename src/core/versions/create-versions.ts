import type { VersionPorts } from './context.ts';
import { explainState, gitIn, inspectRepository } from './repository.ts';
import { holdRepository } from './repository-holder.ts';
import { readResults } from './results.ts';
import { saveVersion } from './save-version.ts';
import type { Versions } from './versions.ts';

/** Wires versions; no git process starts before a method is called. */
export function createVersions(ports: VersionPorts): Versions {
  const holder = holdRepository(ports);
  const missing = (): never => {
    throw new Error('not wired');
  };
  return {
    state: holder.state,
    async createRepository(signal) {
      const state = await inspectRepository(ports, signal);
      if (state.kind === 'ready') return;
      if (state.kind !== 'none' || ports.folder === undefined) throw explainState(state);
      await gitIn(ports, ports.folder).run(['init', '--quiet'], { signal });
    },
    nameOf: missing,
    history: missing,
    workingState: missing,
    workingContent: missing,
    changedFiles: missing,
    resolve: missing,
    read: missing,
    filesAt: missing,
    save: async (file, options) => saveVersion(await holder.reopen(options.signal), file, options),
    proposeMessage: missing,
    restoredText: missing,
    labels: missing,
    savedTags: missing,
    moveLabel: missing,
    removeLabel: missing,
    labelHistory: missing,
    results: async (hashes, signal) => readResults(await holder.open(signal), hashes, signal),
    noteResults: missing,
    changesBetween: missing,
    mergeBase: missing,
    blame: missing,
    planPush: missing,
    push: missing,
    fetch: missing,
    settleConflict: missing,
    dispose: async () => holder.dispose(),
  };
}
