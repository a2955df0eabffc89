import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../../package.json';
import { toErrorInfo, UserError } from '../core/base/errors.ts';
import type { Log } from '../core/base/ports.ts';
import { addVersionsCommands } from './commands/versions.ts';
import { EXIT, exitCodeOfError } from './exit-codes.ts';
import { type Interrupt, watchInterrupt } from './interrupt.ts';
import { createNotices } from './output/notices.ts';
import { createTerminal, type Terminal } from './output/terminal.ts';

const EXIT_HELP = `
Exit codes: 0 all went well, 1 an answer does not fit its schema or a prompt has errors, 2 wrong usage or configuration,
3 a provider or a git remote failed, 4 this tool or machine failed (output not writable, database, internal error),
130 interrupted.`;

const RUN_HELP = `
Inputs are read by the types of the prompt's schema; name:=JSON gives a value as it is written.
Keys come from the providers' usual environment variables (OPENAI_API_KEY, ANTHROPIC_API_KEY, …) and go only to
the provider's own address, or to where LLMOPS_ALLOW_ORIGINS lets one go: NAME=https://host/path for any variable,
https://host for the provider's usual ones and LLMOPS_*. LLMOPS_LINKED_FOLDERS names folders that .llmops may link to.

Examples:
  llmops run prompts/churn.prompt --input plan=Gold --model demo/swift --model demo/balanced
  llmops run prompts/churn.prompt --input-file customers.jsonl --row 3 --json
  llmops run churn-analysis@production --input plan=Gold
  llmops run prompts/reply.prompt --stream > reply.md`;

/** Runs one command line to its exit code; never throws. Resolves when all that it prints has left the process. */
export async function runProgram(args: string[]): Promise<number> {
  const interrupt = watchInterrupt();
  const terminal = createTerminal(process.env, process, interrupt.stop);
  const code = await runCommandLine(args, terminal, interrupt);
  await terminal.flush();
  if (interrupt.signalled) return EXIT.interrupted;
  if (!terminal.failure) return code;
  printError(outputError(terminal.failure), terminal);
  await terminal.flush();
  return EXIT.machine;
}

async function runCommandLine(args: string[], terminal: Terminal, interrupt: Interrupt): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(terminal, interrupt, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    printError(error, terminal);
    return exitCodeOfError(error);
  }
}

function printError(error: unknown, terminal: Terminal): void {
  const { message, hint } = toErrorInfo(error);
  terminal.err(`llmops: ${message}\n${hint === undefined ? '' : `${hint}\n`}`);
}

function outputError(cause: NodeJS.ErrnoException): UserError {
  const reason = cause.code === 'ENOSPC' ? `no space is left (${cause.code})` : (cause.code ?? cause.message);
  return new UserError(`Standard output could not be written: ${reason}.`, {
    code: 'output',
    hint: 'What was printed is incomplete. Free some space or write to another place, and run the command again.',
    cause,
  });
}

