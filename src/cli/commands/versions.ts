import { type Command, InvalidArgumentError, Option } from 'commander';
import type { VersionsHost } from './versions/open-versions.ts';

const NAMES = `
A prompt is named by its file or its name, and a version of it by what follows an @:
  churn-analysis@production   where the label stands
  churn-analysis@v3           the third saved version
  churn-analysis@a1b2c3d      a commit; HEAD~2, a branch or a tag will do as well`;

const LIST_HELP = `${NAMES}

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

type Run = (command: (host: VersionsHost) => Promise<number>) => Promise<void>;

/** `llmops versions …`; each command's code is loaded when it runs. */
export function addVersionsCommands(program: Command, run: Run): void {
  const versions = program
    .command('versions')
    .description('versions of prompts in git, with what their runs showed')
    .addHelpText('after', NAMES);
  addReading(versions, run);
  addWriting(versions, run);
  addSync(versions, run);
}

function addReading(versions: Command, run: Run): void {
  versions
    .command('list')
    .description('the versions of a prompt, newest first')
    .argument('<prompt>', 'a .prompt file or a name')
    .option('--limit <n>', 'how many', toLimit, 50)
    .option('--all', 'on every branch, not only on this one')
    .option('--json', 'print them as JSON')
    .addHelpText('after', LIST_HELP)
    .action((prompt: string, options) =>
      run(async (host) => (await import('./versions/list.ts')).listVersions(prompt, options, host)),
    );
  versions
    .command('show')
    .description("a version's text, and what is known of it")
    .argument('<prompt>', 'NAME@VERSION or FILE@VERSION; without a version the working file')
    .option('--json', 'print it as JSON, with its partials')
    .addHelpText('after', NAMES)
    .action((prompt: string, options) =>
      run(async (host) => (await import('./versions/show.ts')).showVersion(prompt, options, host)),
    );
  versions
    .command('diff')
    .description('what changed, in words, in results and in the source')
    .argument('[what]', 'a prompt, NAME@A..B, or BASE..HEAD for all prompts (default: this branch)')
    .option('--markdown', 'print it for a pull request')
    .option('--json', 'print it as JSON')
    .addHelpText('after', DIFF_HELP)
    .action((what: string | undefined, options) =>
      run(async (host) => (await import('./versions/diff.ts')).diffVersions(what, options, host)),
    );
}

function addWriting(versions: Command, run: Run): void {
  versions
    .command('save')
    .description('commit a prompt with its partials as its next version')
    .argument('<prompt>', 'a .prompt file or a name')
    .option('-m, --message <text>', 'the message of the commit (default: what changed)')
    .option('--label <label>', 'set this label on the saved version')
    .option('--why <text>', 'why the label moves')
    .option('--replace-staged', 'save the file although other content of it is staged')
    .option('--author <name>', 'who saves, "Name <address>", where git does not know')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', SAVE_HELP)
    .action((prompt: string, options) =>
      run(async (host) => (await import('./versions/save.ts')).saveVersion(prompt, options, host)),
    );
  versions
    .command('label')
    .description('list, move or remove the labels of a prompt')
    .argument('<prompt>', 'a prompt; NAME@VERSION says where the label goes (default: the last commit)')
    .argument('[label]', 'production, staging or any other word')
    .option('--why <text>', 'why it moves, kept in its history')
    .option('--remove', 'remove the label')
    .option('--history', 'list its moves')
    .option('--author <name>', 'who moves it, "Name <address>", where git does not know')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', LABEL_HELP)
    .action((prompt: string, label: string | undefined, options) =>
      run(async (host) => (await import('./versions/label.ts')).labelVersion(prompt, { label, options }, host)),
    );
  versions
    .command('restore')
    .description("write a version's text into the working file")
    .argument('<prompt>', 'NAME@VERSION or FILE@VERSION')
    .option('--force', 'also where the file has changes that no version has; a copy of it is kept')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', RESTORE_HELP)
    .action((prompt: string, options) =>
      run(async (host) => (await import('./versions/restore.ts')).restoreVersion(prompt, options, host)),
    );
}

function addSync(versions: Command, run: Run): void {
  versions
    .command('push')
    .description('send labels, saved versions and results')
    .option('--remote <name>', "the remote (default: the branch's, else origin)")
    .option('--dry-run', 'only tell what would be sent')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', SYNC_HELP)
    .action((options) => run(async (host) => (await import('./versions/push.ts')).pushVersions(options, host)));
  versions
    .command('fetch')
    .description('get labels, saved versions and results of others')
    .option('--remote <name>', "the remote (default: the branch's, else origin)")
    .addOption(new Option('--keep <side>', 'what holds where a label moved on both sides').choices(['mine', 'theirs']))
    .option('--json', 'print the result as JSON')
    .addHelpText('after', SYNC_HELP)
    .action((options) => run(async (host) => (await import('./versions/push.ts')).fetchVersions(options, host)));
}

function toLimit(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 to 10000.');
}
