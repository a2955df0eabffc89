import { useEffect, useState } from 'preact/hooks';
import type { FormView } from '../../../src/protocol/compare.ts';

/** How the input form is shown in its panel. */
export interface FormState extends FormView {
  /** Collapsed by Run, which makes room for answers if the form is above them. */
  byRun: boolean;
}

export const INITIAL_FORM_STATE: FormState = { folded: false, byRun: false, width: undefined };

/** Below this width, the form is above the results. panel.css has the same limit. */
const ON_TOP = '(max-width: 899px)';

export const isOnTop = (): boolean => window.matchMedia(ON_TOP).matches;

export function isFolded({ folded, byRun }: FormState, onTop: boolean): boolean {
  return folded || (byRun && onTop);
}

/** Whether the form is above the results, updated when the panel changes its width. */
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
