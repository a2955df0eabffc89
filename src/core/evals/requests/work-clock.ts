import { type WorkTime, workedTime } from '../../../shared/evaluation-state.ts';

/**
 * Measures how long an evaluation is worked on. Each change returns the whole figure instead of a difference, because a write
 * that fails, such as one that reports a locked database, is made good by the next.
 */
export class WorkClock {
  readonly #now: () => number;
  #time: WorkTime;
  #isPaused = false;

  /** `workedMs` is what was worked before. */
  constructor(workedMs: number | undefined, now: () => number) {
    this.#time = { workedMs, workingSince: undefined };
    this.#now = now;
  }

  start(): WorkTime {
    this.#isPaused = false;
    return this.#set(this.#now());
  }

  /** Before the start and after the end there is nothing to pause: scoring again does not count. */
  pause(): WorkTime {
    if (this.#time.workingSince !== undefined) this.#isPaused = true;
    return this.#set(undefined);
  }

  continue(): WorkTime {
    return this.#isPaused ? this.start() : this.#time;
  }

  end(): WorkTime {
    this.#isPaused = false;
    return this.#set(undefined);
  }

  #set(workingSince: number | undefined): WorkTime {
    this.#time = { workedMs: workedTime(this.#time, this.#now()), workingSince };
    return this.#time;
  }
}
