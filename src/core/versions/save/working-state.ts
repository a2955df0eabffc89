import { readlink } from 'node:fs/promises';
import type { FileReader } from '../../base/ports.ts';
import type { RepositoryContext } from '../context.ts';
import { readFileAt } from '../git/files-at.ts';
import { absolutePath, repositoryPath } from '../git/repository-path.ts';
import { contentAt, type EffectiveContent, type FoundContent, workingContent } from '../results/effective-content.ts';
import { readStatus, type StatusEntry } from './status.ts';

/** How the file on disk (or in the editor) differs from HEAD. */
export interface WorkingState {
  path: string;
  /** `clean`: equal to HEAD's effective content. */
  kind: 'clean' | 'changed' | 'untracked' | 'ignored' | 'conflicted' | 'deleted';
  /** Paths, relative to the repository, of the prompt and its partials that differ from HEAD. */
  changed: string[];
  /** Paths whose staged content differs from the file's: saving would replace the staged content. */
  stagedDifferently: string[];
  contentHash: string;
  /** The version of HEAD, if it has one. */
  head: { commit: string; blob: string; contentHash: string } | undefined;
}

interface WorkingOptions {
  /** The editor's text; the file's by default. */
  text?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** How the work tree's prompt and partials differ from HEAD. */
export async function readWorkingState(
  context: RepositoryContext,
  path: string,
  { text, signal }: WorkingOptions = {},
): Promise<WorkingState> {
  const { head: tip } = context.repository;
  const head = tip === undefined ? undefined : await contentAt(context, tip, path);
  const working = await readWorkingContent(context, path, { text, signal });
  const paths = [
    ...new Set([
      path,
      ...(working ?? { partials: [] }).partials.map((one) => one.path),
      ...(head?.partials ?? []).map((one) => one.path),
    ]),
  ];
  const status = await readStatus(context, paths, signal);
  const own = status.get(path);
  return {
    path,
    kind: await kindOf({ context, path, own, head, working, signal }),
    changed: changedPaths(path, head, working),
    stagedDifferently: paths.filter((one) => status.get(one)?.stagedDifferently),
    contentHash: working?.hash ?? head?.hash ?? '',
    head: tip !== undefined && head ? { commit: tip, blob: head.blob, contentHash: head.hash } : undefined,
  };
}

interface Kinds {
  context: RepositoryContext;
  path: string;
  own: StatusEntry | undefined;
  head: EffectiveContent | undefined;
  working: EffectiveContent | undefined;
  signal: AbortSignal | undefined;
}

async function kindOf({ context, path, own, head, working, signal }: Kinds): Promise<WorkingState['kind']> {
  if (own?.kind === 'conflicted') return 'conflicted';
  if (!working) return 'deleted';
  if (head) return head.hash === working.hash ? 'clean' : 'changed';
  if (own) return own.kind === 'untracked' ? 'untracked' : 'changed';
  // This command has no pathspecs, and a path that starts with `./` cannot be read as one.
  const args = ['--no-literal-pathspecs', 'check-ignore', '--quiet', '--', `./${path}`];
  const { code } = await context.git.runCode(args, { signal, okCodes: [0, 1] });
  return code === 0 ? 'ignored' : 'untracked';
}

/**
 * The prompt as git would record it now. A file excluded by a sparse checkout counts as in HEAD, a link as the name of
 * its target; undefined if there is none.
 */
export async function readWorkingContent(
  context: RepositoryContext,
  path: string,
  { text, signal, ...known }: WorkingOptions & { files?: FileReader } = {},
): Promise<FoundContent | undefined> {
  const files = known.files ?? (await workingFiles(context, signal));
  if (text === undefined && !(await files.exists(absolutePath(context, path)))) return undefined;
  return workingContent(context, path, { text, files });
}

/** Files as a run would find them. */
export async function workingFiles(context: RepositoryContext, signal?: AbortSignal): Promise<FileReader> {
  return withLinkTargets(context.repository.sparse ? await withSparseFiles(context, signal) : context.ports.files);
}

/** Files of the work tree as git records them: a link, wherever it points, is the name of its target. */
function withLinkTargets(files: FileReader): FileReader {
  const targetOf = (file: string) => readlink(file).catch(() => undefined);
  return {
    ...files,
    exists: async (file) => (await targetOf(file)) !== undefined || files.exists(file),
    realPath: async (file) => ((await targetOf(file)) === undefined ? files.realPath(file) : file),
    readText: async (file, limits) => (await targetOf(file)) ?? files.readText(file, limits),
  };
}

/** Files of the work tree, and those of HEAD that are excluded by a sparse checkout. */
async function withSparseFiles(context: RepositoryContext, signal: AbortSignal | undefined): Promise<FileReader> {
  const { git, repository, ports } = context;
  const listed = await git.run(['ls-files', '-t', '-z'], { signal });
  const left = new Set(listed.split('\0').flatMap((line) => (line.startsWith('S ') ? [line.slice(2)] : [])));
  const read = async (file: string) => {
    const path = repositoryPath(context, file);
    return repository.head !== undefined && left.has(path) ? readFileAt(context, repository.head, path) : undefined;
  };
  return {
    ...ports.files,
    exists: async (file) => (await ports.files.exists(file)) || (await read(file)) !== undefined,
    realPath: (file) => ports.files.realPath(file).catch(() => file),
    readText: async (file, limits) =>
      (await ports.files.exists(file))
        ? ports.files.readText(file, limits)
        : ((await read(file))?.text ?? ports.files.readText(file, limits)),
  };
}

function changedPaths(
  path: string,
  head: EffectiveContent | undefined,
  working: EffectiveContent | undefined,
): string[] {
  const [before, after] = [textsOf(path, head), textsOf(path, working)];
  return [...new Set([...after.keys(), ...before.keys()])].filter((file) => before.get(file) !== after.get(file));
}

function textsOf(path: string, content: EffectiveContent | undefined): Map<string, string> {
  if (!content) return new Map();
  const files = [{ path, text: content.source }, ...content.partials];
  return new Map(files.map((file) => [file.path, file.text.replaceAll('\r\n', '\n')]));
}
