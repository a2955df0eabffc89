import { UserError } from '../../core/base/errors.ts';
import { argument, type CommandGroup, choice, count, defineCommand, flag, text } from '../define-command.ts';

const NAMES_HELP = `
A prompt is named by its file or its name, and a version of it by what follows an @:
  churn-analysis@production   where the label stands
  churn-analysis@v3           the third saved version
  churn-analysis@a1b2c3d      a commit; HEAD~2, a branch or a tag will do as well`;

const LIST_HELP = `${NAMES_HELP}

Examples:
  llmops versions list prompts/churn-analysis.prompt
  llmops versions list churn-analysis --json`;

const SAVE_HELP = `
Only the prompt and the partials that it uses are committed; whatever else is changed or staged stays as it is.

Examples:
  llmops versions save prompts/churn-analysis.prompt -m "Ask for two factors"
  llmops versions save churn-analysis --label staging --why "Ready to be tried"`;

const LABEL_HELP = `
Examples:
  llmops versions label churn-analysis                        lists its labels
  llmops versions label churn-analysis@v3 production          moves production to v3
  llmops versions label churn-analysis production --history   tells who moved it, when and why
  llmops versions label churn-analysis staging --remove`;

const DIFF_HELP = `
Examples:
  llmops versions diff                                    what this branch changes in prompts
  llmops versions diff churn-analysis                     the working file against the last commit
  llmops versions diff churn-analysis@production          the working file against production
  llmops versions diff churn-analysis@v2..v3              two versions
  llmops versions diff origin/main..HEAD --markdown       a comment for a pull request`;

const RESTORE_HELP = `
Nothing is checked out: the version's text is written into the file, and git sees an edit.

Examples:
  llmops versions restore churn-analysis@v2
  llmops versions restore prompts/churn-analysis.prompt@HEAD~1 --force`;

const SYNC_HELP = `
Labels and results have refs of their own; a push of a branch does not take them along.

Examples:
  llmops versions push --dry-run
  llmops versions push
  llmops versions fetch --keep theirs`;

const json = flag('--json', 'print the result as JSON');
const remote = text('--remote <name>', "the remote (default: the branch's, else origin)");

export const versionsCommands: CommandGroup = {
  name: 'versions',
  description: 'versions of prompts in git, with what their runs showed',
  help: NAMES_HELP,
  commands: [
    defineCommand({
      name: 'list',
      description: 'the versions of a prompt, newest first',
      parameters: {
        prompt: argument('<prompt>', 'a .prompt file or a name'),
        limit: count('--limit <n>', 'how many', { max: 10_000, otherwise: 50 }),
        all: flag('--all', 'on every branch, not only on this one'),
        json: flag('--json', 'print them as JSON'),
      },
      help: LIST_HELP,
      load: () => import('./versions/list.ts'),
    }),
    defineCommand({
      name: 'show',
      description: "a version's text, and what is known of it",
      parameters: {
        prompt: argument('<prompt>', 'NAME@VERSION or FILE@VERSION; without a version the working file'),
        json: flag('--json', 'print it as JSON, with its partials'),
      },
      help: NAMES_HELP,
      load: () => import('./versions/show.ts'),
    }),
    defineCommand({
      name: 'diff',
      description: 'what changed, in words, in results and in the source',
      parameters: {
        what: argument('[what]', 'a prompt, NAME@A..B, or BASE..HEAD for all prompts (default: this branch)'),
        markdown: flag('--markdown', 'print it for a pull request'),
        json: flag('--json', 'print it as JSON'),
      },
      help: DIFF_HELP,
      format({ json, markdown }) {
        if (!json || !markdown) return json ? 'json' : markdown ? 'markdown' : 'text';
        const hint = 'Leave one out.';
        throw new UserError('--json and --markdown ask for two formats at once.', { code: 'usage', hint });
      },
      load: () => import('./versions/diff.ts'),
    }),
    defineCommand({
      name: 'save',
      description: 'commit a prompt with its partials as its next version',
      parameters: {
        prompt: argument('<prompt>', 'a .prompt file or a name'),
        message: text('-m, --message <text>', 'the message of the commit (default: what changed)'),
        label: text('--label <label>', 'set this label on the saved version'),
        why: text('--why <text>', 'why the label moves'),
        replaceStaged: flag('--replace-staged', 'save the file although other content of it is staged'),
        author: text('--author <name>', 'who saves, "Name <address>", where git does not know'),
        json,
      },
      help: SAVE_HELP,
      load: () => import('./versions/save.ts'),
    }),
    defineCommand({
      name: 'label',
      description: 'list, move or remove the labels of a prompt',
      parameters: {
        prompt: argument('<prompt>', 'a prompt; NAME@VERSION says where the label goes (default: the last commit)'),
        label: argument('[label]', 'production, staging or any other word'),
        why: text('--why <text>', 'why it moves, kept in its history'),
        remove: flag('--remove', 'remove the label'),
        history: flag('--history', 'list its moves'),
        author: text('--author <name>', 'who moves it, "Name <address>", where git does not know'),
        json,
      },
      help: LABEL_HELP,
      load: () => import('./versions/label.ts'),
    }),
    defineCommand({
      name: 'restore',
      description: "write a version's text into the working file",
      parameters: {
        prompt: argument('<prompt>', 'NAME@VERSION or FILE@VERSION'),
        force: flag('--force', 'also where the file has changes that no version has; a copy of it is kept'),
        json,
      },
      help: RESTORE_HELP,
      load: () => import('./versions/restore.ts'),
    }),
    defineCommand({
      name: 'push',
      description: 'send labels, saved versions and results',
      parameters: { remote, dryRun: flag('--dry-run', 'only tell what would be sent'), json },
      help: SYNC_HELP,
      load: () => import('./versions/push.ts'),
    }),
    defineCommand({
      name: 'fetch',
      description: 'get labels, saved versions and results of others',
      parameters: {
        remote,
        keep: choice('--keep <side>', 'what holds where a label moved on both sides', { choices: ['mine', 'theirs'] }),
        json,
      },
      help: SYNC_HELP,
      load: () => import('./versions/fetch.ts'),
    }),
  ],
};
