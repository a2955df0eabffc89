/** A queue from many writers to one reader; events pushed before reading starts are kept. */
export interface EventQueue<Event> extends AsyncIterable<Event> {
  push(event: Event): void;
  /** After the last event. */
  close(): void;
}

export function createEventQueue<Event>(): EventQueue<Event> {
  let waiting: Event[] = [];
  let closed = false;
  let wake: (() => void) | undefined;
  const notify = () => {
    wake?.();
    wake = undefined;
  };

  async function* read(): AsyncGenerator<Event> {
    try {
      while (true) {
        const batch = waiting;
        waiting = [];
        yield* batch;
        if (waiting.length > 0) continue;
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      // A reader that left early must not let the queue grow forever.
      closed = true;
      waiting = [];
    }
  }
  const reader = read();
  return {
    push(event) {
      if (closed) return;
      waiting.push(event);
      notify();
    },
    close() {
      closed = true;
      notify();
    },
    [Symbol.asyncIterator]: () => reader,
  };
}
