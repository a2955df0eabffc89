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

/** Files of the workspace, by absolute path; core never guesses a working folder. */
export interface FileReader {
  readText(path: string): Promise<string>;
  readBytes(path: string): Promise<Uint8Array>;
  /** Resolves symbolic links; throws where the path does not exist. */
  realPath(path: string): Promise<string>;
  exists(path: string): Promise<boolean>;
}
