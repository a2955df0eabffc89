import type { RepositoryContext } from '../context.ts';
import { isMissingObject } from '../git/git-errors.ts';
import type { Author } from '../git/identity.ts';
import { nameRefs } from './missing-objects.ts';

/** A ref with its object and, for an annotated tag, the tag's target. */
export interface ListedRef {
  ref: string;
  object: string;
  type: string;
  /** Target commit of an annotated tag, and its committer date. */
  peeled: string;
  peeledType: string;
  peeledAt: number;
  parents: string[];
  /** Who made the tag or the commit, and when (epoch milliseconds). */
  by: Author;
  at: number;
  message: string;
}

const FIELDS = `refname objectname objecttype *objectname *objecttype *committerdate:unix parent creatordate:unix
  committername committeremail taggername taggeremail contents`.split(/\s+/);

/** All refs under these prefixes, in one process, without those to a missing object, which `findBrokenRefs` reports. */
export async function listRefs(
  context: RepositoryContext,
  prefixes: readonly string[],
  signal?: AbortSignal,
): Promise<ListedRef[]> {
  try {
    return await listSound(context, prefixes, signal);
  } catch (error) {
    if (!isMissingObject(error)) throw error;
  }
  const named = await nameRefs(context, prefixes, signal);
  const sound = named.filter(({ missing }) => missing === undefined).map(({ ref }) => ref);
  const refs: ListedRef[] = [];
  for (let at = 0; at < sound.length; at += MOST_NAMES) {
    refs.push(...(await listSound(context, sound.slice(at, at + MOST_NAMES), signal)));
  }
  return refs;
}

/** The number of ref names that fits into a command line everywhere. */
const MOST_NAMES = 100;

async function listSound({ git }: RepositoryContext, prefixes: readonly string[], signal?: AbortSignal) {
  const format = FIELDS.map((field) => `%(${field})%00`).join('');
  const output = await git.run(['for-each-ref', `--format=${format}`, ...prefixes], { signal, mayPrintNothing: true });
  const tokens = output.split('\0');
  const refs: ListedRef[] = [];
  for (let at = 0; at + FIELDS.length <= tokens.length; at += FIELDS.length) {
    refs.push(toRef(tokens.slice(at, at + FIELDS.length)));
  }
  return refs;
}

function toRef(fields: string[]): ListedRef {
  const [ref = '', object = '', type = '', peeled = '', peeledType = '', peeledAt = '', parents = '', at = ''] = fields;
  const [committer = '', committerEmail = '', tagger = '', taggerEmail = '', message = ''] = fields.slice(8);
  const email = committerEmail || taggerEmail;
  return {
    ref: ref.replace(/^\n/, ''),
    object,
    type,
    peeled,
    peeledType,
    peeledAt: Number(peeledAt) * 1000,
    parents: parents.split(' ').filter(Boolean),
    by: { name: committer || tagger, email: email.replace(/^<|>$/g, '') },
    at: Number(at) * 1000,
    message,
  };
}

/** The value of a trailer, the first one if there are several; undefined if the last paragraph has none. */
export function readTrailer(message: string, key: string): string | undefined {
  const start = `${key}: `;
  // in a signed tag the signature follows them
  const [text = ''] = message.split(/^-----BEGIN /m);
  const last = text.trimEnd().split('\n\n').at(-1) ?? '';
  const line = last.split('\n').find((one) => one.startsWith(start));
  return line?.slice(start.length).trim();
}
