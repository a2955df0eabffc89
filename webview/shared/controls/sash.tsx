import { useRef } from 'preact/hooks';

interface SashProps {
  class: string;
  /** True if it stands between parts that are side by side. */
  isVertical: boolean;
  /** `Height of the case`. */
  label: string;
  /** The id of the part that it resizes. */
  controls?: string;
  /** The size of that part, and its limits, in the same unit. */
  now: number;
  min: number;
  max: number;
  /** What an arrow key changes; four times as much with Shift. */
  step: number;
  /** True if the part becomes larger to the right or below. */
  growsForward: boolean;
  /** By a key. */
  onStep: (size: number) => void;
  onDrag: (event: PointerEvent) => void;
  /** Before the first `onDrag`, and after the last one. */
  onDragStart?: (event: PointerEvent) => void;
  onDragEnd?: () => void;
  onReset: () => void;
}

/** The edge between two parts. It can be dragged or moved with arrow keys, Home and End; a double-click resets it. */
export function Sash(props: SashProps) {
  const { isVertical, now, min, max, onReset } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no <hr>
    <div
      class={props.class}
      role="separator"
      tabIndex={0}
      title="Drag to resize, double-click to reset"
      aria-label={props.label}
      aria-orientation={isVertical ? 'vertical' : 'horizontal'}
      aria-controls={props.controls}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={now}
      {...useDrag(props)}
      onDblClick={onReset}
      onKeyDown={(event) => move(event, props)}
    />
  );
}

function move(event: KeyboardEvent, { isVertical, now, min, max, step, growsForward, onStep }: SashProps): void {
  const by = (event.shiftKey ? step * 4 : step) * (growsForward ? 1 : -1);
  const [back, forward] = isVertical ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const sizes = new Map([
    [back, now - by],
    [forward, now + by],
    ['Home', growsForward ? min : max],
    ['End', growsForward ? max : min],
  ]);
  const to = sizes.get(event.key);
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  onStep(Math.max(min, Math.min(max, to)));
}

/** The pointer's events of a sash that is dragged. */
function useDrag({ onDragStart, onDrag, onDragEnd }: SashProps) {
  const dragging = useRef(false);
  const end = () => {
    if (dragging.current) onDragEnd?.();
    dragging.current = false;
  };
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      event.preventDefault();
      const handle = event.currentTarget as HTMLElement;
      handle.focus();
      handle.setPointerCapture(event.pointerId);
      dragging.current = true;
      onDragStart?.(event);
    },
    onPointerMove(event: PointerEvent) {
      if (dragging.current) onDrag(event);
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
