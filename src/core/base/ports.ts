/** What core needs from its host (VS Code or the CLI). Passed by argument; there is no container. */

export type Fetch = typeof globalThis.fetch;

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string, error?: unknown): void;
}

/** Where keys are stored: VS Code's SecretStorage, or (read-only) the CLI's environment. */
export interface SecretStore {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

/** Where a file may be and how much of it is read. */
export interface ReadLimits {
  /** The folders that must contain the real path of a file that the repository names; omitted for the user's choice. */
  within?: readonly string[] | undefined;
  /** 50 MB by default. */
  maxBytes?: number | undefined;
  /** For what is sent to a model: text that is not UTF-8 is rejected, with the position, not read with U+FFFD in it. */
  exact?: boolean | undefined;
}

/** Files of the workspace, by absolute path; core never guesses a working directory. */
export interface FileReader {
  /** Regular files only, up to a limit; `within` for any file that the repository refers to, see `ReadLimits`. */
  readText(path: string, limits?: ReadLimits): Promise<string>;
  readBytes(path: string, limits?: ReadLimits): Promise<Uint8Array>;
  /** Resolves symbolic links; throws if the path does not exist. */
  realPath(path: string): Promise<string>;
  exists(path: string): Promise<boolean>;
}
