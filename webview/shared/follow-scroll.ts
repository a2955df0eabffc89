/** Keeps a scroller at its end while text arrives, but only if the reader is there. */
export interface FollowScroll {
  /** Puts the scroller back to its end if it was there; called once a frame, after drawing. */
  settle(): void;
  toEnd(): void;
  dispose(): void;
}

/** Nearer to the end than this counts as being there. */
const NEAR = 6;

export function followScroll(scroller: HTMLElement, onChange: (following: boolean) => void): FollowScroll {
  let following = true;
  const set = (next: boolean) => {
    if (next === following) return;
    following = next;
    onChange(next);
  };
  const distance = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  const onScroll = () => set(distance() <= NEAR);
  // A growing answer would win against a slow wheel: the wish to go up counts before the position does.
  const onWheel = (event: WheelEvent) => {
    if (event.deltaY < 0 && scroller.scrollTop > 0) set(false);
  };
  scroller.addEventListener('scroll', onScroll, { passive: true });
  scroller.addEventListener('wheel', onWheel, { passive: true });
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight;
  };
  return {
    settle: () => following && toEnd(),
    toEnd() {
      set(true);
      toEnd();
    },
    dispose() {
      scroller.removeEventListener('scroll', onScroll);
      scroller.removeEventListener('wheel', onWheel);
    },
  };
}
