let region: HTMLElement | undefined;
let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells a screen reader the end of something. Messages close to each other are told as one. */
export function announce(message: string): void {
  waiting.push(message);
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    const text = waiting.join('. ');
    waiting = [];
    timer = undefined;
    liveRegion().textContent = text;
  }, 300);
}

/** The region has to stand in the page before its text changes, or the change is not told. */
export function liveRegion(): HTMLElement {
  if (region) return region;
  region = document.createElement('div');
  region.className = 'visually-hidden';
  region.setAttribute('role', 'status');
  region.setAttribute('aria-live', 'polite');
  document.body.append(region);
  return region;
}
