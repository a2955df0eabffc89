import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { boundsOf, isPathInside } from '../../../core/base/files/read-file.ts';
import type { FileFinding } from '../../../core/language/diagnostics/check-context.ts';
import { type CheckedPrompt, checkWorkspace } from '../../../core/language/diagnostics/check-workspace.ts';
import { DIAGNOSTIC_RULES } from '../../../core/language/diagnostics/diagnostic-rules.ts';
import { indexVersion } from '../../../core/language/workspace/index-version.ts';
import type { WorkspaceIndex } from '../../../core/language/workspace/workspace-index.ts';
import type { Models } from '../../../core/models/models.ts';
import type { Severity } from '../../../core/prompts/prompt.ts';
import { formatCount, formatList } from '../../../shared/format.ts';
import type { CommandContext } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { findRoot } from '../../find-root.ts';
import type { Terminal } from '../../output/terminal.ts';
import { withProgress } from '../../progress.ts';
import { findPrompt, type PromptTarget, readTarget } from '../../prompt-target.ts';
import { withWorkbench } from '../../with-workbench.ts';
import { checkConfigFiles, configKindOf } from './check-config-files.ts';
import { readPrompts } from './read-prompts.ts';
import { createPlaces, toSarif } from './sarif.ts';

type Checked = CheckedPrompt & { relative: string };

interface Checking {
  context: CommandContext;
  /** Problems of the connections, printed once for all targets. */
  problems: Set<string>;
}

/** `llmops check`: works offline, and exits with 1 if a prompt has an error. Warnings do not fail the command. */
export async function run({ paths }: { paths: string[] }, context: CommandContext): Promise<number> {
  const checking: Checking = { context, problems: new Set() };
  const all = paths.map(readTarget);
  const named = await Promise.all(all.filter(({ version }) => !version).map((target) => fileOf(target, context)));
  const files = all.length === 0 ? [process.cwd()] : named;
  const inWorkTree = files.length > 0 ? await checkFiles(files, checking) : [];
  const versions = await Promise.all(
    all.filter(({ version }) => version).map((target) => checkVersion(target, checking)),
  );
  const checked = [...inWorkTree, ...versions.flat()].sort((a, b) => (a.relative < b.relative ? -1 : 1));
  for (const line of checking.problems) context.terminal.note(line);
  await context.output.print({
    sarif: () => toSarif(checked, DIAGNOSTIC_RULES),
    json: () => ({ files: checked.map(toJson) }),
    text: (terminal) => printText(checked, terminal),
  });
  const hasErrors = checked.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'));
  return hasErrors ? EXIT.gate : EXIT.ok;
}

/** A prompt can be specified by name too; git is used only if there is no file or folder with that name. */
async function fileOf(target: PromptTarget, context: CommandContext): Promise<string> {
  if (target.file !== undefined) return target.file;
  const options = { folder: target.folder, record: false };
  const found = await withWorkbench(context, options, ({ versions }) => findPrompt(target, versions));
  return found.file;
}

async function checkFiles(requested: readonly string[], { context, problems }: Checking): Promise<Checked[]> {
  const folder = process.cwd();
  const { index, paths } = await readPrompts(requested.filter((file) => !configKindOf(file)));
  const root = findRoot(folder) ?? folder;
  const configs = await withWorkbench(context, { folder: root, record: false }, async ({ models, versions }) => {
    const found = await addModels(index, models, context);
    const files = await checkConfigFiles(root, requested, { index, names: versions.names });
    const reported = new Set(files.map((file) => file.path));
    for (const { line, where } of found) if (!reported.has(where)) problems.add(line);
    return files;
  });
  const refused = index.refused().filter((file) => paths.includes(file.path));
  const total = paths.length - refused.length;
  const checked = await withProgress(
    'Checking prompts',
    ({ report }) => inTurns(checkWorkspace(index, { paths, isFile }), (done) => report({ done, total })),
    context,
  );
  return [...checked, ...refused.map(refusedPrompt), ...configs].map((file): Checked => {
    return { ...file, relative: path.relative(folder, file.path).split(path.sep).join('/') };
  });
}

/** How long prompts are checked before signals can be handled. */
const TURN_MS = 50;

async function inTurns<T>(found: Iterable<T>, onTurn: (done: number) => void): Promise<T[]> {
  const all: T[] = [];
  let turn = performance.now();
  for (const one of found) {
    all.push(one);
    if (performance.now() - turn < TURN_MS) continue;
    onTurn(all.length);
    await new Promise(setImmediate);
    turn = performance.now();
  }
  return all;
}

