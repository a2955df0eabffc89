import { UserError } from '../../base/errors.ts';
import type { RepositoryContext } from '../context.ts';

export interface Author {
  name: string;
  email: string;
}

interface IdentityOptions {
  /** Used for this call only; nothing is written to any configuration. */
  author?: Author | undefined;
  signal?: AbortSignal | undefined;
}

/** The environment with the committer; throws `no-identity` if git would have to guess from the machine's name. */
export async function identityEnv(
  { git, repository }: RepositoryContext,
  { author, signal }: IdentityOptions,
): Promise<Record<string, string>> {
  if (author) return environmentOf(checkAuthor(author));
  const strict = git.at(repository.root);
  // A commit with a guessed name would stay in history; git itself only warns about it afterwards.
  for (const who of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']) {
    await strict.run(['-c', 'user.useConfigOnly=true', 'var', who], { signal });
  }
  return {};
}

/** For commits that are created without asking: the user if git knows one, otherwise the product. */
export async function identityEnvOrDefault(
  context: RepositoryContext,
  options: IdentityOptions,
): Promise<Record<string, string>> {
  try {
    return await identityEnv(context, options);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'no-identity') throw error;
    return environmentOf({ name: 'LLMOps Workbench', email: 'llmops-workbench@localhost' });
  }
}

/** The committer's name, as git will write it. */
export async function committerName(
  { git }: RepositoryContext,
  env: Record<string, string>,
  signal?: AbortSignal,
): Promise<string> {
  const ident = await git.run(['var', 'GIT_COMMITTER_IDENT'], { env, signal });
  return ident.slice(0, Math.max(0, ident.lastIndexOf(' <')));
}

function environmentOf({ name, email }: Author): Record<string, string> {
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}

function checkAuthor({ name, email }: Author): Author {
  const [cleanName, cleanEmail] = [name.trim(), email.trim()];
  const forbidden = /[<>\u0000-\u001f]/;
  if (cleanName === '' || cleanEmail === '' || forbidden.test(cleanName) || forbidden.test(cleanEmail)) {
    throw new UserError(`"${name} <${email}>" cannot be the author of a commit.`, {
      code: 'usage',
      hint: 'Enter a name and an email address without angle brackets and line breaks.',
    });
  }
  return { name: cleanName, email: cleanEmail };
}
