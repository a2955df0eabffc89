/** The kind of a run's text: the answer or the model's reasoning. */
export type TextKind = 'text' | 'reasoning';

/**
 * The texts of runs, stored outside the rendered state: a token is appended here and drawn by the views of that text,
 * without rendering the panel.
 */
export interface TextStore {
  get(runId: string, kind: TextKind): string;
  append(runId: string, kind: TextKind, text: string): void;
  /** Replaces a text. The same text does not count as a change. */
  set(runId: string, kind: TextKind, text: string): void;
  /** Removes all runs except these. */
  keep(runIds: ReadonlySet<string>): void;
  subscribe(runId: string, kind: TextKind, listener: () => void): () => void;
}

export function createTextStore(): TextStore {
  const texts = new Map<string, string>();
  const listeners = new Map<string, Set<() => void>>();
  const keyOf = (runId: string, kind: TextKind) => `${kind}:${runId}`;
  const write = (key: string, text: string) => {
    if (texts.get(key) === text) return;
    texts.set(key, text);
    for (const listener of listeners.get(key) ?? []) listener();
  };
  return {
    get: (runId, kind) => texts.get(keyOf(runId, kind)) ?? '',
    append(runId, kind, text) {
      const key = keyOf(runId, kind);
      if (text !== '') write(key, (texts.get(key) ?? '') + text);
    },
    set: (runId, kind, text) => write(keyOf(runId, kind), text),
    keep(runIds) {
      for (const key of texts.keys()) if (!runIds.has(key.slice(key.indexOf(':') + 1))) texts.delete(key);
    },
    subscribe(runId, kind, listener) {
      const key = keyOf(runId, kind);
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(key);
      };
    },
  };
}
