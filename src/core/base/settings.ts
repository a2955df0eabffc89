/** The command line's variable for `linkedFolders`, divided as PATH is. */
export const LINKED_FOLDERS_VARIABLE = 'LLMOPS_LINKED_FOLDERS';

/** The settings that core reads, from VS Code's `llmops.*` or the CLI's flags; asked for anew at each use. */
export interface Settings {
  /** `llmops.defaultModel`: used where the file names none. */
  defaultModel: string | undefined;
  /** `llmops.connections` of the user's own settings, unchecked. */
  connections: Record<string, unknown>;
  /** `llmops.prices`, unchecked: model reference or pattern → prices. */
  prices: Record<string, unknown>;
  budgetPerRunUsd: number | undefined;
  budgetPerDayUsd: number | undefined;
  /** For "what this means a month". */
  requestsPerDay: number;
  /** Silence after which a request fails, in milliseconds. */
  timeoutMs: number;
  /** Time without content after which a request fails although its server is alive, in milliseconds. */
  contentTimeoutMs: number;
  maxRetries: number;
  /** Requests under way at once in one comparison. */
  concurrency: number;
  /** Probe 127.0.0.1:11434 for Ollama. */
  discoverOllama: boolean;
  /** Runs older than this are deleted; 0 keeps all. */
  retentionDays: number;
  retentionKeepRated: boolean;
  /** Folders outside the workspace that its `.llmops` may lead to by a link. */
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

/** The model where neither the file nor the settings name one: it needs no key and no network, and says that it is a demo. */
export const FALLBACK_MODEL = 'demo/balanced';
