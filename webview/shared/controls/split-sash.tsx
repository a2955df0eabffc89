import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';

interface SplitSashProps {
  /** What is split; both parts are in it, and the sash is in the second one. */
  container: RefObject<HTMLElement | null>;
  /** True if the parts are side by side. */
  isVertical: boolean;
  /** `Height of the case`. */
  label: string;
  /** The share of the second part, from 0 to 1. */
  share: number;
  /** Undefined for the default share. */
  onShare: (share: number | undefined) => void;
}

const LEAST = 0.15;
const STEP = 0.03;

/** Both parts stay large enough to be used. */
function limitShare(share: number): number {
  return Math.max(LEAST, Math.min(1 - LEAST, share));
}

/** The edge between two parts. It can be dragged or moved with arrow keys, Home and End; a double-click resets it. */
export function SplitSash({ container, isVertical, label, share, onShare }: SplitSashProps) {
  const drag = useDrag({ container, isVertical, onShare });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? STEP * 4 : STEP;
    const larger = share + step;
    const smaller = share - step;
    const keys = isVertical
      ? { ArrowLeft: larger, ArrowRight: smaller, Home: 1, End: 0 }
      : { ArrowUp: larger, ArrowDown: smaller, Home: 1, End: 0 };
    const to = (keys as Record<string, number | undefined>)[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onShare(limitShare(to));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no <hr>
    <div
      class={`split-sash ${isVertical ? 'vertical' : 'horizontal'}`}
      role="separator"
      tabIndex={0}
      title="Drag to resize, double-click to reset"
      aria-label={label}
      aria-orientation={isVertical ? 'vertical' : 'horizontal'}
      aria-valuemin={LEAST * 100}
      aria-valuemax={(1 - LEAST) * 100}
      aria-valuenow={Math.round(share * 100)}
      {...drag}
      onDblClick={() => onShare(undefined)}
      onKeyDown={onKeyDown}
    />
  );
}

/** The pointer's events of a sash that is dragged. */
function useDrag({ container, isVertical, onShare }: Pick<SplitSashProps, 'container' | 'isVertical' | 'onShare'>) {
  const dragging = useRef(false);
  const end = () => {
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
    },
    onPointerMove(event: PointerEvent) {
      const box = dragging.current && container.current?.getBoundingClientRect();
      if (!box) return;
      const share = isVertical ? (box.right - event.clientX) / box.width : (box.bottom - event.clientY) / box.height;
      onShare(limitShare(share));
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