function createProgram(terminal: Terminal, interrupt: Interrupt, done: (code: number) => void): Command {
  const program = new Command('llmops')
    .description('Runs prompts on models, with tokens and cost.')
    .version(version)
    .option('--verbose', 'tell on stderr what is done')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .addHelpText('after', EXIT_HELP);
  const notices = createNotices(terminal);
  const host = () => {
    const log = createLog(terminal, program.opts().verbose === true);
    return { env: process.env, log, notices, interrupt, terminal };
  };

  program
    .command('run')
    .description('run a prompt on one model or several, side by side')
    .argument('<prompt>', 'a .prompt file, a name, or a version of it: NAME@production, FILE@v3')
    .option('-m, --model <connection/model>', 'a model; repeat for several (default: that of the file)', collect)
    .option('-i, --input <name=value>', 'an input; repeat for several', collect)
    .option('--input-file <file>', 'inputs from a row of a .jsonl, .json, .csv or .tsv file')
    .option('--row <n>', 'which row of the input file, from 1', toCount(10_000_000))
    .option('--strict', 'refuse input-file columns that are not inputs, and text that is not UTF-8')
    .option('--repeat <n>', 'run each model n times', toCount(1000), 1)
    .option('--timeout <seconds>', 'give up after so long a silence', toSeconds)
    .option('--stream', 'print the answer as it comes; with --json, each event as a line')
    .option('--json', 'print results as JSON')
    .option('--no-record', 'keep the runs out of the history and of git’s notes')
    .addHelpText('after', RUN_HELP)
    .action(async (file: string, options) => {
      const { runCommand } = await import('./commands/run/run-prompt.ts');
      done(await runCommand(file, { model: [], input: [], ...options }, host()));
    });

  program
    .command('import')
    .description('turn prompts of other tools into .prompt files; nothing is overwritten')
    .argument(
      '<file...>',
      'Prompty, promptfoo, OpenAI chat JSON, Python, TypeScript, LangChain, MLflow or Langfuse files',
    )
    .option('--out <dir>', 'the folder to write into (default: the workspace’s prompts folder)')
    .option('--format <name>', 'what the files are, where their names and keys do not tell')
    .option('--dry-run', 'print what would be written')
    .action(async (files: string[], options) => {
      const { importCommand } = await import('./commands/import/import-files.ts');
      done(await importCommand(files, options, host()));
    });

  program
    .command('check')
    .description('check prompts without running them')
    .argument('[paths...]', '.prompt files, folders, names or versions such as NAME@v3 (default: this folder)')
    .addOption(
      new Option('--format <format>', 'how findings are printed').choices(['text', 'json', 'sarif']).default('text'),
    )
    .action(async (paths: string[], options) => {
      const { checkCommand } = await import('./commands/check/check-prompts.ts');
      done(await checkCommand(paths, options, host()));
    });

  program
    .command('models')
    .description('list connections and their models')
    .argument('[connection]', 'only this connection')
    .option('--json', 'print the list as JSON')
    .option('--refresh', 'ask the providers even if a list of today is at hand')
    .action(async (connection: string | undefined, options) => {
      const { modelsCommand } = await import('./commands/models/list-models.ts');
      done(await modelsCommand(connection, options, host()));
    });
  const prices = program.command('prices').description('the price lists that are used to calculate costs');
  prices
    .command('show')
    .description('show which price lists are used, and their dates')
    .option('--json', 'print the lists as JSON')
    .action(async (options) => {
      const { showPricesCommand } = await import('./commands/prices/show-prices.ts');
      done(await showPricesCommand(options, host()));
    });
  prices
    .command('update')
    .description('fetch the published price list; nothing about the workspace is sent')
    .option('--url <address>', 'where the list is (default: that of the genai-prices project)')
    .option('--json', 'print what was fetched as JSON')
    .action(async (options) => {
      const { updatePricesCommand } = await import('./commands/prices/show-prices.ts');
      done(await updatePricesCommand(options, host()));
    });
  addVersionsCommands(program, async (command) => done(await command(host())));
  pointToHelp(program, 'llmops');
  return program;
}

/** A mistake is answered with the command's own help: that of the program does not have its arguments. */
function pointToHelp(command: Command, name: string): void {
  command.showHelpAfterError(`(${name} --help tells more)`);
  for (const one of command.commands) pointToHelp(one, `${name} ${one.name()}`);
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function toCount(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`);
  };
}

function toSeconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 86_400)) throw new InvalidArgumentError('It must be a number of seconds.');
  return value;
}

function createLog(terminal: Terminal, verbose: boolean): Log {
  const write = (message: string) => {
    if (verbose) terminal.err(`${message}\n`);
  };
  return {
    debug: write,
    info: write,
    warn: write,
    error: (message, error) => write(error === undefined ? message : `${message} ${toErrorInfo(error).message}`),
  };
}
