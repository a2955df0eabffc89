import type { ErrorInfo, PreviewEvent, PreviewSnapshot, Rendering } from '../../src/protocol/preview.ts';

type Rendered = Extract<Rendering, { ok: true }>;

export interface PreviewState extends Omit<PreviewSnapshot, 'rendering'> {
  /** The last text that could be rendered, so that incomplete braces do not clear the panel. */
  rendered: Rendered | undefined;
  /** Why the current text or inputs cannot be rendered. `rendered` is then the previous rendering. */
  error: ErrorInfo | undefined;
}

export function stateOfSnapshot({ rendering, ...rest }: PreviewSnapshot): PreviewState {
  return withRendering({ ...rest, rendered: undefined, error: undefined }, rendering);
}

export function reduce(state: PreviewState, event: PreviewEvent): PreviewState {
  switch (event.type) {
    case 'prompt':
      return { ...state, prompt: event.prompt };
    case 'input':
      return { ...state, input: event.input, inputProblems: event.problems };
    case 'rendering':
      return withRendering(state, event.rendering);
  }
}

function withRendering(state: PreviewState, rendering: Rendering): PreviewState {
  if (rendering.ok) return { ...state, rendered: rendering, error: undefined };
  return { ...state, error: rendering.error };
}
