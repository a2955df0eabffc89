import type { FileReader } from '../base/ports.ts';
import type { ConfigProblem } from './config-problem.ts';
import type { ConfigSchema } from './schema-nodes.ts';

/** A kind of configuration file, as the editor and `llmops check` need it; its code is loaded on first use. */
export interface ConfigKind {
  /** From the workspace folder, such as `llmops/prices.yaml`. */
  path: string;
  /** Of its diagnostics. */
  code: string;
  schema(): Promise<ConfigSchema>;
  check(text: string, where: string): Promise<ConfigProblem[]>;
  /** The text, or a sentence that says why nothing of the file is used. */
  readText(files: FileReader, folder: string): Promise<{ text: string } | { problem: string }>;
}
