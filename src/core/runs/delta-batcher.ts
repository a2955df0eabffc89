import type { RunEvent } from './events.ts';

/** About two animation frames: a reader sees a stream, and the host sends 25 messages a second, not one a token. */
const BATCH_MS = 40;

export interface DeltaBatcher {
  text(delta: string): void;
  reasoning(delta: string): void;
  /** Sends what waits; called before any event that must not overtake it. */
  flush(): void;
  close(): void;
}

/** Joins deltas. The first one after a pause goes out at once, so that batching never delays the first token. */
export function createDeltaBatcher(options: {
  runId: string;
  emit(event: RunEvent): void;
  /** Called after each batch: the moment to send figures that fit the text. */
  onBatch(): void;
}): DeltaBatcher {
  const { runId, emit, onBatch } = options;
  let kind: 'text-delta' | 'reasoning-delta' = 'text-delta';
  // A list, since a sum of strings is a tree of them until somebody reads it.
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    if (waiting.length === 0) return;
    const text = waiting.length === 1 ? (waiting[0] ?? '') : waiting.join('');
    waiting = [];
    emit({ type: kind, runId, text });
    onBatch();
  };
  const onTimer = () => {
    timer = undefined;
    if (waiting.length === 0) return;
    flush();
    timer = setTimeout(onTimer, BATCH_MS);
  };
  const add = (type: typeof kind, delta: string) => {
    if (delta === '') return;
    if (type !== kind) flush();
    kind = type;
    waiting.push(delta);
    if (timer !== undefined) return;
    flush();
    timer = setTimeout(onTimer, BATCH_MS);
  };
  return {
    text: (delta) => add('text-delta', delta),
    reasoning: (delta) => add('reasoning-delta', delta),
    flush,
    close() {
      flush();
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
