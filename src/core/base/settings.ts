/** The command line's variable for `linkedFolders`, separated like PATH. */
export const LINKED_FOLDERS_VARIABLE = 'LLMOPS_LINKED_FOLDERS';

/** The settings that core reads, from VS Code's `llmops.*` or the CLI's flags; read again at each use. */
export interface Settings {
  /** `llmops.defaultModel`: used if the file names none. */
  defaultModel: string | undefined;
  /** `llmops.connections` of the user's own settings, unchecked. */
  connections: Record<string, unknown>;
  /** `llmops.prices`, unchecked: model reference or pattern → prices. */
  prices: Record<string, unknown>;
  budgetPerRunUsd: number | undefined;
  budgetPerDayUsd: number | undefined;
  /** For the cost per month. */
  requestsPerDay: number;
  /** Silence after which a request fails, in milliseconds. */
  timeoutMs: number;
  /** Time without content after which a request fails although its server is alive, in milliseconds. */
  contentTimeoutMs: number;
  maxRetries: number;
  /** Concurrent requests in one comparison. */
  concurrency: number;
  /** Probe 127.0.0.1:11434 for Ollama. */
  discoverOllama: boolean;
  /** Runs older than this are deleted; 0 keeps all. */
  retentionDays: number;
  retentionKeepRated: boolean;
  /** Folders outside the workspace that a linked `.llmops` may point to. */
  linkedFolders: string[];
  /** Keep raw requests and responses in the database. */
  recordRaw: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  defaultModel: undefined,
  connections: {},
  prices: {},
  budgetPerRunUsd: undefined,
  budgetPerDayUsd: undefined,
  requestsPerDay: 1000,
  timeoutMs: 60_000,
  contentTimeoutMs: 600_000,
  maxRetries: 3,
  concurrency: 8,
  discoverOllama: true,
  retentionDays: 90,
  retentionKeepRated: true,
  linkedFolders: [],
  recordRaw: true,
};

/** The model if neither the file nor the settings name one: it needs no key or network, and says that it is a demo. */
export const FALLBACK_MODEL = 'demo/balanced';
