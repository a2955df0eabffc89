import type { FrameTask } from '../frame/frame.ts';
import { showControls } from './show-controls.ts';

/** A box of text ends at the first line break after this many characters, so that appending only lays out one box. */
const BOX = 6_000;
const SLICE = 16_000;

export interface Drawing extends FrameTask {
  /** Called when the text is complete. */
  finish(): void;
}

/**
 * Draws a growing text into an element. It is appended to one text node per frame, in boxes that the browser may skip.
 */
export function drawPlainText(root: HTMLElement, read: () => string): Drawing {
  let drawn = '';
  let node: Text | undefined;

  function appendSlice(text: string) {
    node ??= openBox();
    const end = node.length + text.length > BOX ? text.indexOf('\n', Math.max(0, BOX - node.length)) : -1;
    if (end < 0) return node.appendData(showControls(text));
    // Each box starts a new line, which replaces the line break.
    node.appendData(showControls(text.slice(0, end)));
    node = undefined;
    if (end + 1 < text.length) appendSlice(text.slice(end + 1));
  }

  function openBox(): Text {
    const box = document.createElement('div');
    box.className = 'text-box';
    box.dir = 'auto';
    const text = document.createTextNode('');
    box.append(text);
    root.append(box);
    return text;
  }

  return {
    finish() {},
    draw(deadline) {
      const text = read();
      if (!text.startsWith(drawn)) {
        root.replaceChildren();
        node = undefined;
        drawn = '';
      }
      while (drawn.length < text.length) {
        const slice = text.slice(drawn.length, drawn.length + SLICE);
        appendSlice(slice);
        drawn += slice;
        if (performance.now() > deadline) break;
      }
      return drawn.length < text.length;
    },
  };
}
