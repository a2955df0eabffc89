/**
 * What an error is about, which decides the exit code of the command line: the command or the configuration, a check that
 * did not pass, a provider or another service, this tool or machine, or an interruption by the user.
 */
export type ErrorKind = 'usage' | 'check' | 'provider' | 'internal' | 'interrupted';

/** The kind of each error code. The codes are stable and documented: a user or a script may match on them. */
export const ERROR_KINDS = {
  usage: 'usage',
  cancelled: 'interrupted',
  untrusted: 'usage',
  'no-folder': 'usage',
  'invalid-prompt': 'usage',
  'invalid-input': 'usage',
  'invalid-evaluation': 'usage',
  /** Faults of a dataset that are found before an evaluation sends a request. */
  'no-cases': 'usage',
  'duplicate-case-id': 'usage',
  'missing-column': 'usage',
  'wrong-type': 'usage',
  'no-common-cases': 'usage',
  'unknown-price': 'usage',
  /** A stored result of an evaluation that does not exist, or does no longer. */
  'unknown-result': 'usage',
  /** A run of what has changed would be the same as before. */
  unchanged: 'usage',
  /** Another window runs this evaluation. */
  'evaluation-running': 'usage',
  'render-limit': 'usage',
  'invalid-connection': 'usage',
  'unknown-connection': 'usage',
  'unknown-model': 'usage',
  'missing-key': 'usage',
  'key-origin': 'usage',
  auth: 'provider',
  'rate-limit': 'provider',
  quota: 'provider',
  'context-length': 'provider',
  'model-not-found': 'provider',
  'bad-request': 'provider',
  server: 'provider',
  network: 'provider',
  dns: 'provider',
  tls: 'provider',
  timeout: 'provider',
  'stream-cut': 'provider',
  'bad-response': 'provider',
  'content-filter': 'provider',
  budget: 'usage',
  store: 'internal',
  'store-newer': 'usage',
  /** A database of another program, which is not changed. */
  'store-foreign': 'usage',
  /** The history's folder or file is a symbolic link that the user has not allowed. */
  'store-link': 'usage',
  /** The output of a command could not be written. */
  output: 'internal',
  git: 'usage',
  'git-missing': 'usage',
  'git-old': 'usage',
  'git-timeout': 'provider',
  'no-repository': 'usage',
  'unsafe-repository': 'usage',
  'index-locked': 'usage',
  'operation-under-way': 'usage',
  'nothing-to-save': 'usage',
  'staged-differs': 'usage',
  'not-saved': 'usage',
  'no-identity': 'usage',
  'hook-failed': 'usage',
  'sign-failed': 'usage',
  'name-clash': 'usage',
  'ref-clash': 'usage',
  'label-moved': 'usage',
  'unknown-version': 'usage',
  /** The version exists, but the prompt does not exist in it. */
  'not-in-version': 'usage',
  /** A link or a path of the repository points outside the workspace. */
  'outside-workspace': 'usage',
  /** Not a regular file, a loop of links, or over the size limit. */
  'unreadable-file': 'usage',
  'remote-rejected': 'provider',
  remote: 'provider',
  internal: 'internal',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_KINDS;
