import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { boundsOf, isPathInside } from '../../../core/base/files/read-file.ts';
import type { FileFinding } from '../../../core/language/diagnostics/check-context.ts';
import { type CheckedPrompt, checkWorkspace } from '../../../core/language/diagnostics/check-workspace.ts';
import { DIAGNOSTIC_RULES } from '../../../core/language/diagnostics/diagnostic-rules.ts';
import { indexVersion } from '../../../core/language/workspace/index-version.ts';
import type { WorkspaceIndex } from '../../../core/language/workspace/workspace-index.ts';
import type { Severity } from '../../../core/prompts/prompt.ts';
import { EXIT } from '../../exit-codes.ts';
import { formatJson, type Terminal } from '../../output/terminal.ts';
import { findPrompt, type PromptTarget, readTarget } from '../../prompt-target.ts';
import { type CliHost, createCliWorkbench, findRoot } from '../../with-workbench.ts';
import { checkConfigFiles, configKindOf } from './check-config-files.ts';
import { readPrompts } from './read-prompts.ts';
import { createPlaces, toSarif } from './sarif.ts';

export interface CheckOptions {
  format: 'sarif' | 'json' | 'text';
}

type Checked = CheckedPrompt & { relative: string };
/** `problem` takes what is wrong with the connections, which is printed once for all targets. */
type Host = CliHost & { terminal: Terminal; problem(line: string, where: string): void };

/** `llmops check`: offline, and exits with 1 where a prompt has an error. Warnings are told and do not fail. */
export async function checkCommand(
  targets: readonly string[],
  { format }: CheckOptions,
  given: CliHost & { terminal: Terminal },
): Promise<number> {
  const lines = new Set<string>();
  const host: Host = { ...given, problem: (line) => lines.add(line) };
  const folder = process.cwd();
  const all = targets.map(readTarget);
  const files = await Promise.all(all.filter(({ version }) => !version).map((target) => fileOf(target, host)));
  const inWorkTree =
    all.length > 0 && files.length === 0 ? [] : await checkFiles(files.length > 0 ? files : [folder], host);
  const versions = await Promise.all(all.filter(({ version }) => version).map((target) => checkVersion(target, host)));
  const checked = [...inWorkTree, ...versions.flat()].sort((a, b) => (a.relative < b.relative ? -1 : 1));
  const { out, err } = host.terminal;
  for (const line of lines) err(`${line}\n`);
  if (format === 'sarif') out(`${formatJson(toSarif(checked, DIAGNOSTIC_RULES), 2)}\n`);
  else if (format === 'json') out(`${formatJson({ files: checked.map(toJson) }, 2)}\n`);
  else printText(checked, host.terminal);
  const hasErrors = checked.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'));
  return hasErrors ? EXIT.gate : EXIT.ok;
}

/** A prompt may be named as everywhere else; git is asked only where no file or folder of that name is there. */
async function fileOf(target: PromptTarget, host: CliHost): Promise<string> {
  if (target.file !== undefined) return target.file;
  const workbench = createCliWorkbench(host, { folder: target.folder, record: false });
  try {
    return (await findPrompt(target, workbench.versions)).file;
  } finally {
    await workbench.dispose();
  }
}

async function checkFiles(asked: readonly string[], host: Host): Promise<Checked[]> {
  const folder = process.cwd();
  const { index, paths } = await readPrompts(asked.filter((file) => !configKindOf(file)));
  const root = findRoot(folder) ?? folder;
  const configs = await checkConfigFiles(root, asked);
  const reported = new Set(configs.map((file) => file.path));
  await addModels(index, { ...host, problem: (line, where) => reported.has(where) || host.problem(line, where) }, root);
  const refused = index.refused().filter((file) => paths.includes(file.path));
  const checked = await inTurns(checkWorkspace(index, { paths, isFile }));
  return [...checked, ...refused.map(refusedPrompt), ...configs].map((file): Checked => {
    return { ...file, relative: path.relative(folder, file.path).split(path.sep).join('/') };
  });
}

