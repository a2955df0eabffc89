import type { RefObject } from 'preact';
import { Sash } from './sash.tsx';

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

/** Percent of the second part: both parts stay large enough to be used. */
const LEAST = 15;
const MOST = 100 - LEAST;

/** The edge between two parts that share the room. */
export function SplitSash({ container, isVertical, label, share, onShare }: SplitSashProps) {
  const onDrag = (event: PointerEvent) => {
    const box = container.current?.getBoundingClientRect();
    if (!box) return;
    const to = isVertical ? (box.right - event.clientX) / box.width : (box.bottom - event.clientY) / box.height;
    onShare(Math.max(LEAST, Math.min(MOST, to * 100)) / 100);
  };
  return (
    <Sash
      class={`split-sash ${isVertical ? 'vertical' : 'horizontal'}`}
      isVertical={isVertical}
      label={label}
      now={Math.round(share * 100)}
      min={LEAST}
      max={MOST}
      step={3}
      growsForward={false}
      onStep={(percent) => onShare(percent / 100)}
      onDrag={onDrag}
      onReset={() => onShare(undefined)}
    />
  );
}
