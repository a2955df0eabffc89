import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { announceCurrent } from './frame/live-region.ts';

/** Announces a problem of the focused field immediately, because its label is only read when it gets the focus. */
export function useAnnouncedProblem(field: RefObject<HTMLElement | null>, problem: string | undefined): void {
  useEffect(() => {
    if (problem && field.current?.contains(document.activeElement)) announceCurrent(problem);
  }, [problem]);
}
