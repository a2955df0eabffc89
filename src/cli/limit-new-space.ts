import v8 from 'node:v8';

/**
 * Keeps V8 from growing the space for new objects up to 128 MB, which has no benefit for work whose objects hardly ever
 * outlive a page or a chunk.
 */
export function limitNewSpace(): void {
  // In Electron the flags may be frozen, and then a change is a fatal error.
  if (process.versions.electron === undefined) v8.setFlagsFromString('--semi-space-growth-factor=1');
}
