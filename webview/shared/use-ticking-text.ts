import { useEffect, useRef } from 'preact/hooks';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Ticks ten times per second while there are listeners, which is enough for a clock with tenths. */
function onTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const tick of [...listeners]) tick();
  }, 100);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** An element whose text is updated by the clock, without rendering the component. */
export function useTickingText(text: () => string, ticking: boolean) {
  const element = useRef<HTMLSpanElement>(null);
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    const write = () => {
      const next = latest.current();
      if (element.current && element.current.textContent !== next) element.current.textContent = next;
    };
    write();
    return ticking ? onTick(write) : undefined;
  });
  return element;
}
