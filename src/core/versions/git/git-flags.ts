/** For every call: paths are literal and unquoted, logs show no signatures, no folder counts as a bare repository. */
const ALWAYS = [
  '--literal-pathspecs',
  '-c',
  'core.quotePath=false',
  '-c',
  'log.showSignature=false',
  '-c',
  'safe.bareRepository=explicit',
];

/** A configuration can set a program to watch the work tree; only these commands compare the index with it. */
const NO_MONITOR = ['-c', 'core.fsmonitor=false'];
const COMPARING: ReadonlySet<string> = new Set(['status', 'add', 'commit', 'reset', 'update-index', 'diff']);

/** Commands that show differences use git's own diff: a file's attributes can select a program of the configuration. */
const OF_VERB: Readonly<Record<string, readonly string[]>> = {
  diff: ['--no-ext-diff', '--no-textconv', '--ignore-submodules=all'],
  'diff-tree': ['--no-ext-diff', '--no-textconv'],
  log: ['--no-ext-diff', '--no-textconv'],
  blame: ['--no-textconv'],
};

/** The arguments of one call with the flags for every call of the product. */
export function withFlags(args: readonly string[]): string[] {
  const at = verbIndex(args);
  const verb = args[at] ?? '';
  const compares = COMPARING.has(verb) && !args.includes('--cached');
  const monitor = compares ? [] : NO_MONITOR;
  const own = [
    ...(OF_VERB[verb] ?? []),
    ...(/^(?:log|rev-list)$/.test(verb) && args.some(isManyRefs) ? ['--ignore-missing'] : []),
  ];
  return [...ALWAYS, ...monitor, ...args.slice(0, at + 1), ...own, ...args.slice(at + 1)];
}

/** A ref to a missing object must not end a log of all refs. */
function isManyRefs(arg: string): boolean {
  return /^--(?:all|branches|tags|remotes)$/.test(arg);
}

/** Index of the subcommand, after git's own flags; the length if there is none. */
export function verbIndex(args: readonly string[]): number {
  const at = args.findIndex((arg, index) => !arg.startsWith('-') && args[index - 1] !== '-c');
  return at < 0 ? args.length : at;
}
