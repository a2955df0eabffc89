import type { CompareEvent } from '../../protocol/compare.ts';

/** How long deltas are joined before they cross to the webview: 50 ms keeps eight streams readable and cheap. */
const BATCH_MS = 50;

export interface EventBatcher {
  /** The number of the last batch sent. */
  readonly seq: number;
  push(event: CompareEvent): void;
  /** Sends what waits, so that a snapshot taken now and the next batch neither overlap nor leave a gap. */
  flush(): void;
  dispose(): void;
}

/** Joins events into numbered batches; the deltas of one run within a batch become one. */
export function createEventBatcher(send: (seq: number, events: CompareEvent[]) => void): EventBatcher {
  let seq = 0;
  let events: CompareEvent[] = [];
  let deltas = new Map<string, Extract<CompareEvent, { type: 'run-delta' }>>();
  let timer: NodeJS.Timeout | undefined;

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (!events.length) return;
    const batch = events;
    events = [];
    deltas = new Map();
    send(++seq, batch);
  }

  return {
    get seq() {
      return seq;
    },
    push(event) {
      if (event.type === 'run-delta') {
        const waiting = deltas.get(event.runId);
        if (waiting) {
          joinDelta(waiting, event);
          return;
        }
        const own = { ...event };
        deltas.set(event.runId, own);
        events.push(own);
      } else {
        // A delta that comes after this event must not be joined to one before it.
        if ('runId' in event) deltas.delete(event.runId);
        events.push(event);
      }
      timer ??= setTimeout(flush, BATCH_MS);
    },
    flush,
    dispose: () => clearTimeout(timer),
  };
}

type Delta = Extract<CompareEvent, { type: 'run-delta' }>;

function joinDelta(into: Delta, next: Delta): void {
  if (next.text !== undefined) into.text = (into.text ?? '') + next.text;
  if (next.reasoning !== undefined) into.reasoning = (into.reasoning ?? '') + next.reasoning;
  if (next.figures !== undefined) into.figures = next.figures;
  if (next.state !== undefined) into.state = next.state;
}
