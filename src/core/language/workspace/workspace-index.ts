import path from 'node:path';
import { foldersAbove, rootOf } from '../../prompts/folders-above.ts';
import {
  createSchemaResolver,
  isSchemaFile,
  readSchemaFile,
  refusedSchemaFile,
  type SchemaFile,
  schemaCandidates,
  schemaName,
} from '../../prompts/schema/named-schemas.ts';
import type { LanguageModelInfo, LanguageWorkspace } from '../syntax/tree.ts';

/** The prompts and schemas of a workspace, in memory and updated file by file. */
export interface WorkspaceIndex extends LanguageWorkspace {
  /** Returns the files whose diagnostics depend on this one, itself among them. */
  setPrompt(file: string, source: string): string[];
  /** The text of a file in a `schemas` folder; `undefined` removes it. Returns the prompts that may refer to it. */
  setSchema(file: string, text: string | undefined): string[];
  schemaFiles(): readonly SchemaFile[];
  removePrompt(file: string): string[];
  /** A prompt or schema that exists but may not be read, such as a link to a place outside the workspace, and why. */
  refuse(file: string, reason: string, place?: RefusalPlace): string[];
  /** Why a prompt may not be read; undefined for all others. */
  refusal(file: string): string | undefined;
  /** The prompts that may not be read. */
  refused(): { path: string; reason: string; place: RefusalPlace | undefined }[];
  setModels(models: LanguageModelInfo[], connections: { id: string; type: string }[]): void;
  prompts(): { path: string; source: string }[];
}

/** The position at which a file turned out to be unusable. */
interface RefusalPlace {
  /** The text, if there is any. */
  source: string;
  offset: number;
}

interface IndexedPrompt {
  path: string;
  source: string;
  /** Names as called, each once. */
  calls: Set<string>;
}

/** `root` is the topmost folder that is searched for partials; a file outside every root has its own folder only. */
export function createWorkspaceIndex(roots: () => readonly string[]): WorkspaceIndex {
  const prompts = new Map<string, IndexedPrompt>();
  const schemas = new Map<string, SchemaFile>();
  const refused = new Map<string, { reason: string; place: RefusalPlace | undefined }>();
  /** Callers by the partial's file name, `_tone.prompt`. */
  const callers = new Map<string, Set<string>>();
  let models: LanguageModelInfo[] = [];
  let connections: { id: string; type: string }[] = [];

  const forget = (file: string) => {
    for (const name of prompts.get(file)?.calls ?? []) callers.get(partialFile(name))?.delete(file);
    prompts.delete(file);
    refused.delete(file);
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

  const foldersOf = (from: string | undefined): string[] => {
    if (from === undefined) return [...roots()];
    const folder = path.dirname(from);
    return foldersAbove(folder, rootOf(folder, roots()));
  };

  const findSchema = (name: string, from: string | undefined): SchemaFile | undefined => {
    const file = from ?? path.join(roots()[0] ?? '', 'untitled.prompt');
    const candidates = schemaCandidates(name, file, rootOf(path.dirname(file), roots()));
    return candidates.map((candidate) => schemas.get(candidate)).find((found) => found !== undefined);
  };

  /** A schema may be used by another one, which a prompt uses. */
  const namesSchema = (file: string) => {
    const names = new Set([schemaName(file)]);
    for (const name of names) {
      for (const { path: other, text } of schemas.values()) if (text.includes(name)) names.add(schemaName(other));
    }
    return [...prompts.values()]
      .filter(({ source }) => [...names].some((name) => source.includes(name)))
      .map((prompt) => prompt.path);
  };

  /** The nearest file for the name, as a run finds it: one that may not be read hides those above it. */
  const findPartial = (name: string, from: string | undefined) =>
    foldersOf(from)
      .map((folder) => path.resolve(folder, path.dirname(name), `_${path.basename(name)}.prompt`))
      .find((file) => prompts.has(file) || refused.has(file));

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
    setSchema(file, text) {
      if (text !== undefined) schemas.set(file, readSchemaFile(file, text));
      else schemas.delete(file);
      return namesSchema(file);
    },
    setModels(known, declared) {
      models = known;
      connections = declared;
    },
    prompts: () => [...prompts.values()],
    dependents,
    refuse(file, reason, place) {
      if (isSchemaFile(file)) {
        schemas.set(file, refusedSchemaFile(file, reason));
        return namesSchema(file);
      }
      forget(file);
      refused.set(file, { reason, place });
      return [file, ...dependents(file)];
    },
    refusal: (file) => refused.get(file)?.reason,
    refused: () => [...refused].map(([file, refusal]) => ({ path: file, ...refusal })),
    partial(name, from) {
      const found = prompts.get(findPartial(name, from) ?? '');
      return found && { path: found.path, source: found.source };
    },
    partialRefusal: (name, from) => refused.get(findPartial(name, from) ?? '')?.reason,
    partialNames(from) {
      const names = new Set<string>();
      for (const folder of foldersOf(from)) {
        for (const file of prompts.keys()) {
          const name = partialName(path.relative(folder, file));
          if (name !== undefined) names.add(name);
        }
      }
      return [...names].sort();
    },
    schema: (name, from) => createSchemaResolver((one) => findSchema(one, from))(name),
    schemaPath: (name, from) => findSchema(name, from)?.path,
    schemaNames(from) {
      const folders = new Set(foldersOf(from).map((folder) => path.join(folder, 'schemas')));
      const visible = [...schemas.keys()].filter((file) => folders.has(path.dirname(file)));
      return [...new Set(visible.map(schemaName))].sort();
    },
    schemaFiles: () => [...schemas.values()],
    models: () => models,
    connections: () => connections,
  };
}

const CALL = /\{\{~?#?>\s*(?:"([^"]+)"|'([^']+)'|([^\s~}"'(]+))/g;

/** A quick scan that includes comments: it may find a file too many, never one too few. */
function calledPartials(source: string): Set<string> {
  return new Set([...source.matchAll(CALL)].map(([, double, single, bare]) => double ?? single ?? bare ?? ''));
}

function partialFile(name: string): string {
  return `_${path.basename(name)}.prompt`;
}

/** `parts/_tone.prompt` is `parts/tone`; undefined for a file that is not a partial, or is above. */
function partialName(relative: string): string | undefined {
  const { dir, base } = path.parse(relative);
  if (!/^_.+\.prompt$/.test(base) || dir.startsWith('..') || path.isAbsolute(dir)) return undefined;
  return path.posix.join(dir.split(path.sep).join('/'), base.slice(1, -'.prompt'.length));
}
