import { existsSync } from 'node:fs';
import path from 'node:path';
import { toErrorInfo, UserError } from '../core/base/errors.ts';
import type { ResolvedVersion } from '../core/versions/names/resolve-version.ts';
import type { Versions } from '../core/versions/versions.ts';
import { findRoot } from './find-root.ts';

/** A prompt on the command line: a file or a name, or either with `@` and a version. */
export interface PromptTarget {
  written: string;
  /** Absolute path, if the target is a file or a path with a version. */
  file: string | undefined;
  /** The parts before and after the `@`; undefined for the working file. */
  version: { prompt: string; ref: string } | undefined;
  /** The workspace folder; names are looked up in its repository. */
  folder: string | undefined;
}

/** An existing file wins, even if its name contains an `@`. */
export function readTarget(written: string): PromptTarget {
  const resolved = path.resolve(written);
  if (existsSync(resolved)) return targetOf(written, { file: resolved });
  // `a.prompt@HEAD@{1}`: split after `.prompt`, otherwise at the first `@`
  const [, prompt, ref] = /^(.*?\.prompt)@(.*)$/s.exec(written) ?? /^([^@]+)@(.*)$/s.exec(written) ?? [];
  if (prompt === undefined || ref === undefined) {
    return targetOf(written, { file: isPath(written) ? resolved : undefined });
  }
  if (ref.trim() === '') {
    throw new UserError(`${written} has no version after the @.`, {
      code: 'usage',
      hint: `Use ${prompt}@v1, ${prompt}@production, ${prompt}@HEAD~1 or a commit hash after the @.`,
    });
  }
  const file = isPath(prompt) ? path.resolve(prompt) : undefined;
  return targetOf(written, { file, version: { prompt, ref } });
}

function targetOf(
  written: string,
  { file, version }: { file: string | undefined; version?: PromptTarget['version'] },
): PromptTarget {
  const root = findRoot(file === undefined ? process.cwd() : path.dirname(file));
  const asksGit = version !== undefined || file === undefined;
  const folder = root ?? (asksGit ? process.cwd() : undefined);
  return { written, file, version, folder };
}

function isPath(text: string): boolean {
  return (
    text.endsWith('.prompt') || /^\.{0,2}[\\/]/.test(text) || path.isAbsolute(text) || existsSync(path.resolve(text))
  );
}

interface FoundPrompt {
  /** Absolute path in the work tree; the file may not exist. */
  file: string;
  /** Undefined for the working file. */
  version: ResolvedVersion | undefined;
}

/** Resolves a target. git is used only for versions and names. */
export async function findPrompt(target: PromptTarget, versions: Versions): Promise<FoundPrompt> {
  const { file, version, written } = target;
  if (!version && file !== undefined) return { file, version: undefined };
  if (!version) return { file: await fileOfName(written, versions), version: undefined };
  const spec = `${file ?? version.prompt}@${version.ref}`;
  const resolved = await versions.names.resolve(spec);
  return { file: (await versions.names.locate(spec)).file, version: resolved };
}

/** Without a repository there are no names, so the target must be a path. */
async function fileOfName(name: string, versions: Versions): Promise<string> {
  try {
    return (await versions.names.locate(name)).file;
  } catch (cause) {
    const { code, message } = toErrorInfo(cause);
    if (code !== 'no-repository' && code !== 'no-folder' && code !== 'git-missing') throw cause;
    throw new UserError(`${path.resolve(name)} does not exist.`, {
      code: 'usage',
      hint: `Specify a .prompt file. It was not looked up as a name: ${message}`,
      cause,
    });
  }
}
