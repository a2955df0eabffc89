/** Work that is drawn in slices between two frames. */
export interface FrameTask {
  /** Draws until `deadline` (performance.now()). True if more is left for the next frame. */
  draw(deadline: number): boolean;
  /** Called after all drawing of the frame, for at most one scroll adjustment. */
  settle?(): void;
}

/** The share of the 16 ms of a frame for drawing. The browser needs the rest for layout and paint. */
const BUDGET_MS = 6;

const waiting = new Set<FrameTask>();
let requested = false;

/** Draws the task in the next frame. Further requests before then have no effect. */
export function requestDraw(task: FrameTask): void {
  waiting.add(task);
  if (requested) return;
  requested = true;
  requestAnimationFrame(drawFrame);
}

export function cancelDraw(task: FrameTask): void {
  waiting.delete(task);
}

/** Calls back in the task after the next frame, when it was laid out and drawn. */
export function afterFrame(callback: () => void): void {
  requestAnimationFrame(() => setTimeout(callback));
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
