/** The state of an evaluation's result as it is shown everywhere. */
export const EVALUATION_STATES = {
  running: 'running',
  paused: 'paused',
  done: 'done',
  stopped: 'stopped',
  budget: 'stopped by the budget',
  failed: 'failed',
  interrupted: 'interrupted',
} as const;

export interface WorkTime {
  /** Milliseconds of work that have ended: neither pauses nor the time until a resume. Undefined is unknown. */
  workedMs: number | undefined;
  /** When the work began that goes on now, in epoch milliseconds; undefined if none does. */
  workingSince: number | undefined;
}

/** How long an evaluation has been worked on until `now`, in milliseconds. Undefined is unknown. */
export function workedTime({ workedMs, workingSince }: WorkTime, now: number): number | undefined {
  if (workingSince === undefined) return workedMs;
  // the clock of the computer may have been set back
  return (workedMs ?? 0) + Math.max(0, now - workingSince);
}
