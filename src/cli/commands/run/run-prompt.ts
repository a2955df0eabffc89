import path from 'node:path';
import { UserError } from '../../../core/base/errors.ts';
import { parseModelRef } from '../../../core/models/connection.ts';
import type { Models } from '../../../core/models/models.ts';
import { positionAt } from '../../../core/prompts/position.ts';
import type { Diagnostic, ParsedPrompt, Prompt } from '../../../core/prompts/prompt.ts';
import type { RunVersion } from '../../../core/store/runs/run-record.ts';
import type { Workbench } from '../../../core/workbench.ts';
import { exitCodeOfRuns } from '../../exit-codes.ts';
import { noteRuns } from '../../note-runs.ts';
import { writeJson } from '../../output/json.ts';
import type { Notices } from '../../output/notices.ts';
import { formatJson, type Terminal } from '../../output/terminal.ts';
import { findPrompt, type PromptTarget, readTarget } from '../../prompt-target.ts';
import { type CliHost, createCliWorkbench } from '../../with-workbench.ts';
import { followRuns } from './follow-runs.ts';
import { readInputs } from './read-inputs.ts';
import { figuresLine, notesOf, printReport, type ReportedRun, toJsonReport } from './run-report.ts';

export interface RunOptions {
  model: string[];
  input: string[];
  inputFile?: string;
  row?: number;
  /** Refuses columns of the input file that are no inputs. */
  strict?: boolean;
  repeat: number;
  /** Seconds. */
  timeout?: number;
  stream?: boolean;
  json?: boolean;
  record: boolean;
}

interface LoadedTarget {
  prompt: Prompt;
  /** Absolute path in the work tree. */
  file: string;
  version: RunVersion | undefined;
}

type Host = CliHost & { terminal: Terminal };

/** `llmops run`: reads, checks everything, then sends; resolves to the exit code. */
export async function runCommand(written: string, options: RunOptions, host: Host): Promise<number> {
  const target = readTarget(written);
  const workbench = createCliWorkbench(host, {
    folder: target.folder,
    timeoutMs: options.timeout === undefined ? undefined : options.timeout * 1000,
    record: options.record,
  });
  const { interrupt, notices } = host;
  let held: ReturnType<typeof interrupt.hold> | undefined;
  try {
    // Also where the run is refused: a connections file that was not read is why its connection is unknown.
    const { request, file } = await prepare(workbench, target, { options, host }).finally(() => {
      for (const { message, where } of workbench.models.problems()) host.terminal.err(`${where}: ${message}\n`);
    });
    // From here on there is something to lose.
    held = interrupt.hold();
    const comparison = await workbench.runs.start(request, interrupt.signal);
    const runs = await followRuns(comparison, { options, host });
    if (!interrupt.signal.aborted) await workbench.storeNotices();
    if (options.record && target.folder === undefined) notices.report(noFolder(file));
    report(runs, options, host);
    if (options.record && target.folder && !interrupt.signal.aborted) await noteRuns(workbench, file, notices);
    return exitCodeOfRuns(
      runs.map(({ result }) => result),
      interrupt.signalled,
    );
  } finally {
    await workbench.dispose();
    held?.release();
  }
}

function noFolder(file: string): string {
  return `This run is not recorded: ${path.dirname(file)} is not in a workspace (a git repository, or a folder that contains llmops/). Use --no-record if that is intended.`;
}

interface Preparing {
  options: RunOptions;
  host: Host;
}

/** Everything that can be wrong without asking a provider is found here, before anything is sent. */
async function prepare(workbench: Workbench, target: PromptTarget, { options, host }: Preparing) {
  const { prompt, version, file } = await loadTarget(workbench, target, host.notices);
  const models = modelsOf(prompt, options);
  if (options.stream && !options.json && (models.length > 1 || options.repeat > 1)) {
    throw new UserError('--stream prints one answer, and there would be several.', {
      code: 'usage',
      hint: 'Name one --model without --repeat, or add --json to get the events of all as lines.',
    });
  }
  const { inputFields } = await import('../../../core/prompts/schema/input-fields.ts');
  const fields = inputFields(prompt);
  const values = await readInputs(
    { ...options, inputFile: options.inputFile, row: options.row },
    { prompt, fields },
    { onNotice: host.notices.report, signal: host.interrupt.signal },
  );
  const rendered = await workbench.prompts.render(prompt, { input: values });
  for (const model of models) await checkModel(workbench.models, model);
  const columns = models.map((model) => ({ prompt, version, model, rendered }));
  return { request: { input: values, columns, repeat: options.repeat }, file };
}

