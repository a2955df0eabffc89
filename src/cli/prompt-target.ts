import { existsSync } from 'node:fs';
import path from 'node:path';
import { toErrorInfo, UserError } from '../core/base/errors.ts';
import type { ResolvedVersion } from '../core/versions/names/resolve-version.ts';
import type { Versions } from '../core/versions/versions.ts';
import { findRoot } from './find-root.ts';

/** A prompt as a command names it: a file, a name, or either with `@` and a version. */
export interface PromptTarget {
  written: string;
  /** Absolute path, where the target is a file or a path with a version. */
  file: string | undefined;
  /** What stands before and behind the `@`; undefined where the working file is meant. */
  version: { prompt: string; ref: string } | undefined;
  /** The workspace's folder, in whose repository a name is looked for. */
  folder: string | undefined;
}

/** A file that is there wins, whatever signs are in its name. */
export function readTarget(written: string): PromptTarget {
  const whole = path.resolve(written);
  if (existsSync(whole)) return targetOf(written, { file: whole });
  // `a.prompt@HEAD@{1}`: what ends like a file is one, and else the first sign parts
  const [, prompt, ref] = /^(.*?\.prompt)@(.*)$/s.exec(written) ?? /^([^@]+)@(.*)$/s.exec(written) ?? [];
  if (prompt === undefined || ref === undefined) {
    return targetOf(written, { file: isPath(written) ? whole : undefined });
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

export interface FoundPrompt {
  /** Absolute path in the work tree, whether a file is there or not. */
  file: string;
  /** Undefined where the working file is meant. */
  version: ResolvedVersion | undefined;
}

/** Finds what a target means. git is asked only where a version or a name stands there. */
export async function findPrompt(target: PromptTarget, versions: Versions): Promise<FoundPrompt> {
  const { file, version, written } = target;
  if (!version && file !== undefined) return { file, version: undefined };
  if (!version) return { file: await fileOfName(written, versions), version: undefined };
  const spec = `${file ?? version.prompt}@${version.ref}`;
  const resolved = await versions.names.resolve(spec);
  return { file: (await versions.names.locate(spec)).file, version: resolved };
}

/** Where there is no repository a name can only have been meant as a path. */
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
