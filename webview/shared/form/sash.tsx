import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';

interface SashProps {
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
const STEP = 16;

const maxWidth = () => Math.max(MIN_WIDTH, window.innerWidth - MIN_REST);

/** A width that fits in this panel. The chosen width is kept for a wider panel. */
export function fitWidth(width: number | undefined): number {
  return Math.round(Math.max(MIN_WIDTH, Math.min(width ?? FORM_WIDTH, maxWidth())));
}

/** The edge between two panes. It can be dragged or moved with arrow keys, Home and End; a double-click resets it. */
export function Sash({ pane, paneId, width, onWidth, onSettled }: SashProps) {
  const shown = fitWidth(width);
  const drag = useDrag({ pane, shown, onWidth, onSettled });
  const settle = (next: number | undefined) => {
    onWidth(next);
    onSettled(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? STEP * 4 : STEP;
    const to = { ArrowLeft: shown - step, ArrowRight: shown + step, Home: MIN_WIDTH, End: maxWidth() }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    settle(fitWidth(to));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no <hr>
    <div
      class="sash"
      role="separator"
      tabIndex={0}
      title="Drag to resize, double-click to reset"
      aria-label="Width of the inputs"
      aria-orientation="vertical"
      aria-controls={paneId}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={maxWidth()}
      aria-valuenow={shown}
      {...drag}
      onDblClick={() => settle(undefined)}
      onKeyDown={onKeyDown}
    />
  );
}

/** The pointer's events of a sash that is dragged. */
function useDrag({ pane, shown, onWidth, onSettled }: Omit<SashProps, 'paneId' | 'width'> & { shown: number }) {
  const start = useRef<{ x: number; width: number } | undefined>(undefined);
  const end = () => {
    if (start.current && start.current.width !== shown) onSettled(shown);
    start.current = undefined;
  };
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      event.preventDefault();
      const handle = event.currentTarget as HTMLElement;
      handle.focus();
      handle.setPointerCapture(event.pointerId);
      start.current = { x: event.clientX, width: pane.current?.offsetWidth ?? shown };
    },
    onPointerMove(event: PointerEvent) {
      if (start.current) onWidth(fitWidth(start.current.width + event.clientX - start.current.x));
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
