import { sleep } from '../../core/base/abort.ts';
import { createEventBatcher, createFrames, type Frames } from '../../core/base/event-batcher.ts';

/** Sends the events of one panel to its webview in numbered batches. */
export interface PanelEvents<Event> {
  /** The number of the last batch sent. */
  readonly seq: number;
  push(event: Event): void;
  /** Sends pending events, so that a snapshot taken now and the next batch neither overlap nor leave a gap. */
  flush(): void;
  /** Stops sending. */
  close(): void;
}

/** A page that does not take a batch for this long, such as a hidden one, delays the next one no further. */
const LONGEST_DELIVERY_MS = 1000;

/**
 * Events of all columns in one turn are one batch, so that they change in the same frame. `send` may return a promise:
 * the next batch waits for it, and a window that is slower than the models receives larger batches instead of falling
 * further and further behind.
 */
export function createPanelEvents<Event>(send: (seq: number, events: Event[]) => unknown): PanelEvents<Event> {
  let seq = 0;
  let isClosed = false;
  let delivery: Promise<unknown> | undefined;
  const frames = createFrames();
  const batcher = createEventBatcher<Event>({
    joinTurn: true,
    frames: { next: (callback) => nextAfter(frames, () => delivery, callback) },
    send(events) {
      delivery = withinLimit(send(++seq, events));
    },
  });
  return {
    get seq() {
      return seq;
    },
    push: (event) => isClosed || batcher.push(event),
    flush: batcher.flush,
    close() {
      isClosed = true;
      batcher.close();
    },
  };
}

function nextAfter(frames: Frames, delivery: () => Promise<unknown> | undefined, callback: () => void): () => void {
  let isCanceled = false;
  const cancel = frames.next(async () => {
    await delivery();
    if (!isCanceled) callback();
  });
  return () => {
    isCanceled = true;
    cancel();
  };
}

/** Resolves once the page has the batch, or cannot get it, or the limit is over. */
async function withinLimit(sent: unknown): Promise<void> {
  const limit = new AbortController();
  await Promise.race([sent, sleep(LONGEST_DELIVERY_MS, limit.signal)]).catch(() => {});
  limit.abort();
}
