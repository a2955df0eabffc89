import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';
import { type CommitLink, isLinkAt, linkInCommit, refuseLink } from '../git/commit-links.ts';
import { commitOf, readFileAt } from '../git/files-at.ts';
import { readTree } from '../git/path-states.ts';
import { absolutePath } from '../git/repository-path.ts';
import { shortenHash } from '../git/short-hash.ts';
import { refuseWorkTreeLinks } from '../git/work-tree-link.ts';
import { readPaths } from '../history/read-history.ts';
import { type PromptRefs, readPromptRefs } from '../refs/prompt-refs.ts';
import { type SavedTag, toSavedTag } from '../refs/saved-tags.ts';
import { type CommitContent, contentAt, type EffectiveContent } from '../results/effective-content.ts';
import { findPrompt, type PromptPlace } from './find-prompt.ts';
import { pathsOf } from './prompt-aliases.ts';

/** A version, resolved and read. */
export interface ResolvedVersion {
  /** As users name it: `v3`, `production`, `a1b2c3d`. */
  label: string;
  commit: string;
  path: string;
  /** The absolute path of the file in the work tree, whether it exists there now or not. */
  absolutePath: string;
  blob: string;
  content: EffectiveContent;
  savedAs: SavedTag[];
  /** True if the text is a Git LFS pointer: it refers to the prompt, and is not the prompt. */
  lfsPointer: boolean;
  /** The prompt or a partial that is a symbolic link in that commit: its text is the name of the target. */
  link: CommitLink | undefined;
}

/** Resolves `NAME@REF`: a label first, then a saved version, then any git revision. HEAD without a ref. */
export async function resolveVersion(
  context: RepositoryContext,
  spec: string,
  signal?: AbortSignal,
): Promise<ResolvedVersion> {
  const refs = await readPromptRefs(context, signal);
  const place = await findPrompt(context, spec, { refs, signal });
  const found = await findCommit(context, place, refs);
  const version = await readVersion(context, { ...place, ...found }, { refs, signal });
  refuseLink(version);
  return found.label === undefined ? version : { ...version, label: found.label };
}

/** The labels and saved versions that can follow the `@` of a prompt with these names. */
export function knownRefs({ labels, tags }: PromptRefs, names: readonly string[]): string[] {
  const ofPrompt = ({ prompt }: { prompt: string }) => names.includes(prompt);
  const numbers = tags.filter(ofPrompt).map(({ number }) => number);
  return [
    ...labels.filter(ofPrompt).map(({ label }) => label),
    ...numbers.sort((a, b) => a - b).map((number) => `v${number}`),
  ];
}

interface FoundCommit {
  commit: string;
  /** Path of the prompt there, if a ref has it. */
  path: string;
  /** The name used for it, unless it is a commit. */
  label: string | undefined;
}

async function findCommit(
  context: RepositoryContext,
  { path, names, ref }: PromptPlace,
  { labels, tags }: PromptRefs,
): Promise<FoundCommit> {
  if (ref === undefined) return { commit: await commitOf(context, 'HEAD'), path, label: undefined };
  const ofPrompt = ({ prompt }: { prompt: string }) => names.includes(prompt);
  const label = labels.filter(ofPrompt).find((one) => one.label === ref);
  if (label) return { commit: label.target, path: label.path, label: ref };
  const saved = tags.filter(ofPrompt).find(({ number }) => `v${number}` === ref.toLowerCase());
  if (saved) return { commit: saved.commit, path: saved.path, label: `v${saved.number}` };
  const object = await context.objects.read(`${ref}^{commit}`);
  if (object?.type === 'commit') return { commit: object.hash, path, label: undefined };
  const known = knownRefs({ labels, tags }, names);
  const named =
    known.length > 0 ? `Known versions: ${known.join(', ')}.` : 'It has no saved versions and no labels yet.';
  throw new UserError(`${names[0] ?? path} has no version ${ref}.`, {
    code: 'unknown-version',
    hint: `${named} You can also use a commit hash, a branch or HEAD~2.`,
  });
}

