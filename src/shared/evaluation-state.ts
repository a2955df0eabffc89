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
