import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** How many items of one width fit into an element. Its own width must not depend on them. */
export function useFittingCount(element: RefObject<HTMLElement | null>, width: number): number {
  const [count, setCount] = useState(0);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => setCount(Math.floor((entry?.contentRect.width ?? 0) / width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [width]);
  return count;
}
