/** Events after the first are held this long: two animation frames, which no reader notices. */
const FRAME_MS = 30;

export type Frames = ReturnType<typeof createFrames>;

/** Calls back all waiting streams in one turn, so that several columns change together instead of one after another. */
export function createFrames() {
  const waiting = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    timer = undefined;
    const due = [...waiting];
    waiting.clear();
    for (const callback of due) callback();
  };
  return {
    /** Returns a function that cancels the callback. */
    next(callback: () => void): () => void {
      waiting.add(callback);
      timer ??= setTimeout(tick, FRAME_MS);
      return () => {
        waiting.delete(callback);
        if (waiting.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}

export interface EventBatcher<Event> {
  push(event: Event): void;
  /** Sends the held events; called before anything that must not overtake them. */
  flush(): void;
  /** Sends nothing more. Held events are lost unless `flush` is called first. */
  close(): void;
}

interface Batching<Event> {
  send(events: Event[]): void;
  /** Shared by streams that are shown together. */
  frames?: Frames;
  /** Delays the first event, too, until the end of its turn, to join it with other streams' events of the same turn. */
  joinTurn?: boolean;
}

/** Joins events into batches. The first one after a pause is sent at once, so that no first token waits. */
export function createEventBatcher<Event>(options: Batching<Event>): EventBatcher<Event> {
  const { send, frames = createFrames(), joinTurn = false } = options;
  let pending: Event[] = [];
  let cancel: (() => void) | undefined;

  const flush = () => {
    if (pending.length === 0) return;
    const events = pending;
    pending = [];
    send(events);
  };
  const onFrame = () => {
    cancel = undefined;
    if (pending.length > 0) begin();
  };
  const begin = () => {
    cancel = frames.next(onFrame);
    flush();
  };
  return {
    push(event) {
      pending.push(event);
      if (cancel) return;
      if (!joinTurn) return begin();
      const turn = setImmediate(begin);
      cancel = () => clearImmediate(turn);
    },
    flush,
    close() {
      cancel?.();
      cancel = undefined;
      pending = [];
    },
  };
}
