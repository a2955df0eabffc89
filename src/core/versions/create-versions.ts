import type { VersionPorts } from './context.ts';
import type { Versions } from './versions.ts';

/** Wires versions; no git process starts before a method is called. */
export function createVersions(_ports: VersionPorts): Versions {
  const missing = (): never => {
    throw new Error('not wired');
  };
  return {
    state: missing,
    createRepository: missing,
    nameOf: missing,
    history: missing,
    workingState: missing,
    workingContent: missing,
    changedFiles: missing,
    resolve: missing,
    read: missing,
    filesAt: missing,
    save: missing,
    proposeMessage: missing,
    restoredText: missing,
    labels: missing,
    savedTags: missing,
    moveLabel: missing,
    removeLabel: missing,
    labelHistory: missing,
    results: missing,
    noteResults: missing,
    changesBetween: missing,
    mergeBase: missing,
    blame: missing,
    planPush: missing,
    push: missing,
    fetch: missing,
    settleConflict: missing,
    dispose: missing,
  };
}
