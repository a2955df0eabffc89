import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { announceCurrent } from './frame/live-region.ts';

/** What is wrong with the field that one is in is said as it is found: its name is only read when it gets the focus. */
export function useTellProblem(field: RefObject<HTMLElement | null>, problem: string | undefined): void {
  useEffect(() => {
    if (problem && field.current?.contains(document.activeElement)) announceCurrent(problem);
  }, [problem]);
}