/** How long prompts are checked before a signal gets its turn. */
const TURN_MS = 50;

async function inTurns<T>(found: Iterable<T>): Promise<T[]> {
  const all: T[] = [];
  let turn = performance.now();
  for (const one of found) {
    all.push(one);
    if (performance.now() - turn < TURN_MS) continue;
    await new Promise(setImmediate);
    turn = performance.now();
  }
  return all;
}

/** A prompt that was not read, with the reason in place of what is wrong in it. */
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

/** What a prompt names has to be in its workspace, symbolic links followed. */
function isFile(file: string, from: string | undefined): FileFinding {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  if (from === undefined) return true;
  const [within] = boundsOf(from, findRoot(path.dirname(from)));
  return isPathInside(realpathSync.native(within), realpathSync.native(file)) ? true : 'outside';
}

/** A version is checked with the partials and schemas of its commit. */
async function checkVersion(target: PromptTarget, host: Host): Promise<Checked[]> {
  const workbench = createCliWorkbench(host, { folder: target.folder, record: false });
  try {
    const { version } = await findPrompt(target, workbench.versions);
    if (!version) return [];
    const { absolutePath, path: inRepository, content } = version;
    const repository = absolutePath.slice(0, -inRepository.length);
    const partials = content.partials.map(({ path: file, text }) => ({ path: path.join(repository, file), text }));
    const prompt = { path: absolutePath, source: content.source, partials };
    const files = await workbench.versions.history.filesAt(version.commit);
    const index = await indexVersion(prompt, files, target.folder);
    await addModels(index, host, target.folder ?? process.cwd());
    const paths = [version.absolutePath];
    return [...checkWorkspace(index, { paths })].map((file): Checked => ({ ...file, relative: target.written }));
  } finally {
    await workbench.dispose();
  }
}

/** Connections are declared in files; of models only the demo's are known without asking anybody. */
async function addModels(index: WorkspaceIndex, host: Host, root: string): Promise<void> {
  const workbench = createCliWorkbench(host, { folder: root, record: false });
  try {
    const [connections, demo] = await Promise.all([
      workbench.models.connections(),
      workbench.models.listModels('demo'),
    ]);
    const unknown = { inputUsdPerMillion: undefined, outputUsdPerMillion: undefined, sunsetDate: undefined };
    const models = demo.models.map(({ ref, displayName, contextWindow, maxOutputTokens }) => {
      return {
        ref,
        label: displayName ?? ref,
        type: 'demo',
        simulated: true,
        contextWindow,
        maxOutputTokens,
        ...unknown,
      };
    });
    index.setModels(
      models,
      connections.map(({ connection: { id, type } }) => ({ id, type })),
    );
    // Of connections that were not read every prompt that names one is said to be wrong.
    for (const { message, where } of workbench.models.problems()) host.problem(`${where}: ${message}`, where);
  } catch (error) {
    host.log.error('The connections could not be read, so models are not checked.', error);
  } finally {
    await workbench.dispose();
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

function printText(files: readonly Checked[], { out, style, clean }: Terminal): void {
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
    .map((severity) => `${counts[severity]} ${plural(severity, counts[severity])}`);
  const configs = files.flatMap(({ path: file }) => configKindOf(file)?.path ?? []);
  const prompts = files.length - configs.length;
  const names = [`${prompts} ${prompts === 1 ? 'prompt' : 'prompts'}`, ...configs];
  const checked = `${names.slice(0, -1).join(', ')}${names.length > 1 ? ' and ' : ''}${names.at(-1)} checked`;
  out(`${checked}: ${found.length > 0 ? found.join(', ') : 'nothing found'}.\n`);
}

function plural(severity: Severity, count: number): string {
  const word = severity === 'info' ? 'note' : severity;
  return count === 1 ? word : `${word}s`;
}
