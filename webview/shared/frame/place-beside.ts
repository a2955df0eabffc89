const MARGIN = 4;
const GAP = 2;

/**
 * Places a box of the top layer below its anchor, or above if there is more room, with at most the available height:
 * the rest scrolls inside. It is attached to the edge of the anchor, so that it can grow later.
 */
export function placeBeside(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  // Without the panel's scroll bar, which is drawn over the top layer.
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

/** The natural size of the box. Measuring it resets the scroll positions inside, which are then restored. */
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
