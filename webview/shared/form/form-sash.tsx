import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { Sash } from '../controls/sash.tsx';

interface FormSashProps {
  /** The pane on the left that it resizes. */
  pane: RefObject<HTMLElement | null>;
  paneId: string;
  width: number | undefined;
  /** Undefined for the default width. */
  onWidth: (width: number | undefined) => void;
  /** Called when resizing ends. While dragging, only `onWidth` is called. */
  onSettled: (width: number | undefined) => void;
}

const FORM_WIDTH = 264;
const MIN_WIDTH = 200;
/** The minimum width of the other side. */
const MIN_REST = 400;

const maxWidth = () => Math.max(MIN_WIDTH, window.innerWidth - MIN_REST);

/** A width that fits in this panel. The chosen width is kept for a wider panel. */
export function fitWidth(width: number | undefined): number {
  return Math.round(Math.max(MIN_WIDTH, Math.min(width ?? FORM_WIDTH, maxWidth())));
}

/** The edge between the form and what is beside it. */
export function FormSash({ pane, paneId, width, onWidth, onSettled }: FormSashProps) {
  const shown = fitWidth(width);
  const start = useRef({ x: 0, width: shown });
  const settle = (next: number | undefined) => {
    onWidth(next);
    onSettled(next);
  };
  return (
    <Sash
      class="sash"
      isVertical
      label="Width of the inputs"
      controls={paneId}
      now={shown}
      min={MIN_WIDTH}
      max={maxWidth()}
      step={16}
      growsForward
      onStep={settle}
      onDragStart={({ clientX }) => {
        start.current = { x: clientX, width: pane.current?.offsetWidth ?? shown };
      }}
      onDrag={({ clientX }) => onWidth(fitWidth(start.current.width + clientX - start.current.x))}
      onDragEnd={() => {
        if (start.current.width !== shown) onSettled(shown);
      }}
      onReset={() => settle(undefined)}
    />
  );
}
