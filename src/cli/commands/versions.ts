import { UserError } from '../../core/base/errors.ts';
import {
  argument,
  type CommandGroup,
  choice,
  count,
  defineCommand,
  flag,
  text,
  type Values,
} from '../define-command.ts';

const NAMES_HELP = `
A prompt is given as a file or a name. To select a version of it, add an @ and one of these:
  churn-analysis@production   a label
  churn-analysis@v3           a saved version
  churn-analysis@a1b2c3d      a commit; HEAD~2, a branch or a tag also work`;

const LIST_HELP = `${NAMES_HELP}

Examples:
  llmops versions list prompts/churn-analysis.prompt
  llmops versions list churn-analysis --json`;

const SAVE_HELP = `
Only the prompt and the partials it uses are committed. Other changed or staged files are left alone.

Examples:
  llmops versions save prompts/churn-analysis.prompt -m "Ask for two factors"
  llmops versions save churn-analysis --label staging --why "Ready to test"`;

const LABEL_HELP = `
Examples:
  llmops versions label churn-analysis                        lists its labels
  llmops versions label churn-analysis@v3 production          moves production to v3
  llmops versions label churn-analysis production --history   shows who moved it, when and why
  llmops versions label churn-analysis staging --remove`;

const DIFF_HELP = `
Examples:
  llmops versions diff                                    what this branch changes in prompts
  llmops versions diff churn-analysis                     the working file against the last commit
  llmops versions diff churn-analysis@production          the working file against production
  llmops versions diff churn-analysis@v2..v3              two versions
  llmops versions diff origin/main..HEAD --markdown       a comment for a pull request`;

const RESTORE_HELP = `
Nothing is checked out: the text is written to the file, which git then reports as modified.

Examples:
  llmops versions restore churn-analysis@v2
  llmops versions restore prompts/churn-analysis.prompt@HEAD~1 --force`;

const SYNC_HELP = `
Labels and results have their own refs; pushing a branch does not include them. On a terminal, push asks first.

Examples:
  llmops versions push --dry-run
  llmops versions push
  llmops versions fetch --keep theirs`;

const json = flag('--json', 'print the result as JSON');
const remote = text('--remote <name>', "the remote (default: the branch's remote, or origin)");

const PARAMETERS = {
  list: {
    prompt: argument('<prompt>', 'a .prompt file or a name'),
    limit: count('--limit <n>', 'the maximum number of versions', { max: 10_000, otherwise: 50 }),
    all: flag('--all', 'include versions on other branches'),
    json: flag('--json', 'print the versions as JSON'),
  },
  show: {
    prompt: argument('<prompt>', 'NAME@VERSION or FILE@VERSION; without a version, the working file'),
    json: flag('--json', 'print the version as JSON, with its partials'),
  },
  diff: {
    what: argument('[what]', 'a prompt, NAME@A..B, or BASE..HEAD for all prompts (default: this branch)'),
    markdown: flag('--markdown', 'print Markdown for a pull request'),
    json: flag('--json', 'print the changes as JSON'),
  },
  save: {
    prompt: argument('<prompt>', 'a .prompt file or a name'),
    message: text('-m, --message <text>', 'the commit message (default: a summary of the changes)'),
    label: text('--label <label>', 'set this label on the saved version'),
    why: text('--why <text>', 'the reason for moving the label'),
    replaceStaged: flag('--replace-staged', 'save the file even if different content of it is staged'),
    author: text('--author <name>', 'the author as "Name <address>", if git has none configured'),
    json,
  },
  label: {
    prompt: argument('<prompt>', 'a prompt; NAME@VERSION selects the version to label (default: the last commit)'),
    label: argument('[label]', 'production, staging or any other name'),
    why: text('--why <text>', 'the reason for the move, kept in the label’s history'),
    remove: flag('--remove', 'remove the label'),
    history: flag('--history', 'list the moves of the label'),
    author: text('--author <name>', 'the author as "Name <address>", if git has none configured'),
    json,
  },
  restore: {
    prompt: argument('<prompt>', 'NAME@VERSION or FILE@VERSION'),
    force: flag('--force', 'overwrite changes that are not in any version; a copy of the file is kept'),
    json,
  },
  push: {
    remote,
    dryRun: flag('--dry-run', 'only show what would be pushed'),
    yes: flag('-y, --yes', 'do not ask'),
    json,
  },
  fetch: {
    remote,
    keep: choice('--keep <side>', 'which side wins if a label was moved on both', { choices: ['mine', 'theirs'] }),
    json,
  },
};

/** The values of each verb. */
export type VersionsValues = { [Verb in keyof typeof PARAMETERS]: Values<(typeof PARAMETERS)[Verb]> };

export const versionsCommands: CommandGroup = {
  name: 'versions',
  description: 'list, compare, save and share versions of prompts in git',
  help: NAMES_HELP,
  commands: [
    defineCommand({
      name: 'list',
      description: 'list the versions of a prompt, newest first',
      parameters: PARAMETERS.list,
      help: LIST_HELP,
      load: () => import('./versions/list.ts'),
    }),
    defineCommand({
      name: 'show',
      description: "print a version's text and its results",
      parameters: PARAMETERS.show,
      help: NAMES_HELP,
      load: () => import('./versions/show.ts'),
    }),
    defineCommand({
      name: 'diff',
      description: 'show what changed: a summary, results and the source',
      parameters: PARAMETERS.diff,
      help: DIFF_HELP,
      format({ json, markdown }) {
        if (!json || !markdown) return json ? 'json' : markdown ? 'markdown' : 'text';
        const hint = 'Use one of them.';
        throw new UserError('--json and --markdown cannot be combined.', { code: 'usage', hint });
      },
      load: () => import('./versions/diff.ts'),
    }),
    defineCommand({
      name: 'save',
      description: 'commit a prompt and its partials as the next version',
      parameters: PARAMETERS.save,
      help: SAVE_HELP,
      load: () => import('./versions/save.ts'),
    }),
    defineCommand({
      name: 'label',
      description: 'list, move or remove the labels of a prompt',
      parameters: PARAMETERS.label,
      help: LABEL_HELP,
      load: () => import('./versions/label.ts'),
    }),
    defineCommand({
      name: 'restore',
      description: "write a version's text to the working file",
      parameters: PARAMETERS.restore,
      help: RESTORE_HELP,
      load: () => import('./versions/restore.ts'),
    }),
    defineCommand({
      name: 'push',
      description: 'push labels, saved versions and results',
      parameters: PARAMETERS.push,
      help: SYNC_HELP,
      load: () => import('./versions/push.ts'),
    }),
    defineCommand({
      name: 'fetch',
      description: 'fetch labels, saved versions and results',
      parameters: PARAMETERS.fetch,
      help: SYNC_HELP,
      load: () => import('./versions/fetch.ts'),
    }),
  ],
};
