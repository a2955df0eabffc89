import type { FileReader, ReadLimits } from '../../base/ports.ts';

export interface SnapshotFiles extends FileReader {
  /** Every text that was read, by absolute path. */
  texts(): Record<string, string>;
}

/**
 * Files as they were when they were first read, so that partials and schemas that are edited meanwhile do not change a
 * running evaluation. `known` are those of an earlier part of it.
 */
export function createSnapshotFiles(files: FileReader, known: Readonly<Record<string, string>> = {}): SnapshotFiles {
  const texts = new Map(Object.entries(known));
  const existing = new Map<string, Promise<boolean>>();
  return {
    async readText(path: string, limits?: ReadLimits) {
      const text = texts.get(path) ?? (await files.readText(path, limits));
      texts.set(path, text);
      return text;
    },
    readBytes: (path, limits) => files.readBytes(path, limits),
    realPath: (path) => files.realPath(path),
    exists(path) {
      if (texts.has(path)) return Promise.resolve(true);
      const found = existing.get(path) ?? files.exists(path);
      existing.set(path, found);
      return found;
    },
    texts: () => Object.fromEntries(texts),
  };
}
