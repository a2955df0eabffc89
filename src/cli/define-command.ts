import { Argument, Help, InvalidArgumentError, Option, type Command as Parser } from 'commander';
import type { CommandContext } from './context.ts';
import type { Format } from './output/output.ts';

/** An argument or an option of a command. */
interface Parameter<T> {
  made: Argument | Option;
  /** The value if the command line does not contain it. */
  otherwise: T;
}

type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** The values of a command, from its parameters: its code takes them, whose types are not written again. */
export type Values<P extends Parameters> = { [Name in keyof P]: P[Name]['otherwise'] };

/** The code of a command. Resolves to the exit code, or to nothing for 0; errors have the exit code of their kind. */
type Run<V> = (values: V, context: CommandContext) => Promise<number> | Promise<void>;

/** A command as data. Its code is loaded when it runs, so that help and usage errors are fast. */
interface CommandOf<P extends Parameters> {
  name: string;
  description: string;
  parameters: P;
  /** Shown after the help that is generated from the parameters. */
  help?: string;
  /** The output format. Without this, JSON with `--json`, otherwise text. */
  format?(values: Values<P>, outIsTty: boolean): Format;
  load(): Promise<{ run: Run<Values<P>> }>;
}

type Command = CommandOf<Parameters>;

/** Commands with a common name, such as `llmops versions …`. */
export interface CommandGroup {
  name: string;
  description: string;
  help?: string;
  commands: readonly Command[];
  /** What the name does without the name of a command, such as `llmops eval churn.eval.yaml`. */
  own?: Command;
}

/** Checks the types: the code of a command must accept the values of its parameters. */
export function defineCommand<P extends Parameters>(command: CommandOf<P>): Command {
  return command as unknown as Command;
}

/** `name` has the form that the help shows: `<name>`, `[name]`, `<name...>` or `[name...]`. */
export function argument<N extends string>(name: N, description: string): Parameter<ArgumentValue<N>> {
  return { made: new Argument(name, description), otherwise: undefined as ArgumentValue<N> };
}

type ArgumentValue<N extends string> = N extends `${string}...${string}`
  ? string[]
  : N extends `[${string}`
    ? string | undefined
    : string;

export function flag(flags: string, description: string): Parameter<boolean> {
  return { made: new Option(flags, description), otherwise: false };
}

export function text(flags: string, description: string): Parameter<string | undefined> {
  return { made: new Option(flags, description), otherwise: undefined };
}

/** An option whose value may be left out; without it, the value is `true`. */
export function optionalText(flags: string, description: string): Parameter<string | true | undefined> {
  return { made: new Option(flags, description), otherwise: undefined };
}

/** The same, repeatable; `true` stands for one without a value. */
export function optionalTextList(flags: string, description: string): Parameter<(string | true)[]> {
  const collect = (value: string, before: (string | true)[] = []) => [...before, value];
  return { made: new Option(flags, description).preset(true).argParser(collect), otherwise: [] };
}

/** An option that can be repeated. */
export function textList(flags: string, description: string): Parameter<string[]> {
  const collect = (value: string, before: string[] = []) => [...before, value];
  return { made: new Option(flags, description).argParser(collect), otherwise: [] };
}

export function choice<const T extends string, const O extends T | undefined = undefined>(
  flags: string,
  description: string,
  { choices, otherwise }: { choices: readonly T[]; otherwise?: O },
): Parameter<T | O> {
  return { made: new Option(flags, description).choices(choices).default(otherwise), otherwise: otherwise as O };
}

/** An integer from `min`, which is 1 unless set, to `max`; the help shows the default. */
export function count<O extends number | undefined = undefined>(
  flags: string,
  description: string,
  { min = 1, max, otherwise }: { min?: number; max: number; otherwise?: O },
): Parameter<number | O> {
  const parse = (written: string) => {
    const value = Number(written);
    if (written.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be an integer from ${min} to ${max}.`);
  };
  return { made: new Option(flags, description).argParser(parse).default(otherwise), otherwise: otherwise as O };
}

/** An amount of US dollars. */
export function dollars(flags: string, description: string): Parameter<number | undefined> {
  const parse = (written: string) => {
    const value = Number(written);
    if (written.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
    throw new InvalidArgumentError('It must be an amount of US dollars, 0 or more.');
  };
  return { made: new Option(flags, description).argParser(parse), otherwise: undefined };
}

/** A duration of at most a day. */
export function seconds(flags: string, description: string): Parameter<number | undefined> {
  const parse = (written: string) => {
    const value = Number(written);
    if (value > 0 && value <= 86_400) return value;
    throw new InvalidArgumentError('It must be a number of seconds, at most 86400.');
  };
  return { made: new Option(flags, description).argParser(parse), otherwise: undefined };
}

type Start = (command: Command, values: Record<string, unknown>, isVerbose: boolean) => Promise<void>;

/** Of the program, and accepted after the name of a command too. */
export const VERBOSE = ['--verbose', 'show details on stderr'] as const;

/** Adds commands to the parser; `start` is called with the command of the command line. */
export function addCommands(parser: Parser, commands: readonly (Command | CommandGroup)[], start: Start): void {
  for (const command of commands) {
    const own = parser.command(command.name).description(command.description);
    if (command.help) own.addHelpText('after', command.help);
    pointToHelp(own);
    if (!('commands' in command)) {
      addParameters(own, command, start);
      continue;
    }
    addCommands(own, command.commands, start);
    if (!command.own) continue;
    own.enablePositionalOptions();
    addParameters(own, command.own, start);
  }
}

function addParameters(parser: Parser, command: Command, start: Start): void {
  const parameters = Object.entries(command.parameters);
  parser.addOption(new Option(...VERBOSE).hideHelp());
  for (const [, { made }] of parameters) {
    if (made instanceof Option) parser.addOption(made);
    else parser.addArgument(made);
  }
  const readValue = (made: Argument | Option) =>
    made instanceof Option
      ? parser.opts()[made.attributeName()]
      : parser.processedArgs[parser.registeredArguments.indexOf(made)];
  parser.action(() => {
    const values = parameters.map(([name, { made, otherwise }]) => [name, readValue(made) ?? otherwise]);
    return start(command, Object.fromEntries(values), parser.optsWithGlobals().verbose === true);
  });
}

/** Without the value that stands for one that was left out. */
export function describeOption(option: Option): string {
  return new Help().optionDescription(Object.assign(Object.create(option) as Option, { presetArg: undefined }));
}

/** Usage errors point to the help of the command, since the help of the program does not show its arguments. */
export function pointToHelp(parser: Parser): void {
  parser.showHelpAfterError(`(See ${pathOf(parser)} --help.)`);
}

function pathOf(parser: Parser): string {
  return parser.parent ? `${pathOf(parser.parent)} ${parser.name()}` : parser.name();
}
