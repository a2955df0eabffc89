/** The web page of a file at a commit, for known hosts. Undefined for other remotes. */
export function webPage(
  remote: string | undefined,
  { commit, path }: { commit: string; path: string },
): string | undefined {
  const place = remote === undefined ? undefined : parseRemote(remote);
  if (!place) return undefined;
  const file = path.split('/').map(encodeURIComponent).join('/');
  if (isHost(place.host, 'github')) return `https://${place.host}/${place.repository}/blob/${commit}/${file}`;
  if (isHost(place.host, 'gitlab')) return `https://${place.host}/${place.repository}/-/blob/${commit}/${file}`;
  return undefined;
}

/** Matches `github.com` and enterprise hosts such as `github.example.com`. */
function isHost(host: string, name: string): boolean {
  return host === `${name}.com` || host.startsWith(`${name}.`);
}

/** `https://host/owner/name.git`, `ssh://git@host:22/owner/name`, `git@host:owner/name.git`. */
function parseRemote(remote: string): { host: string; repository: string } | undefined {
  const match =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([\w.-]+)(?::\d+)?\/(.+?)(?:\.git)?\/?$/.exec(remote) ??
    /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+?)(?:\.git)?\/?$/.exec(remote);
  const [, host, repository] = match ?? [];
  return host !== undefined && repository !== undefined ? { host: host.toLowerCase(), repository } : undefined;
}
