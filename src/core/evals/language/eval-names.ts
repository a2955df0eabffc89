/** What an evaluation file can name, as far as it is known without a network. Paths are absolute. */
export interface EvalNames {
  prompts(): Promise<NamedPrompt[]>;
  /** The labels and saved versions of a prompt, by its name or path. */
  refsOf(prompt: string): Promise<string[]>;
  /** `connection/model`, with its context window and prices in a few words. */
  models(): Promise<{ ref: string; detail: string }[]>;
  datasets(): Promise<string[]>;
  /** The columns of a dataset's first rows. */
  columns(dataset: string): Promise<string[]>;
  /** Undefined where counting would take long, or the file cannot be read. */
  rowCount(dataset: string): Promise<number | undefined>;
  /** Paths of scalar values in the answers that a prompt's schema declares. */
  outputPaths(prompt: string): Promise<string[]>;
}

export interface NamedPrompt {
  /** Undefined without a repository, which names refer to. */
  name: string | undefined;
  file: string;
}
