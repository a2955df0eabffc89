import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { toErrorInfo, UserError } from '../core/base/errors.ts';
import type { Log } from '../core/base/ports.ts';
import { checkCommand } from './commands/check.ts';
import { evalCommands } from './commands/eval.ts';
import { importCommand } from './commands/import.ts';
import { modelsCommand } from './commands/models.ts';
import { pricesCommands } from './commands/prices.ts';
import { runCommand } from './commands/run.ts';
import { scoreCommand } from './commands/score.ts';
import { versionsCommands } from './commands/versions.ts';
import { addCommands, describeOption, pointToHelp, VERBOSE } from './define-command.ts';
import { EXIT, exitCodeOfError } from './exit-codes.ts';
import { type Interrupt, watchInterrupt } from './interrupt.ts';
import { createNotices } from './output/notices.ts';
import { createOutput } from './output/output.ts';
import { createTerminal, printError, type Terminal } from './output/terminal.ts';

const COMMANDS = [
  runCommand,
  scoreCommand,
  importCommand,
  checkCommand,
  modelsCommand,
  pricesCommands,
  versionsCommands,
  evalCommands,
];

const EXIT_HELP = `
Exit codes: 0 success, 1 an answer does not match its schema, a gate failed or a prompt has errors, 2 wrong usage or
configuration, or a budget was reached,
3 a provider or a git remote failed, 4 this tool or machine failed (output not writable, database, internal error),
130 interrupted.`;

/** Runs a command line and resolves to its exit code when all output has been written; never throws. */
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
  const program = createProgram(terminal);
  const notices = createNotices(terminal);
  addCommands(program, COMMANDS, async (command, values, isVerbose) => {
    const { run } = await command.load();
    const format = command.format?.(values, terminal.outIsTty) ?? (values.json === true ? 'json' : 'text');
    const output = createOutput(terminal, format);
    const log = createLog(terminal, isVerbose);
    const result = await run(values, { env: process.env, log, interrupt, output, notices, terminal });
    if (typeof result === 'number') code = result;
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

function outputError(cause: NodeJS.ErrnoException): UserError {
  const reason = cause.code === 'ENOSPC' ? `no space left on device (${cause.code})` : (cause.code ?? cause.message);
  return new UserError(`Could not write to standard output: ${reason}.`, {
    code: 'output',
    hint: 'The output is incomplete. Free up some space or write to another location, then run the command again.',
    cause,
  });
}

function createProgram(terminal: Terminal): Command {
  const program = new Command('llmops')
    .description('Run prompts on models, with tokens and cost.')
    .version(version)
    .option(...VERBOSE)
    // so that an option after the name of a command is that command's: llmops eval and llmops eval show both have --format
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ optionDescription: describeOption })
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .addHelpText('after', EXIT_HELP);
  pointToHelp(program);
  return program;
}

function createLog(terminal: Terminal, verbose: boolean): Log {
  const write = (message: string) => {
    if (verbose) terminal.note(message);
  };
  return {
    debug: write,
    info: write,
    warn: write,
    error: (message, error) => write(error === undefined ? message : `${message} ${toErrorInfo(error).message}`),
  };
}
