import type { FormView } from '../../../src/protocol/compare.ts';
import { matchesMedia, useMedia } from '../frame/use-media.ts';

/** How the input form is shown in its panel. */
export interface FormState extends FormView {
  /** Collapsed by Run, which makes room for answers if the form is above them. */
  byRun: boolean;
}

export const INITIAL_FORM_STATE: FormState = { folded: false, byRun: false, width: undefined };

/** Below this width, the form is above the results. panel.css has the same limit. */
const ON_TOP = '(max-width: 899px)';

export const isOnTop = (): boolean => matchesMedia(ON_TOP);

export function isFolded({ folded, byRun }: FormState, onTop: boolean): boolean {
  return folded || (byRun && onTop);
}

/** Whether the form is above the results, updated when the panel changes its width. */
export const useOnTop = (): boolean => useMedia(ON_TOP);
