import { lazy } from '../base/lazy.ts';
import { loadOnCall } from '../base/load-on-call.ts';
import type { VersionPorts } from './context.ts';
import type { Versions } from './versions.ts';

/** Versions whose code is loaded by the first call of a method; no git process starts before that. */
export function openVersions(ports: VersionPorts): Versions {
  const versions = lazy(async () => {
    const { createVersions } = await import('./create-versions.ts');
    return createVersions(ports);
  });
  return {
    state: async (signal) => (await versions()).state(signal),
    createRepository: async (signal) => (await versions()).createRepository(signal),
    names: loadOnCall(async () => (await versions()).names),
    history: loadOnCall(async () => (await versions()).history),
    saves: loadOnCall(async () => (await versions()).saves),
    labels: loadOnCall(async () => (await versions()).labels),
    results: loadOnCall(async () => (await versions()).results),
    sync: loadOnCall(async () => (await versions()).sync),
    dispose: async () => (await versions.made())?.dispose(),
  };
}
