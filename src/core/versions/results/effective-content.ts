import path from 'node:path';
import { LRUCache } from 'lru-cache';
import { boundsOf, FileRefusal } from '../../base/files/read-file.ts';
import type { FileReader } from '../../base/ports.ts';
import { contentHash } from '../../prompts/content-hash.ts';
import { splitFrontMatter } from '../../prompts/front-matter/front-matter.ts';
import { findPartial, type PartialPlace, partialCandidates } from '../../prompts/template/partial-files.ts';
import { partialNames } from '../../prompts/template/partials.ts';
import { parseTemplate } from '../../prompts/template/template.ts';
import type { RepositoryContext } from '../context.ts';
import { filesAtCommit, readFileAt } from '../git/files-at.ts';
import { absolutePath, repositoryPath } from '../git/repository-path.ts';

/** The prompt's file with all partials that it uses, by their names in the template. */
export interface EffectiveContent {
  source: string;
  /** Sorted by name; `path` is relative to the repository, with `/`. */
  partials: { name: string; path: string; text: string; blob: string | undefined }[];
  /** See `contentHash`. */
  hash: string;
}

/** An effective content, and the paths that can change it. */
export interface FoundContent extends EffectiveContent {
  /** Repository paths where the partials that it uses are, or could be. */
  candidates: string[];
}

/** A prompt in a commit; for files that are links there, the text is the name of the target. */
export interface CommitContent extends FoundContent {
  blob: string;
  links: { path: string; target: string }[];
}

/** A prompt with its partials in a commit; undefined if the commit has no such prompt. */
export async function contentAt(
  context: RepositoryContext,
  commit: string,
  relative: string,
): Promise<CommitContent | undefined> {
  const file = await readFileAt(context, commit, relative);
  if (!file) return undefined;
  const files = filesAtCommit(async () => context, commit, { links: 'text' });
  const content = await collect(context, { source: file.text, relative, files });
  const links = file.isLink ? [{ path: relative, target: file.text }] : [];
  const partials = await Promise.all(
    content.partials.map(async (partial) => {
      const found = await readFileAt(context, commit, partial.path);
      if (found?.isLink) links.push({ path: partial.path, target: found.text });
      return { ...partial, blob: found?.blob };
    }),
  );
  return { ...content, partials, blob: file.blob, links };
}

/** A prompt with its partials as in the editor; `text` if it is known already. */
export async function workingContent(
  context: RepositoryContext,
  relative: string,
  { text, files = context.ports.files }: { text?: string | undefined; files?: FileReader } = {},
): Promise<FoundContent> {
  const file = absolutePath(context, relative);
  const source = text ?? (await files.readText(file, { within: boundsOf(file, context.folder) }));
  return collect(context, { source, relative, files });
}

/** The same set of partials that rendering loads; a broken template or partial is not an error here. */
async function collect(
  context: RepositoryContext,
  { source, relative, files }: { source: string; relative: string; files: FileReader },
): Promise<FoundContent> {
  const place = { promptDir: path.dirname(absolutePath(context, relative)), root: context.folder };
  const texts = new Map<string, string>();
  const partials: EffectiveContent['partials'] = [];
  const candidates: string[] = [];
  const seen = new Set<string>();
  const { template } = splitFrontMatter(source);
  let names = calledPartials(source.slice(template.start, template.end));
  while (names.length > 0) {
    const fresh = [...new Set(names)].filter((name) => !seen.has(name));
    for (const name of fresh) {
      seen.add(name);
      candidates.push(...candidatesOf(context, name, place));
    }
    const find = (name: string) => findPartial(name, place, files).catch(passOverRefused);
    const found = await Promise.all(fresh.map(async (name) => ({ name, file: await find(name) })));
    names = found.flatMap(({ name, file }) => {
      if (!file) return [];
      texts.set(name, file.text);
      partials.push({ name, path: repositoryPath(context, file.path), text: file.text, blob: undefined });
      return calledPartials(file.text);
    });
  }
  partials.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { source, partials, hash: contentHash(source, texts), candidates };
}

/** A partial outside the workspace does not count here; a run or a check of the prompt reports it. */
function passOverRefused(error: unknown): undefined {
  if (error instanceof FileRefusal) return undefined;
  throw error;
}

/** By folder and name: what a folder's prompts have in common is computed once. */
const places = new LRUCache<string, string[]>({ max: 5000 });

function candidatesOf(context: RepositoryContext, name: string, place: PartialPlace): string[] {
  const key = JSON.stringify([context.repository.root, context.folder, place.promptDir, name]);
  const found = places.get(key) ?? partialCandidates(name, place).map((file) => repositoryPath(context, file));
  places.set(key, found);
  return found;
}

const CALLS_PARTIAL = /\{\{~?\s*(?:#\s*)?>/;

/** By text: one partial is used by many prompts at many commits, and parsing it is the expensive part. */
const calls = new LRUCache<string, { text: string; names: string[] }>({
  maxSize: 2_000_000,
  sizeCalculation: ({ text }) => text.length + 100,
});

function calledPartials(text: string): string[] {
  if (!CALLS_PARTIAL.test(text)) return [];
  const known = calls.get(text);
  if (known) return known.names;
  const names = partialNames(parseTemplate(text).ast);
  calls.set(text, { text, names });
  return names;
}
