import { isPartialFile } from '../../prompts/template/partial-files.ts';
import { isSamePath, namesInFrontMatter } from '../analysis/find-symbol.ts';
import { type NamePath, type NameUse, type NameUses, nameUses } from '../analysis/name-uses.ts';
import { datasetPlaces } from '../workspace/dataset-names.ts';
import { datasetOf, type FileOccurrence, type LanguageFiles } from '../workspace/language-files.ts';

/** A name in one file's input: a prompt's, a partial's, or a column of a dataset. */
export interface NameOf {
  path: string;
  names: NamePath;
}

interface LinkedNames {
  /** The names with the same meaning. */
  names: NameOf[];
  occurrences: FileOccurrence[];
}

/**
 * Every occurrence of the same name. A partial uses its caller's names, or those of the element that it is called for,
 * and a dataset contains the names of every prompt that uses it: all of them are one name, and are renamed together.
 */
export function linkedNames(files: LanguageFiles, start: NameOf): LinkedNames {
  const reader = createUseReader(files);
  const found = new Map<string, FileOccurrence>();
  const seen = new Map<string, NameOf>();
  const link = (name: NameOf) => {
    const key = JSON.stringify([name.path, ...name.names]);
    if (!seen.has(key)) seen.set(key, name);
  };
  const add = (occurrence: FileOccurrence) => {
    found.set(`${occurrence.range.start} ${occurrence.path}`, occurrence);
  };
  link(start);
  // a map's iteration includes entries added on the way
  for (const name of seen.values()) {
    if (files.prompt(name.path)) followPrompt(reader, name, { link, add });
    else followDataset(files, name, { link, add });
  }
  return { names: [...seen.values()], occurrences: [...found.values()] };
}

interface Collect {
  link(name: NameOf): void;
  add(occurrence: FileOccurrence): void;
}

type UseReader = ReturnType<typeof createUseReader>;

function createUseReader(files: LanguageFiles) {
  const known = new Map<string, NameUses>();
  /** The names in a file and in the partials that it calls. */
  const usesOf = (path: string): NameUses => {
    const made = known.get(path);
    if (made) return made;
    const prompt = files.prompt(path);
    const uses = prompt
      ? nameUses(prompt, {
          lookup(name) {
            // as in a run: nested partials are looked up from the prompt, too
            const target = files.partialPath(name, path);
            const partial = target === undefined ? undefined : files.prompt(target);
            return target !== undefined && partial ? { path: target, prompt: partial } : undefined;
          },
        })
      : { uses: [], partials: new Set<string>() };
    known.set(path, uses);
    return uses;
  };
  const callersOf = (partial: string) =>
    files.paths().filter((path) => path !== partial && usesOf(path).partials.has(partial));
  return { files, usesOf, callersOf };
}

function followPrompt(reader: UseReader, { path, names }: NameOf, { link, add }: Collect): void {
  const { files } = reader;
  const tree = files.prompt(path)?.tree;
  for (const found of tree ? namesInFrontMatter(tree) : []) {
    if (isSamePath(found.names, names)) add({ path, range: found.range, role: found.role });
  }
  for (const use of reader.usesOf(path).uses) {
    if (use.of !== undefined || !isSamePath(use.names, names)) continue;
    add({ path: use.file ?? path, range: use.range, role: 'read' });
    if (use.file !== undefined) linkSamePlace(reader, { path: use.file, use }, link);
  }
  const dataset = datasetOf(files, path)?.path;
  if (dataset !== undefined) link({ path: dataset, names });
  if (isPartialFile(path))
    for (const caller of reader.callersOf(path)) followCaller(reader, caller, { path, names }, { link, add });
}

/** The meaning of a place in a partial for the partial itself. */
function linkSamePlace(reader: UseReader, { path, use }: { path: string; use: NameUse }, link: Collect['link']): void {
  for (const own of reader.usesOf(path).uses) {
    const isSame = own.file === undefined && own.of === undefined && own.range.start === use.range.start;
    if (isSame) link({ path, names: own.names });
  }
}

/** The meaning of a partial's name for one of its callers: an argument, or a name of the caller's own. */
function followCaller(reader: UseReader, caller: string, { path, names }: NameOf, { link, add }: Collect): void {
  const places = new Set<number>();
  for (const use of reader.usesOf(path).uses) {
    if (use.file === undefined && use.of === undefined && isSamePath(use.names, names)) places.add(use.range.start);
  }
  for (const use of reader.usesOf(caller).uses) {
    if (use.of === path && isSamePath(use.names, names)) {
      add({ path: use.file ?? caller, range: use.range, role: 'argument' });
    } else if (use.of === undefined && use.file === path && places.has(use.range.start)) {
      link({ path: caller, names: use.names });
    }
  }
}

function followDataset(files: LanguageFiles, { path, names }: NameOf, { link, add }: Collect): void {
  for (const range of datasetPlaces(path, files.text(path) ?? '', names)) add({ path, range, role: 'data' });
  for (const other of files.paths()) if (datasetOf(files, other)?.path === path) link({ path: other, names });
}
