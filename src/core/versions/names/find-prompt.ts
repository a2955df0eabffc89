import path from 'node:path';
import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { repositoryPath } from '../git/repository-path.ts';
import { type PromptRefs, readPromptRefs } from '../refs/prompt-refs.ts';
import { aliasesOf } from './prompt-aliases.ts';
import { listPromptNames, type PromptName } from './prompt-names.ts';

/** The version that a user means: `churn-analysis@production`, `@v3`, `@a1b2c3d`, `@HEAD~2`. */
interface VersionSpec {
  /** Name or path as written; a path takes precedence over a name. */
  prompt: string;
  /** Undefined means the working file. */
  ref: string | undefined;
}

/** A prompt selected by a user, and its version. */
export interface PromptPlace {
  /** Relative to the repository. */
  path: string;
  /** Its current name, then the former ones. */
  names: string[];
  /** Undefined if none was given. */
  ref: string | undefined;
}

/** Parses `NAME@REF`, and finds the names of the prompt's labels and saved versions. */
export async function findPrompt(context: RepositoryContext, spec: string, lookup: Lookup = {}): Promise<PromptPlace> {
  const signal = lookup.signal;
  const [refs, present] = await Promise.all([
    lookup.refs ?? readPromptRefs(context, signal),
    listPromptNames(context, signal),
  ]);
  const { named, ...place } = await locatePrompt(context, spec, { refs, present, signal });
  if (named !== undefined) return { ...place, names: [named] };
  const { name, former } = await aliasesOf(context, place.path, { refs, present, signal });
  return { ...place, names: [name, ...former] };
}

/** Data that was already read. */
interface Lookup {
  refs?: PromptRefs | undefined;
  present?: PromptName[] | undefined;
  signal?: AbortSignal | undefined;
}

interface Located {
  path: string;
  ref: string | undefined;
  /** For a prompt that only refs know, because its file is gone: the name in the refs. */
  named?: string;
}

/**
 * The prompt that `NAME@REF` means. An existing file takes precedence, even with `@` in its path; a name may contain
 * one, too, so the last possible split that gives a prompt counts.
 */
export async function locatePrompt(context: RepositoryContext, spec: string, lookup: Lookup = {}): Promise<Located> {
  const splits = splitSpec(spec);
  for (const { prompt, ref } of splits) {
    const file = await existingFile(context, prompt);
    if (file !== undefined) return { path: file, ref };
  }
  const names = lookup.present ?? (await listPromptNames(context, lookup.signal));
  for (const { prompt, ref } of splits) {
    const found = findByName(names, prompt);
    if (found) return { path: found.path, ref };
  }
  const gone = findByRefs(lookup.refs ?? (await readPromptRefs(context, lookup.signal)), splits);
  if (gone) return gone;
  const file = splits.find(({ prompt }) => prompt.endsWith('.prompt'));
  if (file) return { path: repositoryPath(context, file.prompt), ref: file.ref };
  throw new UserError(`Unknown prompt ${spec}.`, { code: 'usage', hint: hintOfNames(names) });
}

const NAMES_IN_HINT = 5;

function hintOfNames(names: readonly PromptName[]): string {
  if (names.length === 0) return 'This repository has no prompts: use the path of a .prompt file.';
  const shown = names.slice(0, NAMES_IN_HINT).map(({ name }) => name);
  const others = names.length - shown.length;
  return `Use the path of its file, or one of ${shown.join(', ')}${others > 0 ? ` and ${others} more` : ''}.`;
}

/** Every way to read a text as a prompt and a version: the whole text first, then the longest name. */
function splitSpec(spec: string): VersionSpec[] {
  const splits: VersionSpec[] = [{ prompt: spec, ref: undefined }];
  for (let at = spec.lastIndexOf('@'); at > 0; at = spec.lastIndexOf('@', at - 1)) {
    if (at < spec.length - 1) splits.push({ prompt: spec.slice(0, at), ref: spec.slice(at + 1) });
  }
  return splits;
}

/** A path is relative to the workspace's folder. */
async function existingFile(context: RepositoryContext, prompt: string): Promise<string | undefined> {
  const absolute = path.resolve(context.folder, prompt);
  if (!prompt.endsWith('.prompt') || !(await context.ports.files.exists(absolute))) return undefined;
  return repositoryPath(context, absolute);
}

/** The full name, or its last component if only one prompt has it. */
function findByName(names: readonly PromptName[], wanted: string): PromptName | undefined {
  const exact = names.filter(({ name, path: file }) => name === wanted || file === wanted);
  const found = exact.length > 0 ? exact : names.filter(({ name }) => name.split('/').at(-1) === wanted);
  if (found.length < 2) return found[0];
  throw new UserError(`${wanted} is ambiguous: it may be any of ${found.map(({ path: file }) => file).join(', ')}.`, {
    code: 'usage',
    hint: 'Use the path of the file.',
  });
}

function findByRefs({ labels, tags }: PromptRefs, splits: readonly VersionSpec[]): Located | undefined {
  const known: { prompt: string; path: string }[] = [...labels, ...tags];
  for (const { prompt, ref } of splits) {
    const last =
      known.findLast((one) => one.prompt === prompt) ?? known.findLast((one) => one.prompt.endsWith(`/${prompt}`));
    if (last) return { path: last.path, ref, named: last.prompt };
  }
  return undefined;
}
