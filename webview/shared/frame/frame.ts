/** Work that is drawn in slices between two frames. */
export interface FrameTask {
  /** Draws until `deadline` (performance.now()); true where more is left for the next frame. */
  draw(deadline: number): boolean;
  /** After all drawing of the frame: at most one scroll adjustment. */
  settle?(): void;
}

/** Of the 16 ms of a frame, what drawing may take; the rest is the browser's, for layout and paint. */
const BUDGET_MS = 6;

const waiting = new Set<FrameTask>();
let requested = false;

/** Draws the task in the next frame. Asking again before then changes nothing. */
export function requestDraw(task: FrameTask): void {
  waiting.add(task);
  if (requested) return;
  requested = true;
  requestAnimationFrame(drawFrame);
}

export function cancelDraw(task: FrameTask): void {
  waiting.delete(task);
}

function drawFrame(): void {
  requested = false;
  const tasks = [...waiting];
  waiting.clear();
  const unfinished: FrameTask[] = [];
  const share = BUDGET_MS / Math.max(1, tasks.length);
  for (const task of tasks) if (task.draw(performance.now() + share)) unfinished.push(task);
  for (const task of tasks) task.settle?.();
  for (const task of unfinished) requestDraw(task);
}