/** A prompt that could not be read, with the reason as its diagnostic. */
function refusedPrompt({ path: file, reason, place }: ReturnType<WorkspaceIndex['refused']>[number]): CheckedPrompt {
  const code = place ? 'invalid-encoding' : 'unreadable-file';
  const start = place?.offset ?? 0;
  const range = { start, end: place ? start + 1 : start };
  return {
    path: file,
    source: place?.source ?? '',
    diagnostics: [{ code, severity: 'error', message: reason, range }],
  };
}

/** Files that a prompt refers to must be in its workspace, with symbolic links resolved. */
function isFile(file: string, from: string | undefined): FileFinding {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  if (from === undefined) return true;
  const [within] = boundsOf(from, findRoot(path.dirname(from)));
  return isPathInside(realpathSync.native(within), realpathSync.native(file)) ? true : 'outside';
}

/** A version is checked with the partials and schemas of its commit. */
function checkVersion(target: PromptTarget, { context, problems }: Checking): Promise<Checked[]> {
  return withWorkbench(context, { folder: target.folder, record: false }, async ({ versions, models }) => {
    const { version } = await findPrompt(target, versions);
    if (!version) return [];
    const { absolutePath, path: inRepository, content } = version;
    const repository = absolutePath.slice(0, -inRepository.length);
    const partials = content.partials.map(({ path: file, text }) => ({ path: path.join(repository, file), text }));
    const prompt = { path: absolutePath, source: content.source, partials };
    const files = await versions.history.filesAt(version.commit);
    const index = await indexVersion(prompt, files, target.folder);
    for (const { line } of await addModels(index, models, context)) problems.add(line);
    const paths = [version.absolutePath];
    return [...checkWorkspace(index, { paths })].map((file): Checked => ({ ...file, relative: target.written }));
  });
}

/** Connections are declared in files; without a request, only the models of the demo are known. */
async function addModels(index: WorkspaceIndex, models: Models, { log }: CommandContext) {
  try {
    const [connections, demo] = await Promise.all([models.connections(), models.listModels('demo')]);
    const unknown = { inputUsdPerMillion: undefined, outputUsdPerMillion: undefined, sunsetDate: undefined };
    index.setModels(
      demo.models.map(({ ref, displayName, contextWindow, maxOutputTokens }) => {
        const label = displayName ?? ref;
        return { ref, label, type: 'demo', simulated: true, contextWindow, maxOutputTokens, ...unknown };
      }),
      connections.map(({ connection: { id, type } }) => ({ id, type })),
    );
    // Without this, only errors in prompts that use these connections would be reported.
    return models.problems().map(({ message, where }) => ({ line: `${where}: ${message}`, where }));
  } catch (error) {
    log.error('The connections could not be read, so models are not checked.', error);
    return [];
  }
}

function toJson({ source, relative, diagnostics }: Checked): Record<string, unknown> {
  const place = createPlaces(source);
  return {
    file: relative,
    diagnostics: diagnostics.map(({ code, severity, message, range }) => ({
      code,
      severity,
      message,
      start: place(range.start),
      end: place(range.end),
    })),
  };
}

function printText(files: readonly Checked[], { out, print, style, clean }: Terminal): void {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const { relative, source, diagnostics } of files) {
    const place = createPlaces(source);
    for (const { code, severity, message, range } of diagnostics) {
      const { line, column } = place(range.start);
      counts[severity] += 1;
      out(`${clean(relative)}:${line}:${column}  ${severity}  ${clean(message)}  ${style.dim(code)}\n`);
    }
  }
  const found = (['error', 'warning', 'info', 'hint'] as const)
    .filter((severity) => counts[severity] > 0)
    .map((severity) => formatCount(counts[severity], severity === 'info' ? 'note' : severity));
  print(`${describeChecked(files)} checked: ${found.length > 0 ? found.join(', ') : 'no problems'}.`);
}

/** `1 prompt, 2 evaluations and llmops/prices.yaml` */
function describeChecked(files: readonly Checked[]): string {
  const kinds = files.map((file) => configKindOf(file.path)?.path);
  const evaluations = kinds.filter((kind) => kind?.startsWith('*')).length;
  const fixed = kinds.filter((kind) => kind !== undefined && !kind.startsWith('*')) as string[];
  const prompts = kinds.filter((kind) => kind === undefined).length;
  const names = [
    ...(prompts > 0 || evaluations + fixed.length === 0 ? [formatCount(prompts, 'prompt')] : []),
    ...(evaluations > 0 ? [formatCount(evaluations, 'evaluation')] : []),
    ...fixed,
  ];
  return formatList(names);
}
