import { lazy } from '../base/lazy.ts';
import { lazyObject } from '../base/lazy-object.ts';
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
    names: lazyObject(async () => (await versions()).names),
    history: lazyObject(async () => (await versions()).history),
    saves: lazyObject(async () => (await versions()).saves),
    labels: lazyObject(async () => (await versions()).labels),
    results: lazyObject(async () => (await versions()).results),
    sync: lazyObject(async () => (await versions()).sync),
    dispose: async () => (await versions.made())?.dispose(),
  };
}