/** The working file, or a version with the partials and schemas of its commit; no file of the work tree changes. */
async function loadTarget(workbench: Workbench, target: PromptTarget, notices: Notices): Promise<LoadedTarget> {
  const { file, version } = await findPrompt(target, workbench.versions);
  if (!version) return { prompt: await loadFile(workbench, file, notices), file, version: undefined };
  const { label, commit } = version;
  const prompt = withoutErrors(await workbench.versions.history.loadPrompt(version), target.written, notices);
  return { prompt, file, version: { label, commit } };
}

async function loadFile(workbench: Workbench, promptPath: string, notices: Notices): Promise<Prompt> {
  const parsed = await workbench.prompts.load(promptPath).catch((cause: unknown) => {
    if (cause instanceof UserError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const why = code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
    throw new UserError(`${promptPath} ${why}.`, { code: 'usage', hint: 'Name a .prompt file.', cause });
  });
  if (!promptPath.endsWith('.prompt')) {
    throw new UserError(`${promptPath} is not a .prompt file.`, { code: 'usage', hint: 'Name a .prompt file.' });
  }
  return withoutErrors(parsed, promptPath, notices);
}

/** Warnings of what a run does in another way than the file seems to ask for; the others are for the editor and `check`. */
const REPORTED = ['schema-in-code', 'fence-in-text'];

function withoutErrors({ prompt, diagnostics }: ParsedPrompt, name: string, notices: Notices): Prompt {
  const place = ({ message, range }: Diagnostic) => {
    const { line, column } = positionAt(prompt.source, range.start);
    return `${name}:${line}:${column}: ${message}`;
  };
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw new UserError(errors.map(place).join('\n'), {
      code: 'invalid-prompt',
      hint: 'Mend the prompt. Nothing was sent.',
    });
  }
  for (const diagnostic of diagnostics) if (REPORTED.includes(diagnostic.code)) notices.report(place(diagnostic));
  return prompt;
}

function modelsOf(prompt: Prompt, options: RunOptions): string[] {
  if (options.model.length > 0) return options.model;
  if (prompt.model) return [prompt.model.text];
  throw new UserError(`${prompt.path ?? prompt.name} names no model.`, {
    code: 'usage',
    hint: 'Add --model connection/model, or a line "model: connection/model" to the file. llmops models lists them.',
  });
}

/** Throws where the connection is unknown or has no key: both are known without a request. */
async function checkModel(models: Models, model: string): Promise<void> {
  const ref = parseModelRef(model);
  if (ref) {
    await models.chat(ref);
    return;
  }
  const names = await models.suggestModels(model);
  throw new UserError(`"${model}" does not name a model: it has no connection before a slash.`, {
    code: 'unknown-model',
    suggestions: names.length > 0 ? names : undefined,
    hint: names.length > 0 ? `Did you mean ${names.join(', ')}?` : 'Write connection/model; llmops models lists them.',
  });
}

function report(runs: ReportedRun[], { stream, json }: RunOptions, { terminal, notices }: Host): void {
  if (json) {
    if (!stream) {
      writeJson(toJsonReport(runs, notices.all), 2, terminal.out);
      terminal.out('\n');
    } else for (const message of notices.all) terminal.out(`${formatJson({ type: 'notice', message })}\n`);
  } else if (!stream) {
    printReport(runs, terminal);
  }
  if (stream && !json) printStreamed(runs, terminal);
  // The table has them too; where both go to one terminal, once is enough.
  else if (json || !terminal.outIsTty || !terminal.errIsTty) printWarnings(runs, terminal);
}

function printStreamed(runs: readonly ReportedRun[], terminal: Terminal): void {
  for (const run of runs) {
    if (run.result.text !== '' && !run.result.text.endsWith('\n')) terminal.out('\n');
    const title = `${run.spec.model}${run.result.simulated ? ' (demonstration)' : ''}`;
    terminal.err(`${title} · ${figuresLine(run)}\n`);
    for (const { text } of notesOf(run)) terminal.err(`${text}\n`);
  }
}

function printWarnings(runs: readonly ReportedRun[], terminal: Terminal): void {
  const lines = runs.flatMap(({ spec, result }) => result.warnings.map(({ message }) => `${spec.model}: ${message}\n`));
  for (const line of new Set(lines)) terminal.err(line);
}
