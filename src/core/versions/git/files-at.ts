import { UserError } from '../../base/errors.ts';
import { readUtf8 } from '../../base/files/text-encoding.ts';
import type { FileReader } from '../../base/ports.ts';
import type { RepositoryContext } from '../context.ts';
import { repositoryCache } from '../repository-cache.ts';
import { isLinkAt, linkInCommit, mayBeLink } from './commit-links.ts';
import { type CommitEntry as Entry, isPromptPath, loadedTree } from './loaded-trees.ts';
import { readTree } from './path-states.ts';
import { repositoryPath } from './repository-path.ts';

/** A file in a commit. */
interface CommitFile {
  blob: string;
  /** For a symbolic link, the name of its target. */
  text: string;
  isLink: boolean;
}

const ABSENT = 'absent';
const LARGEST_TEXTS = 8_000_000;

/** Cached blob of `<full hash>:<path>`; a commit never changes. */
const blobsOf = repositoryCache<Entry | typeof ABSENT>({ max: 20_000 });
/** The same as reported by a log: the blob's hash is abbreviated. */
const hintsOf = repositoryCache<Entry>({ max: 1000 });
const textsOf = repositoryCache<string>({ maxSize: LARGEST_TEXTS, sizeCalculation: (text) => text.length + 100 });

/** `commit` is a full hash, `path` relative to the repository. Undefined if the commit has no such file. */
export async function readFileAt(
  context: RepositoryContext,
  commit: string,
  path: string,
): Promise<CommitFile | undefined> {
  const tree = loadedTree(context, commit);
  if (tree && isPromptPath(path)) {
    const entry = tree.get(path);
    return entry && toFile(context, entry);
  }
  const blobs = blobsOf(context);
  const name = `${commit}:${path}`;
  const known = blobs.get(name);
  if (known === ABSENT) return undefined;
  if (known !== undefined) return toFile(context, known);
  const entry = path.includes('\n') ? await readEntry(context, commit, path) : await readNamed(context, commit, path);
  blobs.set(name, entry ?? ABSENT);
  if (!entry) return undefined;
  const { blob, text, isLink } = entry;
  if (text !== undefined && !textsOf(context).has(blob)) textsOf(context).set(blob, text);
  return text === undefined ? toFile(context, entry) : { blob, text, isLink };
}

async function toFile(context: RepositoryContext, { blob, isLink }: Entry): Promise<CommitFile | undefined> {
  const text = await readBlob(context, blob);
  return text === undefined ? undefined : { blob, text, isLink };
}

/** Remembers what a log reports about a commit: a blob is read by its hash in half the time of a path in a commit. */
export function hintEntry(context: RepositoryContext, place: { commit: string; path: string }, entry: Entry): void {
  hintsOf(context).set(`${place.commit}:${place.path}`, entry);
}

async function readHinted(context: RepositoryContext, name: string) {
  const hint = hintsOf(context).get(name);
  const object = hint && (await context.objects.read(hint.blob));
  // A ref may have the name of an abbreviated hash, or a newer object may share its prefix.
  if (object?.type !== 'blob' || !object.hash.startsWith(hint?.blob ?? '')) return undefined;
  const text = textsOf(context).get(object.hash) ?? object.bytes.toString('utf8');
  return { blob: object.hash, text, isLink: hint?.isLink === true };
}

async function readNamed(context: RepositoryContext, commit: string, path: string) {
  const hinted = await readHinted(context, `${commit}:${path}`);
  if (hinted) return hinted;
  const object = await context.objects.read(`${commit}:${path}`);
  if (object?.type !== 'blob') return undefined;
  const text = textsOf(context).get(object.hash) ?? object.bytes.toString('utf8');
  return { blob: object.hash, text, isLink: mayBeLink(text) && (await isLinkAt(context, commit, path)) };
}

/** A name with a line break cannot be sent to the process that reads objects, where each line is a request. */
async function readEntry(context: RepositoryContext, commit: string, path: string) {
  const [mode, blob] = (await readTree(context, commit, [path])).get(path)?.split(' ') ?? [];
  return blob === undefined ? undefined : { blob, text: undefined, isLink: mode === '120000' };
}

/** Text of a blob; undefined if the repository does not have it. */
export async function readBlob(context: RepositoryContext, blob: string): Promise<string | undefined> {
  const texts = textsOf(context);
  const known = texts.get(blob);
  if (known !== undefined) return known;
  const text = await context.objects.text(blob);
  if (text !== undefined) texts.set(blob, text);
  return text;
}

/**
 * Files at a commit, by the absolute paths of the work tree; nothing outside the repository exists. A link is refused,
 * since its content in git is the name of its target; a history shows that as text.
 */
export function filesAtCommit(
  open: () => Promise<RepositoryContext>,
  revision: string,
  { links = 'refuse' }: { links?: 'refuse' | 'text' } = {},
): FileReader {
  let commit: Promise<string> | undefined;
  const find = async (file: string) => {
    const context = await open();
    commit ??= commitOf(context, revision);
    const hash = await commit;
    return { context, commit: hash, found: await readFileAt(context, hash, repositoryPath(context, file)) };
  };
  const read = async (file: string) => {
    const place = await find(file);
    const { commit: hash, found } = place;
    if (!found) throw noSuchFile(file, revision);
    if (found.isLink && links === 'refuse') throw linkInCommit(file, hash, found.text);
    return { ...place, found };
  };
  return {
    async readText(file, limits) {
      const { context, found } = await read(file);
      // Only text that was not UTF-8, or contains this character itself, is examined again.
      if (!limits?.exact || !found.text.includes('\ufffd')) return found.text;
      return readUtf8(file, (await context.objects.read(found.blob))?.bytes ?? Buffer.from(found.text));
    },
    async readBytes(file) {
      const { context, found } = await read(file);
      const object = await context.objects.read(found.blob);
      if (object?.type === 'blob') return object.bytes;
      throw noSuchFile(file, revision);
    },
    // a link in a commit is a file with a path in it: no link is followed, so nothing leaves the repository
    realPath: async (file) => file,
    exists: (file) =>
      find(file).then(
        ({ found }) => found !== undefined,
        (error: unknown) => {
          if (error instanceof UserError && error.code === 'usage') return false;
          throw error;
        },
      ),
  };
}

function noSuchFile(file: string, revision: string): UserError {
  return new UserError(`${file} is not in ${revision}.`, {
    code: 'unknown-version',
    hint: 'Choose a version that has the file.',
  });
}

/** Full hash of the commit for a revision; throws `unknown-version` if there is none. */
export async function commitOf({ objects }: RepositoryContext, revision: string): Promise<string> {
  const object = revision === '' ? undefined : await objects.read(`${revision}^{commit}`);
  if (object?.type === 'commit') return object.hash;
  throw new UserError(`Unknown version ${revision}.`, {
    code: 'unknown-version',
    hint: 'Use a label, v and a number, a commit hash, a branch or HEAD~2.',
  });
}
