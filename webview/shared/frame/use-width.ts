import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** The width of an element in whole units, such as how many icons fit. Its own width must not depend on them. */
export function useWidth(element: RefObject<HTMLElement | null>, unit = 1): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor((entry?.contentRect.width ?? 0) / unit)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [unit]);
  return width;
}
