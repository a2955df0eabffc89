import { toErrorInfo, UserError } from '../../base/errors.ts';
import { lazy } from '../../base/lazy.ts';
import type { Prompt, RenderedPrompt, RenderInput } from '../../prompts/prompt.ts';
import { createPrompts, type Prompts } from '../../prompts/prompts.ts';
import type { RunVersion } from '../../store/runs/run-record.ts';
import type { EvalSpec, PromptSpec } from '../file/eval-spec.ts';
import type { EvalPorts } from '../run/eval-ports.ts';
import { atEntry } from './at-entry.ts';
import { createSnapshotFiles, type SnapshotFiles } from './snapshot-files.ts';

/** A version of a prompt as it was when it was read: later edits do not change it. */
export interface ResolvedPrompt {
  /** Absolute. */
  file: string;
  version: RunVersion | undefined;
  prompt: Prompt;
  source: string;
  /** Renders an input with the partials of that time. */
  render(input: RenderInput): Promise<RenderedPrompt>;
  files: SnapshotFiles;
  isBaseline: boolean;
  /** The index of the version that it is compared with. */
  baseline: number | undefined;
}

type Ports = Pick<EvalPorts, 'folder' | 'files' | 'versions'>;

/** The prompts of an evaluation, and those of its baseline that are not listed anyway. Throws UserError. */
export async function resolvePrompts(
  ports: Ports,
  spec: Pick<EvalSpec, 'path' | 'isUnsaved' | 'prompts' | 'baseline'>,
  { signal, onNotice }: { signal?: AbortSignal | undefined; onNotice(text: string): void },
): Promise<ResolvedPrompt[]> {
  const { prompts, baseline } = spec;
  const resolved: ResolvedPrompt[] = [];
  for (const [index, prompt] of prompts.entries()) {
    const entry = { keys: ['prompts', String(index)], written: prompt.written };
    resolved.push(await atEntry(ports, spec, entry, () => resolvePrompt(ports, prompt, signal)));
  }
  if (!baseline || !('ref' in baseline)) return resolved;
  for (const [index, { ref }] of prompts.entries()) {
    const own = resolved[index];
    if (ref !== undefined || !own) continue;
    const entry = { keys: ['baseline'], written: baseline.ref };
    const resolve = () => resolveVersion(ports, `${own.file}@${baseline.ref}`, signal);
    const before = await atEntry(ports, spec, entry, resolve).catch((error: unknown) => {
      if (toErrorInfo(error).code !== 'not-in-version') throw error;
      // a branch that adds a prompt can be evaluated with the others
      onNotice(`${own.prompt.name} is not in ${baseline.ref}, so it is not compared with it.`);
      return undefined;
    });
    if (!before) continue;
    const isSame = (one: ResolvedPrompt) =>
      one.file === before.file && one.version?.commit === before.version?.commit && one.source === before.source;
    const listed = resolved.findIndex(isSame);
    own.baseline = listed >= 0 ? listed : resolved.length;
    const known = resolved[own.baseline];
    if (known) known.isBaseline = true;
    else resolved.push({ ...before, isBaseline: true });
  }
  return resolved;
}

async function resolvePrompt(ports: Ports, spec: PromptSpec, signal?: AbortSignal): Promise<ResolvedPrompt> {
  const { prompt, ref } = spec;
  if (ref !== undefined) return resolveVersion(ports, `${spec.file ?? prompt}@${ref}`, signal);
  const file = spec.file ?? (await ports.versions.names.locate(prompt, signal)).file;
  if (!(await ports.files.exists(file))) {
    throw new UserError(`prompts: ${spec.written} does not exist.`, {
      code: 'invalid-evaluation',
      hint: `Paths are relative to the evaluation file, so it means ${file}. No request was sent.`,
    });
  }
  return loadWorkingPrompt(ports, { file });
}

/** A prompt of the work tree; `source` and `files` are those of the start if it is resumed. */
export async function loadWorkingPrompt(
  ports: Ports,
  { file, source, files: known }: { file: string; source?: string; files?: Record<string, string> },
): Promise<ResolvedPrompt> {
  // the prompt itself is given as `source`, and may have been deleted since
  const { [file]: _, ...others } = known ?? {};
  const files = createSnapshotFiles(ports.files, others);
  const prompts = promptsOf(ports, files);
  const { prompt } = await prompts.load(file, source);
  return {
    ...UNPAIRED,
    file,
    version: undefined,
    prompt,
    source: prompt.source,
    render: renderLater(prompts, prompt),
    files,
  };
}

/** `NAME@REF`, where REF is a label, a saved version or a revision. */
export async function resolveVersion(ports: Ports, written: string, signal?: AbortSignal): Promise<ResolvedPrompt> {
  const resolved = await ports.versions.names.resolve(written, signal);
  const { label, commit, absolutePath: file } = resolved;
  const { prompt } = await ports.versions.history.loadPrompt(resolved);
  const files = createSnapshotFiles(ports.files);
  const render = renderLater(promptsOf(ports, files), prompt);
  return { ...UNPAIRED, file, version: { label, commit }, prompt, source: prompt.source, render, files };
}

/** The template is compiled for the first input. */
function renderLater(prompts: Prompts, prompt: Prompt): ResolvedPrompt['render'] {
  const renderer = lazy(() => prompts.renderer(prompt));
  return async (input) => (await renderer())(input);
}

const UNPAIRED = { isBaseline: false, baseline: undefined };

function promptsOf({ folder, versions }: Ports, files: SnapshotFiles): Prompts {
  return createPrompts({ folder, files, filesAt: versions.history.filesAt });
}
