import v8 from 'node:v8';
import vm from 'node:vm';

/** A function that collects garbage; undefined in Electron, where a change of flags may be a fatal error. */
export function findCollector(): (() => void) | undefined {
  if (process.versions.electron !== undefined) return undefined;
  v8.setFlagsFromString('--expose-gc');
  // Only new contexts get the function, since the main one was created before the flag was set.
  return vm.runInNewContext('gc');
}
