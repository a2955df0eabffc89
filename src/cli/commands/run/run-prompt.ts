import path from 'node:path';
import { UserError } from '../../../core/base/errors.ts';
import { parseModelRef } from '../../../core/models/connection.ts';
import type { Models } from '../../../core/models/models.ts';
import { positionAt } from '../../../core/prompts/position.ts';
import type { Diagnostic, ParsedPrompt, Prompt } from '../../../core/prompts/prompt.ts';
import type { Workbench } from '../../../core/workbench.ts';
import type { CommandContext } from '../../context.ts';
import { exitCodeOfRuns } from '../../exit-codes.ts';
import { outsideWorkspace } from '../../find-root.ts';
import { noteResults } from '../../note-results.ts';
import type { Notices } from '../../output/notices.ts';
import type { Terminal } from '../../output/terminal.ts';
import { findPrompt, type PromptTarget, readTarget } from '../../prompt-target.ts';
import { withWorkbench } from '../../with-workbench.ts';
import type { RunValues } from '../run.ts';
import { followRuns } from './follow-runs.ts';
import { readInputs } from './read-inputs.ts';
import { figuresLine, notesOf, printReport, type ReportedRun, toJsonReport } from './run-report.ts';

/** `llmops run`: reads and checks everything before it sends a request. */
export async function run(values: RunValues, context: CommandContext): Promise<number> {
  const { interrupt, notices, terminal } = context;
  const { timeout, record, stream } = values;
  const target = readTarget(values.prompt);
  const timeoutMs = timeout === undefined ? undefined : timeout * 1000;
  let hold: ReturnType<typeof interrupt.hold> | undefined;
  try {
    return await withWorkbench(context, { folder: target.folder, timeoutMs, record }, async (workbench) => {
      // Also if the run is rejected: an invalid connections file explains an unknown connection.
      const { request, file } = await prepare(workbench, target, { values, context }).finally(() => {
        for (const { message, where } of workbench.models.problems()) terminal.note(`${where}: ${message}`);
      });
      // From here on there are results to save.
      hold = interrupt.hold();
      const comparison = await workbench.runs.start(request, interrupt.signal);
      const runs = await followRuns(comparison, { options: { stream }, host: context });
      if (!interrupt.signal.aborted) await workbench.store.notices();
      if (record && target.folder === undefined) notices.report(noFolder(file));
      await report(runs, stream, context);
      if (record && !interrupt.signal.aborted) {
        await noteResults(workbench, { folder: target.folder, files: [file] }, context);
      }
      const results = runs.map(({ result }) => result);
      return exitCodeOfRuns(results, interrupt.signalled);
    });
  } finally {
    hold?.release();
  }
}

function noFolder(file: string): string {
  return `This run is not recorded: ${outsideWorkspace(path.dirname(file))}. Use --no-record if that is intended.`;
}

interface Preparing {
  values: RunValues;
  context: CommandContext;
}

/** Finds all errors that can be found before a request is sent. */
async function prepare(workbench: Workbench, target: PromptTarget, { values, context }: Preparing) {
  const { notices, interrupt } = context;
  const { prompt, version, file } = await loadTarget(workbench, target, notices);
  const models = modelsOf(prompt, values.model);
  const { stream, json, repeat } = values;
  if (stream && !json && (models.length > 1 || repeat > 1)) {
    throw new UserError('--stream prints a single answer, but several were requested.', {
      code: 'usage',
      hint: 'Use one --model without --repeat, or add --json to print the events of all runs as lines.',
    });
  }
  const { inputFields } = await import('../../../core/prompts/schema/input-fields.ts');
  const fields = inputFields(prompt);
  const host = { onNotice: notices.report, signal: interrupt.signal };
  const input = await readInputs(values, { prompt, fields }, host);
  const rendered = await workbench.prompts.render(prompt, { input });
  for (const model of models) await checkModel(workbench.models, model);
  const columns = models.map((model) => ({ prompt, version, model, rendered }));
  return { request: { input, columns, repeat }, file };
}

/** The working file, or a version with the partials and schemas of its commit. Files are not changed. */
async function loadTarget(workbench: Workbench, target: PromptTarget, notices: Notices) {
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
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `could not be read (${code})`;
    throw new UserError(`${promptPath} ${why}.`, { code: 'usage', hint: 'Specify a .prompt file.', cause });
  });
  if (!promptPath.endsWith('.prompt')) {
    throw new UserError(`${promptPath} is not a .prompt file.`, { code: 'usage', hint: 'Specify a .prompt file.' });
  }
  return withoutErrors(parsed, promptPath, notices);
}

/** Warnings about runs that do not do what the file seems to say; other warnings are for the editor and `check`. */
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
      hint: 'Fix these errors and run again. No request was sent.',
    });
  }
  for (const diagnostic of diagnostics) if (REPORTED.includes(diagnostic.code)) notices.report(place(diagnostic));
  return prompt;
}

function modelsOf(prompt: Prompt, named: string[]): string[] {
  if (named.length > 0) return named;
  if (prompt.model) return [prompt.model.text];
  throw new UserError(`${prompt.path ?? prompt.name} does not specify a model.`, {
    code: 'usage',
    hint: 'Add --model connection/model, or a line "model: connection/model" to the file. llmops models lists the models.',
  });
}

/** Throws if the connection is unknown or has no key. Both are known without a request. */
async function checkModel(models: Models, model: string): Promise<void> {
  const ref = parseModelRef(model);
  if (ref) {
    await models.chat(ref);
    return;
  }
  const names = await models.suggestModels(model);
  throw new UserError(`"${model}" is not a model: the connection before a slash is missing.`, {
    code: 'unknown-model',
    suggestions: names.length > 0 ? names : undefined,
    hint:
      names.length > 0 ? `Did you mean ${names.join(', ')}?` : 'Use connection/model. llmops models lists the models.',
  });
}

async function report(runs: ReportedRun[], stream: boolean, { output, terminal, notices }: CommandContext) {
  await output.print({
    json: () => toJsonReport(runs, notices.all),
    ndjson: () => notices.all.map((message) => ({ type: 'notice', message })),
    text: () => (stream ? printStreamed(runs, terminal) : printReport(runs, terminal)),
  });
  // The text has them too, and one terminal should show them only once.
  const isText = output.format === 'text';
  if (!isText || (!stream && !(terminal.outIsTty && terminal.errIsTty))) printWarnings(runs, terminal);
}

function printStreamed(runs: readonly ReportedRun[], terminal: Terminal): void {
  for (const run of runs) {
    if (run.result.text !== '' && !run.result.text.endsWith('\n')) terminal.out('\n');
    const title = `${run.spec.model}${run.result.simulated ? ' (demo)' : ''}`;
    terminal.note(`${title} · ${figuresLine(run)}`);
    for (const { text } of notesOf(run)) terminal.note(text);
  }
}

function printWarnings(runs: readonly ReportedRun[], terminal: Terminal): void {
  const lines = runs.flatMap(({ spec, result }) => result.warnings.map(({ message }) => `${spec.model}: ${message}`));
  for (const line of new Set(lines)) terminal.note(line);
}
