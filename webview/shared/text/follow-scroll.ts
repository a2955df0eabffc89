/** Keeps a scroller at its end while text arrives, but only if the reader is there. */
export interface FollowScroll {
  /** Puts the scroller back to its end if it was there; called once a frame, after drawing. */
  settle(): void;
  toEnd(): void;
  dispose(): void;
}

/** Nearer to the end than this counts as being there. */
const NEAR = 6;

/** `box` scrolls by itself, or as a part of its parent where the panel is too low for a scroller of its own. */
export function followScroll(box: HTMLElement, onChange: (following: boolean) => void): FollowScroll {
  const outer = box.parentElement ?? box;
  const scroller = () => (getComputedStyle(box).overflowY === 'visible' ? outer : box);
  let following = true;
  const set = (next: boolean) => {
    if (next === following) return;
    following = next;
    onChange(next);
  };
  const distance = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement) => scrollHeight - scrollTop - clientHeight;
  const onScroll = ({ target }: Event) => {
    const element = scroller();
    if (target === element) set(distance(element) <= NEAR);
  };
  // A growing answer would win against a slow wheel: the wish to go up counts before the position does.
  const onWheel = ({ deltaY, target }: WheelEvent) => {
    const element = scroller();
    if (deltaY < 0 && element.scrollTop > 0 && target instanceof Node && element.contains(target)) set(false);
  };
  outer.addEventListener('scroll', onScroll, { passive: true, capture: true });
  outer.addEventListener('wheel', onWheel, { passive: true });
  /** An answer that nobody has followed yet begins at its top, whatever its size. */
  let placed = false;
  const toEnd = () => {
    const element = scroller();
    element.scrollTop = element.scrollHeight;
    placed = true;
  };
  // Another width breaks the lines anew: who was at the end still is.
  const resized = new ResizeObserver(() => placed && following && toEnd());
  resized.observe(box);
  return {
    settle: () => following && toEnd(),
    toEnd() {
      set(true);
      toEnd();
    },
    dispose() {
      resized.disconnect();
      outer.removeEventListener('scroll', onScroll, { capture: true });
      outer.removeEventListener('wheel', onWheel);
    },
  };
}
