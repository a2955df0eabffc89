import path from 'node:path';
import type { LanguageModelInfo, LanguageWorkspace } from './tree.ts';

/** The prompts and schemas of a workspace, held in memory and changed file by file. */
export interface WorkspaceIndex extends LanguageWorkspace {
  /** Returns the files whose check depends on this one, itself among them. */
  setPrompt(file: string, source: string): string[];
  /** `undefined` takes the schema away. */
  setSchema(file: string, schema: Record<string, unknown> | undefined): string[];
  removePrompt(file: string): string[];
  setModels(models: LanguageModelInfo[], connections: { id: string; type: string }[]): void;
  prompts(): { path: string; source: string }[];
  /** The prompts that call a partial, also by way of another. */
  dependents(file: string): string[];
}

interface IndexedPrompt {
  path: string;
  source: string;
  /** Names as called, each once. */
  calls: Set<string>;
}

/** `root` is the folder above which no partial is looked for; a file outside of every root has its own folder only. */
export function createWorkspaceIndex(roots: () => readonly string[]): WorkspaceIndex {
  const prompts = new Map<string, IndexedPrompt>();
  const schemas = new Map<string, Record<string, unknown>>();
  /** Callers by the partial file's own name, `_tone.prompt`. */
  const callers = new Map<string, Set<string>>();
  let models: LanguageModelInfo[] = [];
  let connections: { id: string; type: string }[] = [];

  const forget = (file: string) => {
    for (const name of prompts.get(file)?.calls ?? []) callers.get(partialFile(name))?.delete(file);
    prompts.delete(file);
  };

  const dependents = (file: string): string[] => {
    const found = new Set<string>();
    const visit = (changed: string) => {
      for (const caller of callers.get(path.basename(changed)) ?? []) {
        if (found.has(caller)) continue;
        found.add(caller);
        visit(caller);
      }
    };
    visit(file);
    found.delete(file);
    return [...found];
  };

  const namesSchema = (file: string) => {
    const name = schemaName(file);
    return [...prompts.values()].filter(({ source }) => source.includes(name)).map((prompt) => prompt.path);
  };

  return {
    setPrompt(file, source) {
      forget(file);
      const calls = calledPartials(source);
      prompts.set(file, { path: file, source, calls });
      for (const name of calls) {
        const key = partialFile(name);
        const known = callers.get(key) ?? new Set();
        callers.set(key, known.add(file));
      }
      return [file, ...dependents(file)];
    },
    removePrompt(file) {
      forget(file);
      return dependents(file);
    },
    setSchema(file, schema) {
      if (schema) schemas.set(file, schema);
      else schemas.delete(file);
      return namesSchema(file);
    },
    setModels(known, declared) {
      models = known;
      connections = declared;
    },
    prompts: () => [...prompts.values()],
    dependents,
    partial(name, from) {
      for (const folder of foldersAbove(from, roots())) {
        const found = prompts.get(path.resolve(folder, path.dirname(name), `_${path.basename(name)}.prompt`));
        if (found) return { path: found.path, source: found.source };
      }
      return undefined;
    },
    partialNames(from) {
      const names = new Set<string>();
      for (const folder of foldersAbove(from, roots())) {
        for (const file of prompts.keys()) {
          const name = partialName(path.relative(folder, file));
          if (name !== undefined) names.add(name);
        }
      }
      return [...names].sort();
    },
    schema: (name) => [...schemas].find(([file]) => schemaName(file) === name)?.[1],
    schemaNames: () => [...new Set([...schemas.keys()].map(schemaName))].sort(),
    models: () => models,
    connections: () => connections,
  };
}

const CALL = /\{\{~?#?>\s*(?:"([^"]+)"|'([^']+)'|([^\s~}"'(]+))/g;

/** A quick look that takes in what stands in comments too: it may name a file too many, never one too few. */
function calledPartials(source: string): Set<string> {
  return new Set([...source.matchAll(CALL)].map(([, double, single, bare]) => double ?? single ?? bare ?? ''));
}

function partialFile(name: string): string {
  return `_${path.basename(name)}.prompt`;
}

/** `parts/_tone.prompt` is `parts/tone`; undefined for what is no partial, or lies above. */
function partialName(relative: string): string | undefined {
  const { dir, base } = path.parse(relative);
  if (!/^_.+\.prompt$/.test(base) || dir.startsWith('..') || path.isAbsolute(dir)) return undefined;
  return path.posix.join(dir.split(path.sep).join('/'), base.slice(1, -'.prompt'.length));
}

function schemaName(file: string): string {
  return path.basename(file).replace(/\.(?:ya?ml|json)$/, '');
}

/** The file's own folder and those above it up to the root; without a file, the roots. */
function foldersAbove(from: string | undefined, roots: readonly string[]): string[] {
  if (from === undefined) return [...roots];
  const folders = [path.dirname(from)];
  const root = roots.find((candidate) => isInside(candidate, folders[0] ?? ''));
  for (let folder = folders[0] ?? ''; root !== undefined && folder !== root; ) {
    folder = path.dirname(folder);
    folders.push(folder);
  }
  return folders;
}

function isInside(root: string, folder: string): boolean {
  const relative = path.relative(root, folder);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
