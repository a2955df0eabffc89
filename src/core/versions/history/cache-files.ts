import type { FileReader } from '../../base/ports.ts';

/** The same files, each read once: for processing very many prompts that share folders and partials. */
export function cacheFiles(files: FileReader): FileReader {
  const known = { exists: new Map<string, Promise<boolean>>(), realPath: new Map<string, Promise<string>>() };
  const texts = new Map<string, Promise<string>>();
  const once = <T>(results: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> => {
    const result = results.get(key) ?? read();
    results.set(key, result);
    return result;
  };
  return {
    exists: (file) => once(known.exists, file, () => files.exists(file)),
    realPath: (file) => once(known.realPath, file, () => files.realPath(file)),
    // a prompt itself is not read twice
    readText: (file, limits) =>
      /[\\/]_[^\\/]*$/.test(file)
        ? once(texts, JSON.stringify([file, limits]), () => files.readText(file, limits))
        : files.readText(file, limits),
    readBytes: (file, limits) => files.readBytes(file, limits),
  };
}
