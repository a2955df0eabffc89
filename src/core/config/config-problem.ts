/** A problem in a configuration file or a setting, with its position. */
export interface ConfigProblem {
  message: string;
  /** Stable and documented, for a problem that code found; the others have the code of their kind of file. */
  code?: string;
  /** Absolute path, or the name of the setting. */
  where: string;
  range?: { start: number; end: number };
  /** If omitted, an error: the affected part is not used. */
  severity?: 'error' | 'warning';
  /** Any YAML editor with the file's schema reports it as well. */
  bySchema?: boolean;
}
