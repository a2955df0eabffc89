import type { Parameters } from '../../models/chat-model.ts';

/** What a column runs, as it was at the start. */
export type ColumnSource =
  | {
      kind: 'prompt';
      /** Absolute. */
      file: string;
      /** The commit whose files it uses; undefined for the working copy. */
      revision: string | undefined;
      source: string;
      /** Texts of partials and schemas of the working copy, by absolute path. */
      files: Record<string, string>;
      model: string;
      /** Of the evaluation's list of models; they override the prompt's. */
      parameters: Parameters;
    }
  | {
      kind: 'target';
      /** The index in the specification. */
      target: number;
    }
  | { kind: 'dataset' };
