/** What core needs from its host (VS Code or the CLI). Passed by argument; there is no container. */

export type Fetch = typeof globalThis.fetch;

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string, error?: unknown): void;
}

/** Where keys live: VS Code's SecretStorage, or (read-only) the CLI's environment. */
export interface SecretStore {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

/** Where a file may be and how much of it is read. */
export interface ReadLimits {
  /**
   * The folders that the file must really be in, symbolic links followed: the workspace, for whatever a file of the
   * repository leads to. Left out for a file that the user named: it may be anywhere.
   */
  within?: readonly string[] | undefined;
  /** 50 MB unless given. */
  maxBytes?: number | undefined;
  /** For what is sent to a model: text that is not UTF-8 is refused, with the place, instead of read with U+FFFD in it. */
  exact?: boolean | undefined;
}

/** Files of the workspace, by absolute path; core never guesses a working folder. */
export interface FileReader {
  /** Regular files only, up to a limit; `within` for whatever a file of the repository leads to, see `ReadLimits`. */
  readText(path: string, limits?: ReadLimits): Promise<string>;
  readBytes(path: string, limits?: ReadLimits): Promise<Uint8Array>;
  /** Resolves symbolic links; throws where the path does not exist. */
  realPath(path: string): Promise<string>;
  exists(path: string): Promise<boolean>;
}
