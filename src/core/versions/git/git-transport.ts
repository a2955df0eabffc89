import { isAbortError, UserError } from '../../base/errors.ts';
import { removeCredentials } from '../../base/secrets/remove-credentials.ts';
import type { RefTransport, RepositoryContext } from '../context.ts';

/** A transfer may be silent while a server counts objects or runs its hooks. */
const TIMEOUT_MS = 120_000;

/** The Git extension's transport, with its sign-in, if the host provides it; otherwise git itself with prompts off. */
export async function openTransport(context: RepositoryContext): Promise<RefTransport> {
  const lent = await context.ports.transport?.(context.repository.root);
  return lent ?? createGitTransport(context);
}

function createGitTransport(context: RepositoryContext): RefTransport {
  const git = context.git.at(context.repository.root);
  return {
    async fetch(remote, refspecs, signal) {
      const args = ['fetch', '--quiet', '--no-tags', '--prune', '--no-write-fetch-head', '--recurse-submodules=no'];
      const options = { signal, env: await quietEnv(context), timeoutMs: TIMEOUT_MS };
      await git.run([...args, '--', remote, ...refspecs], options).catch(throwRemote(remote));
    },
    async push(remote, updates, signal) {
      if (updates.length === 0) return [];
      // Without force a ref only ever moves forward, and a tag never: that is stricter than a lease.
      const args = ['push', '--porcelain', '--no-follow-tags', '--recurse-submodules=no', '--', remote];
      const refspecs = updates.map(({ ref, commit }) => `${commit}:${ref}`);
      const options = { signal, env: await quietEnv(context), timeoutMs: TIMEOUT_MS, okCodes: [0, 1] };
      const answer = await git.runCode([...args, ...refspecs], options).catch(throwRemote(remote));
      return readPushReport(updates, answer);
    },
  };
}

/** Nobody can answer a prompt here: git and ssh fail instead of asking. */
async function quietEnv({ git, ports }: RepositoryContext): Promise<Record<string, string>> {
  const env = { GIT_ASKPASS: '', GCM_INTERACTIVE: 'never' };
  if (ports.env.GIT_SSH !== undefined && ports.env.GIT_SSH_COMMAND === undefined) return env;
  const configured = (await git.run(['config', '--get', 'core.sshCommand'], { okCodes: [0, 1] })).trim();
  const command = ports.env.GIT_SSH_COMMAND ?? (configured || 'ssh');
  // Clients other than OpenSSH have other options.
  return /^"?(?:[^\s"]*[\\/])?ssh(?:\.exe)?"?(?:\s|$)/i.test(command)
    ? { ...env, GIT_SSH_COMMAND: `${command} -o BatchMode=yes` }
    : env;
}

function throwRemote(remote: string): (error: unknown) => never {
  return (error) => {
    if (isAbortError(error) || !(error instanceof UserError) || error.code !== 'git') throw error;
    throw new UserError(`${remote} could not be reached: ${error.message}`, {
      code: 'remote',
      hint: 'Check whether git fetch works in a terminal; sign in there if it asks.',
      cause: error,
    });
  };
}

/** One line per ref: `<flag>\t<from>:<to>\t<summary> (<reason>)`; `!` is a rejection. */
function readPushReport(updates: readonly { ref: string }[], { stdout, stderr }: { stdout: string; stderr: string }) {
  const lines = new Map<string, { refused: boolean; summary: string }>();
  for (const line of stdout.split('\n')) {
    const [flag, names, summary = ''] = line.split('\t');
    const to = names?.slice(names.indexOf(':') + 1);
    if (to !== undefined && flag?.length === 1) lines.set(to, { refused: flag === '!', summary });
  }
  const said = stderr
    .split('\n')
    .flatMap((line) => /^remote: ?(.*\S)/.exec(line)?.[1] ?? [])
    .join(' ');
  return updates.map(({ ref }) => {
    const line = lines.get(ref);
    if (line && !line.refused) return { ref, rejected: undefined };
    const reason = line?.summary ?? (stderr.trim() || 'git gave no reason');
    return { ref, rejected: removeCredentials(said === '' || !line ? reason : `${reason} — ${said}`) };
  });
}
