import { createEventBatcher } from '../../core/base/event-batcher.ts';

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

/** Events of all columns in one turn are one batch, so that they change in the same frame. */
export function createPanelEvents<Event>(send: (seq: number, events: Event[]) => void): PanelEvents<Event> {
  let seq = 0;
  let isClosed = false;
  const batcher = createEventBatcher<Event>({ joinTurn: true, send: (events) => send(++seq, events) });
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
