const MARGIN = 4;
const GAP = 2;

/**
 * Puts a box of the top layer below its anchor, or above where there is more room, and lets it be as high as the panel
 * is on that side: what does not fit scrolls inside. It is held at the anchor's edge, so that it may grow later.
 */
export function placeBeside(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  // Without the panel's own scroll bar, which is drawn over the top layer.
  const { clientWidth } = document.documentElement;
  box.style.maxWidth = `${clientWidth - 2 * MARGIN}px`;
  const below = window.innerHeight - at.bottom - GAP - MARGIN;
  const above = at.top - GAP - MARGIN;
  const { width, height } = naturalSize(box);
  const isBelow = height <= below || below >= above;
  box.dataset.place = isBelow ? 'below' : 'above';
  box.style.maxHeight = `${Math.max(0, isBelow ? below : above)}px`;
  box.style.top = isBelow ? `${at.bottom + GAP}px` : 'auto';
  box.style.bottom = isBelow ? 'auto' : `${window.innerHeight - at.top + GAP}px`;
  box.style.left = `${Math.max(MARGIN, Math.min(at.left, clientWidth - width - MARGIN))}px`;
}

/** As large as it would like to be. To measure it undoes the scrolling inside, which is therefore put back. */
function naturalSize(box: HTMLElement): { width: number; height: number } {
  const scrolled = [box, ...box.querySelectorAll('*')]
    .filter(({ scrollTop }) => scrollTop > 0)
    .map((element) => ({ element, top: element.scrollTop }));
  const before = box.style.maxHeight;
  box.style.maxHeight = 'none';
  const size = { width: box.offsetWidth, height: box.offsetHeight };
  box.style.maxHeight = before;
  for (const { element, top } of scrolled) element.scrollTop = top;
  return size;
}
