import type { FrameTask } from '../frame/frame.ts';
import { showControls } from '../text/show-controls.ts';
import type { DiffPart } from './group-changes.ts';
import { diffSteps } from './word-diff.ts';

const TAGS = { same: 'span', added: 'ins', removed: 'del' } as const;

/**
 * Computes and draws a diff in slices between frames. `onDone` gets the number of passages that were only compared by
 * line.
 */
export function drawDiff(
  root: HTMLElement,
  { before, after, onDone }: { before: string; after: string; onDone: (coarse: number, changed: boolean) => void },
): FrameTask {
  const steps = diffSteps(before, after);
  let parts: DiffPart[] | undefined;
  let coarse = 0;
  let drawn = 0;
  root.replaceChildren();

  function compute(deadline: number) {
    do {
      const step = steps.next();
      if (!step.done) continue;
      parts = step.value.parts;
      coarse = step.value.coarse;
      return;
    } while (performance.now() < deadline);
  }

  return {
    draw(deadline) {
      if (!parts) compute(deadline);
      if (!parts) return true;
      while (drawn < parts.length && performance.now() < deadline) {
        const part = parts[drawn++];
        if (part) root.append(elementOf(part));
      }
      if (drawn < parts.length) return true;
      onDone(
        coarse,
        parts.some((part) => part.kind !== 'same'),
      );
      return false;
    },
  };
}

function elementOf(part: DiffPart): HTMLElement {
  const element = document.createElement(TAGS[part.kind]);
  element.textContent = showControls(part.text);
  return element;
}
