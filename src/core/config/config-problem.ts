/** A problem in a configuration file or a setting, with where it is. */
export interface ConfigProblem {
  message: string;
  /** Absolute path, or the name of the setting. */
  where: string;
  range?: { start: number; end: number };
  /** Left out means an error: what it is about is not used. */
  severity?: 'error' | 'warning';
  /** Any YAML editor that has the file's schema reports it as well. */
  bySchema?: boolean;
}
