import { useEffect, useState } from 'preact/hooks';
import type { FormView } from '../../../src/protocol/compare.ts';

/** How the input form stands in its panel. */
export interface FormLook extends FormView {
  /** Folded by Run, which makes room for answers only where the form is above them. */
  byRun: boolean;
}

export const FIRST_LOOK: FormLook = { folded: false, byRun: false, width: undefined };

/** Below this width the form is above what it feeds; panel.css has the same bound. */
const ON_TOP = '(max-width: 899px)';

export const isOnTop = (): boolean => window.matchMedia(ON_TOP).matches;

export function isFolded({ folded, byRun }: FormLook, onTop: boolean): boolean {
  return folded || (byRun && onTop);
}

/** Whether the form is above, followed while the panel changes its width. */
export function useOnTop(): boolean {
  const [onTop, setOnTop] = useState(isOnTop);
  useEffect(() => {
    const query = window.matchMedia(ON_TOP);
    const follow = () => setOnTop(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return onTop;
}
