/** Keeps a scroller at its end while text arrives, if the reader is there. */
export interface FollowScroll {
  /** Scrolls to the end if the scroller was there. Called once per frame, after drawing. */
  settle(): void;
  toEnd(): void;
  dispose(): void;
}

/** A smaller distance from the end counts as being there. */
const NEAR = 6;

/** `box` scrolls itself, or with its parent if the panel is too low for a separate scroller. */
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
  /** Where each scroller was last seen. */
  const tops = new WeakMap<HTMLElement, number>();
  const onScroll = ({ target }: Event) => {
    const element = [box, outer].find((one) => one === target);
    if (!element) return;
    const { scrollTop } = element;
    if (distance(element) <= NEAR) set(true);
    // The event may be that of `toEnd`, late: if the lines were broken again since, the end is elsewhere.
    else if (scrollTop < (tops.get(element) ?? 0)) set(false);
    tops.set(element, scrollTop);
  };
  // A growing answer would counteract a slow wheel, so scrolling up takes effect before the position changes.
  const onWheel = ({ deltaY, target }: WheelEvent) => {
    const element = scroller();
    if (deltaY < 0 && element.scrollTop > 0 && target instanceof Node && element.contains(target)) set(false);
  };
  outer.addEventListener('scroll', onScroll, { passive: true, capture: true });
  outer.addEventListener('wheel', onWheel, { passive: true });
  /** False until the answer was first followed. Until then it starts at its top, whatever its size. */
  let placed = false;
  const toEnd = () => {
    const element = scroller();
    element.scrollTop = element.scrollHeight;
    tops.set(element, element.scrollTop);
    placed = true;
  };
  // A different width changes the line breaks. The scroller stays at the end if it was there.
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
