let region: HTMLElement | undefined;
let waiting: string[] = [];
let current: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells a screen reader the end of something. Messages close to each other are told as one. */
export function announce(message: string): void {
  waiting.push(message);
  tellSoon();
}

/** Tells what is active now; of several in a row only the last, as a key that is held goes past the others. */
export function announceCurrent(message: string): void {
  current = message;
  tellSoon();
}

function tellSoon(): void {
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    const text = [...waiting, current].filter((part) => part !== undefined).join('. ');
    waiting = [];
    current = undefined;
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
