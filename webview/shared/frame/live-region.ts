let region: HTMLElement | undefined;
let waiting: string[] = [];
let current: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Announces an event to screen readers. Messages in quick succession are joined. */
export function announce(message: string): void {
  waiting.push(message);
  announceSoon();
}

/** Announces the active item. Of several in a row only the last is announced, because a held key skips the others. */
export function announceCurrent(message: string): void {
  current = message;
  announceSoon();
}

function announceSoon(): void {
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    const text = [...waiting, current].filter((part) => part !== undefined).join('. ');
    waiting = [];
    current = undefined;
    timer = undefined;
    liveRegion().textContent = text;
  }, 300);
}

/** The region must exist before its text changes, or the change is not announced. */
export function liveRegion(): HTMLElement {
  if (region) return region;
  region = document.createElement('div');
  region.className = 'visually-hidden';
  region.setAttribute('role', 'status');
  region.setAttribute('aria-live', 'polite');
  document.body.append(region);
  return region;
}
