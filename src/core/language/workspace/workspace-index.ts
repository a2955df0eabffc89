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

/**
 * The prompts and schemas of a workspace, in memory and updated file by file. A root is the topmost folder that is
 * searched for partials; a file outside every root has its own folder only.
 */
export class WorkspaceIndex implements LanguageWorkspace {
  private readonly roots: () => readonly string[];
  private readonly byPath = new Map<string, IndexedPrompt>();
  private readonly schemas = new Map<string, SchemaFile>();
  private readonly refusals = new Map<string, { reason: string; place: RefusalPlace | undefined }>();
  /** Callers by the partial's file name, `_tone.prompt`. */
  private readonly callers = new Map<string, Set<string>>();
  private knownModels: LanguageModelInfo[] = [];
  private knownConnections: { id: string; type: string }[] = [];

  constructor(roots: () => readonly string[]) {
    this.roots = roots;
  }

  /** The prompts that call a partial, directly or through another. */
  dependents(file: string): string[] {
    const found = new Set<string>();
    const visit = (changed: string) => {
      for (const caller of this.callers.get(path.basename(changed)) ?? []) {
        if (found.has(caller)) continue;
        found.add(caller);
        visit(caller);
      }
    };
    visit(file);
    found.delete(file);
    return [...found];
  }

  /** Returns the files whose diagnostics depend on this one, itself among them. */
  setPrompt(file: string, source: string): string[] {
    this.forget(file);
    const calls = calledPartials(source);
    this.byPath.set(file, { path: file, source, calls });
    for (const name of calls) {
      const key = partialFile(name);
      const known = this.callers.get(key) ?? new Set();
      this.callers.set(key, known.add(file));
    }
    return [file, ...this.dependents(file)];
  }

  removePrompt(file: string): string[] {
    this.forget(file);
    return this.dependents(file);
  }

  /** The text of a file in a `schemas` folder; `undefined` removes it. Returns the prompts that may refer to it. */
  setSchema(file: string, text: string | undefined): string[] {
    if (text !== undefined) this.schemas.set(file, readSchemaFile(file, text));
    else this.schemas.delete(file);
    return this.namesSchema(file);
  }

  setModels(known: LanguageModelInfo[], declared: { id: string; type: string }[]): void {
    this.knownModels = known;
    this.knownConnections = declared;
  }

  prompts(): { path: string; source: string }[] {
    return [...this.byPath.values()];
  }

  /** A prompt or schema that exists but may not be read, such as a link to a place outside the workspace, and why. */
  refuse(file: string, reason: string, place?: RefusalPlace): string[] {
    if (isSchemaFile(file)) {
      this.schemas.set(file, refusedSchemaFile(file, reason));
      return this.namesSchema(file);
    }
    this.forget(file);
    this.refusals.set(file, { reason, place });
    return [file, ...this.dependents(file)];
  }

  /** Why a prompt may not be read; undefined for all others. */
  refusal(file: string): string | undefined {
    return this.refusals.get(file)?.reason;
  }

  /** The prompts that may not be read. */
  refused(): { path: string; reason: string; place: RefusalPlace | undefined }[] {
    return [...this.refusals].map(([file, refusal]) => ({ path: file, ...refusal }));
  }

  /** The partial for a prompt's `{{> name}}`, or undefined. Synchronous: files are indexed beforehand. */
  partial(name: string, from: string | undefined): { path: string; source: string } | undefined {
    const found = this.byPath.get(this.findPartial(name, from) ?? '');
    return found && { path: found.path, source: found.source };
  }

  /** Why the file for the name may not be read. */
  partialRefusal(name: string, from: string | undefined): string | undefined {
    return this.refusals.get(this.findPartial(name, from) ?? '')?.reason;
  }

  partialNames(from: string | undefined): string[] {
    const names = new Set<string>();
    for (const folder of this.foldersOf(from)) {
      for (const file of this.byPath.keys()) {
        const name = partialName(path.relative(folder, file));
        if (name !== undefined) names.add(name);
      }
    }
    return [...names].sort();
  }

  /** The schema for a prompt's type `name`, compiled; a text explains why it cannot be. */
  schema(name: string, from: string | undefined): Record<string, unknown> | string | undefined {
    return createSchemaResolver((one) => this.findSchema(one, from))(name);
  }

  schemaPath(name: string, from: string | undefined): string | undefined {
    return this.findSchema(name, from)?.path;
  }

  schemaNames(from: string | undefined): string[] {
    const folders = new Set(this.foldersOf(from).map((folder) => path.join(folder, 'schemas')));
    const visible = [...this.schemas.keys()].filter((file) => folders.has(path.dirname(file)));
    return [...new Set(visible.map(schemaName))].sort();
  }

  schemaFiles(): readonly SchemaFile[] {
    return [...this.schemas.values()];
  }

  /** `connection/model` of every known model, with what is known about it; empty until lists have been fetched. */
  models(): LanguageModelInfo[] {
    return this.knownModels;
  }

  connections(): { id: string; type: string }[] {
    return this.knownConnections;
  }

  private forget(file: string): void {
    for (const name of this.byPath.get(file)?.calls ?? []) this.callers.get(partialFile(name))?.delete(file);
    this.byPath.delete(file);
    this.refusals.delete(file);
  }

  private foldersOf(from: string | undefined): string[] {
    if (from === undefined) return [...this.roots()];
    const folder = path.dirname(from);
    return foldersAbove(folder, rootOf(folder, this.roots()));
  }

  private findSchema(name: string, from: string | undefined): SchemaFile | undefined {
    const file = from ?? path.join(this.roots()[0] ?? '', 'untitled.prompt');
    const candidates = schemaCandidates(name, file, rootOf(path.dirname(file), this.roots()));
    return candidates.map((candidate) => this.schemas.get(candidate)).find((found) => found !== undefined);
  }

  /** A schema may be used by another one, which a prompt uses. */
  private namesSchema(file: string) {
    const names = new Set([schemaName(file)]);
    for (const name of names) {
      for (const { path: other, text } of this.schemas.values()) if (text.includes(name)) names.add(schemaName(other));
    }
    return [...this.byPath.values()]
      .filter(({ source }) => [...names].some((name) => source.includes(name)))
      .map((prompt) => prompt.path);
  }

  /** The nearest file for the name, as a run finds it: one that may not be read hides those above it. */
  private findPartial(name: string, from: string | undefined) {
    return this.foldersOf(from)
      .map((folder) => path.resolve(folder, path.dirname(name), `_${path.basename(name)}.prompt`))
      .find((file) => this.byPath.has(file) || this.refusals.has(file));
  }
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