/** Reads a prompt at a commit, even if it had another path there. */
export async function readVersion(
  context: RepositoryContext,
  { commit: revision, path }: { commit: string; path: string },
  { signal, ...known }: { refs?: PromptRefs; signal?: AbortSignal | undefined } = {},
): Promise<ResolvedVersion> {
  const commit = await commitOf(context, revision);
  const [found, { tags }, short] = await Promise.all([
    findContent(context, { commit, path }, signal),
    known.refs ?? readPromptRefs(context, signal),
    shortenHash(context, signal),
  ]);
  const { candidates: _, blob, links, ...content } = found.content;
  const saved = tags.filter((tag) => tag.path === found.path && tag.contentHash === content.hash);
  const here = saved.filter((tag) => tag.commit === commit);
  const savedAs = (here.length > 0 ? here : saved).map(toSavedTag);
  return {
    label: savedAs.length > 0 ? `v${savedAs.at(-1)?.number}` : short(commit),
    commit,
    path: found.path,
    absolutePath: absolutePath(context, found.path),
    blob,
    content,
    savedAs,
    lfsPointer: isLfsPointer(content.source),
    link: links[0],
  };
}

async function findContent(
  context: RepositoryContext,
  { commit, path }: { commit: string; path: string },
  signal: AbortSignal | undefined,
): Promise<{ path: string; content: CommitContent }> {
  const tried = new Set<string>();
  // git follows one name at a time, which is quick; if two branches renamed it, the graph knows both
  for (const find of [() => [path], () => pathsOf(context, path, signal), () => readPaths(context, path, signal)]) {
    const others = (await find()).filter((other) => !tried.has(other));
    for (const other of others) {
      const content = await contentAt(context, commit, other);
      if (content) return { path: other, content };
      tried.add(other);
    }
    await refuseMissingText(context, commit, others);
  }
  await refuseLinkedFolder(context, commit, path);
  throw new UserError(`${path} is not in the version ${commit.slice(0, 10)}.`, {
    code: 'not-in-version',
    hint: 'It was added later, or had another name there that git cannot follow. Choose a version from its history.',
  });
}

/** A commit may refer to a missing text, after a disk failure: then the version has the prompt all the same. */
async function refuseMissingText(context: RepositoryContext, commit: string, paths: readonly string[]): Promise<void> {
  for (const [file, entry] of await readTree(context, commit, paths)) {
    const [mode = '', blob = ''] = entry.split(' ');
    if (!/^1[02]0/.test(mode)) continue;
    throw new UserError(
      `${file} is in the version ${commit.slice(0, 10)} as the object ${blob.slice(0, 10)}, which is missing from this repository.`,
      { code: 'git', hint: 'Fetch it from a clone that has it; git fsck lists everything that is missing.' },
    );
  }
}

/** git follows no links: a file behind one does not exist in a commit under that name. */
async function refuseLinkedFolder(context: RepositoryContext, commit: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (const end of parts.keys()) {
    const folder = parts.slice(0, end).join('/');
    if (folder === '' || !(await isLinkAt(context, commit, folder))) continue;
    throw linkInCommit(folder, commit, (await readFileAt(context, commit, folder))?.text ?? '');
  }
}

/** What git stores for a file in Git LFS. */
function isLfsPointer(text: string): boolean {
  return /^version https:\/\/git-lfs\.github\.com\/spec\/v1\r?\n/.test(text);
}

/** A version's text with the line endings of the work tree's file, for replacing it. */
export async function restoredText(
  context: RepositoryContext,
  version: { commit: string; path: string },
  signal?: AbortSignal,
): Promise<string> {
  const { content, ...found } = await readVersion(context, version, { signal });
  refuseLink(found);
  await refuseWorkTreeLinks(context, [version.path], 'restored');
  const now = await context.ports.files.readText(absolutePath(context, version.path)).catch(() => '');
  const text = content.source.replaceAll('\r\n', '\n');
  return now.includes('\r\n') ? text.replaceAll('\n', '\r\n') : content.source;
}
