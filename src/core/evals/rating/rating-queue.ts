import type { EvalPorts } from '../run/eval-ports.ts';
import { requireResult } from '../run/summarize-stored.ts';
import { enterRatings } from './enter-ratings.ts';
import { summarizeRatings } from './summarize-ratings.ts';

/** Enters ratings into the figures of results: one after the other, and together what is rated meanwhile. */
export class RatingQueue {
  readonly #ports: Pick<EvalPorts, 'store' | 'mayBlock'>;
  /** The places of rated cases, by the result. */
  readonly #waiting = new Map<string, Set<number>>();
  readonly #working = new Map<string, Promise<void>>();

  constructor(ports: Pick<EvalPorts, 'store' | 'mayBlock'>) {
    this.#ports = ports;
  }

  /** Resolves when the figures of the result have it. */
  enter(id: string, place: number): Promise<void> {
    const waiting = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiting.add(place));
    const working = this.#working.get(id) ?? this.#work(id);
    this.#working.set(id, working);
    return working;
  }

  async #work(id: string): Promise<void> {
    try {
      const { state } = await requireResult(this.#ports, id);
      for (;;) {
        const places = this.#waiting.get(id);
        this.#waiting.delete(id);
        // what runs has other scores every moment: its ratings are entered when it ends
        if (!places || state === 'running' || state === 'paused') return;
        await enterRatings(this.#ports, id, [...places]);
        if (!this.#waiting.has(id)) await summarizeRatings(this.#ports, id);
      }
    } finally {
      // at once, so that the next rating is not left to work that has ended
      this.#working.delete(id);
    }
  }
}
