import path from 'node:path';
import { isPathInside, realPathWithin } from '../base/files/read-file.ts';
import { readUtf8, strictFiles } from '../base/files/text-encoding.ts';
import type { FileReader } from '../base/ports.ts';
import type { ParsedPrompt, Prompt, RenderedPrompt, RenderInput } from './prompt.ts';
import type { RenderEnv } from './render/render.ts';
import { readPartial } from './template/partial-files.ts';

interface PromptsPorts {
  /** The workspace's folder; undefined if none is open. */
  folder: string | undefined;
  files: FileReader;
  /** Files at a commit, for a prompt that is a version. */
  filesAt(commit: string): Promise<FileReader>;
}

export type Prompts = ReturnType<typeof createPrompts>;

/** Prompt files, from a file's text to the messages for a model. */
export function createPrompts(ports: PromptsPorts) {
  const { folder, files } = ports;
  return {
    /** Reads the file unless its text is given. Throws for a link out of the workspace, but never for a broken prompt. */
    async load(file: string, text?: string): Promise<ParsedPrompt> {
      const { loadPrompt } = await import('./load-prompt.ts');
      const source = await readSource(files, { file, text, folder });
      return loadPrompt(source, { path: file, root: folder, files: strictFiles(files) });
    },
    /** Throws UserError `invalid-prompt` or `invalid-input` before anything could be sent. */
    render: (prompt: Prompt, input: RenderInput, signal?: AbortSignal): Promise<RenderedPrompt> =>
      render(ports, { prompt, input, signal }),
    /** For many inputs, with the partials as they are now. */
    async renderer(prompt: Prompt): Promise<(input: RenderInput) => Promise<RenderedPrompt>> {
      const [{ createRenderer }, env] = await Promise.all([import('./render/render.ts'), renderEnv(ports, prompt)]);
      return createRenderer(prompt, env);
    },
  };
}

/** In everything that is sent to a model, no character may be a replacement for one that could not be read. */
async function render(
  ports: PromptsPorts,
  { prompt, input, signal }: { prompt: Prompt; input: RenderInput; signal: AbortSignal | undefined },
) {
  const { renderPrompt } = await import('./render/render.ts');
  return renderPrompt(prompt, input, { ...(await renderEnv(ports, prompt)), signal });
}

async function renderEnv({ folder, ...ports }: PromptsPorts, prompt: Prompt): Promise<RenderEnv> {
  const { revision } = prompt;
  const files = strictFiles(revision === undefined ? ports.files : await ports.filesAt(revision));
  const promptDir = prompt.path === undefined ? folder : path.dirname(prompt.path);
  const root = folder ?? promptDir;
  return {
    partials: (name) => readPartial(name, { promptDir, root }, files),
    files,
    workspaceRoots: root === undefined ? [] : [root],
    promptDir,
  };
}

/** A linked prompt in the workspace may not point outside it, even if an editor already shows its target. */
async function readSource(
  files: FileReader,
  { file, text, folder }: { file: string; text: string | undefined; folder: string | undefined },
): Promise<string> {
  const within = folder !== undefined && isPathInside(folder, file) ? [folder] : undefined;
  if (text === undefined) return files.readText(file, { within, exact: true });
  // Without a file there is no link either: a prompt that is not saved, or of a commit.
  if (within && (await files.exists(file))) await realPathWithin(file, within);
  // An editor shows this character for bytes that it could not read: then the file itself is checked, and rejected.
  if (text.includes('\ufffd') && (await files.exists(file))) readUtf8(file, await files.readBytes(file, { within }));
  return text;
}
