// Functions that benches run in the page of a panel with a table.

/** Runs in each frame from its start: notes when the first row of the table has its text. */
export function watchFirstRow() {
  const look = () => {
    const cell = document.querySelector('[data-row] [role="gridcell"]:nth-child(3)');
    if (cell?.textContent && !cell.querySelector('.table-pending')) globalThis.firstRowAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}

/** A fast wheel through the table with jumps by the scroll bar between: frames without rows, and the longest frame. */
export async function scrollThrough() {
  const grid = document.querySelector('.table');
  const frame = () => new Promise(requestAnimationFrame);
  const seen = { blank: 0, longestBlank: 0, frames: [] };
  let blank = 0;
  let last = performance.now();
  for (let turn = 0; turn < 400; turn++) {
    grid.scrollTop += turn % 40 === 39 ? 150_000 : 300;
    await frame();
    const now = performance.now();
    seen.frames.push(now - last);
    last = now;
    const { left, top, bottom } = grid.getBoundingClientRect();
    const row = document.elementFromPoint(left + 200, (top + bottom) / 2)?.closest('[data-row]');
    const isBlank = !row || row.querySelector('.table-pending') !== null;
    blank = isBlank ? blank + 1 : 0;
    seen.blank += isBlank ? 1 : 0;
    seen.longestBlank = Math.max(seen.longestBlank, blank);
  }
  return seen;
}

/** The longest time that the page's own work took at a stretch. */
export function watchTasks() {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.longTasks.push(duration);
  }).observe({ type: 'longtask' });
}
