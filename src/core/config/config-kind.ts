import type { FileReader } from '../base/ports.ts';
import type { ConfigProblem } from './config-problem.ts';
import type { ConfigSchema } from './schema-nodes.ts';

/** A kind of configuration file, for the editor and `llmops check`; its code is loaded on first use. */
export interface ConfigKind {
  /** From the workspace folder, such as `llmops/prices.yaml`, or the names of files in any folder, `*.eval.yaml`. */
  path: string;
  /** Of its diagnostics. */
  code: string;
  /** For completion and hover at an offset of a text, on which it may depend. */
  schema(text: string, offset: number): Promise<ConfigSchema>;
  /** `files` tells whether a file that the text names exists. */
  check(text: string, where: string, files: Pick<FileReader, 'exists'>): Promise<ConfigProblem[]>;
  /** The text of a file in a folder, or a sentence that explains why nothing in the file is used. */
  readText(files: FileReader, place: { file: string; folder: string }): Promise<{ text: string } | { problem: string }>;
}

/** True for a file of the kind, by its path with slashes. */
export function isOfKind(file: string, { path }: ConfigKind): boolean {
  return path.startsWith('*') ? file.endsWith(path.slice(1)) : file.endsWith(`/${path}`);
}
