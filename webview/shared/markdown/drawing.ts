import type { Drawing } from '../text/plain-drawing.ts';
import { mount } from './mount.ts';
import { createMarkdownParser, type MarkdownBlock } from './parser.ts';

/** After a redraw of the tail, wait this many times what it took: an eighth of the time at most goes there. */
const REST = 7;

/** The heading of the column that an answer is in. */
const COLUMN_LEVEL = 2;

/** Draws a growing text as Markdown: finished blocks once, the unfinished tail as often as there is time. */
export function drawMarkdown(root: HTMLElement, read: () => string): Drawing {
  const tail = document.createElement('div');
  tail.className = 'md-tail';
  let parser = createMarkdownParser();
  let taken = '';
  let mounted: HTMLElement[] = [];
  let finished = false;
  let tailAfter = 0;

  function reset() {
    parser = createMarkdownParser();
    taken = '';
    mounted = [];
    root.replaceChildren(tail);
  }

  function take() {
    const text = read();
    if (!text.startsWith(taken)) reset();
    if (text.length > taken.length) parser.append(text.slice(taken.length));
    taken = text;
    if (finished) parser.finish();
  }

  function mountBlocks(deadline: number): boolean {
    for (const index of parser.takeChanged()) {
      const block = parser.blocks[index];
      if (block) mounted[index]?.replaceChildren(mount(block.nodes));
    }
    while (mounted.length < parser.blocks.length && performance.now() < deadline) {
      const block = parser.blocks[mounted.length];
      if (!block) break;
      const element = boxOf(block);
      tail.before(element);
      mounted.push(element);
    }
    return mounted.length < parser.blocks.length;
  }

  function drawTail(): boolean {
    const began = performance.now();
    if (began < tailAfter && !finished) return true;
    tail.replaceChildren(parser.tailLength > 0 ? mount(parser.tail()) : '');
    tailAfter = performance.now() + (performance.now() - began) * REST;
    return false;
  }

  reset();
  return {
    finish() {
      finished = true;
    },
    draw(deadline) {
      take();
      let more: boolean;
      do more = mountBlocks(deadline) || parser.step();
      while (more && performance.now() < deadline);
      more = mountBlocks(deadline) || more;
      const unfinished = more || drawTail();
      if (finished && !unfinished) orderHeadings(root);
      return unfinished;
    },
  };
}

/** A model may leave levels out; a screen reader's list of headings has none missing below the column's own. */
function orderHeadings(root: HTMLElement): void {
  let above = COLUMN_LEVEL;
  for (const heading of root.querySelectorAll<HTMLElement>('.md-heading')) {
    above = Math.min(Number(heading.ariaLevel), above + 1);
    heading.ariaLevel = String(above);
  }
}

function boxOf(block: MarkdownBlock): HTMLElement {
  const element = document.createElement('div');
  element.className = block.continued ? 'md-block md-continued' : 'md-block';
  element.dir = 'auto';
  // A guess of its height until it is first seen, so that the scroll bar tells about the truth.
  element.style.containIntrinsicBlockSize = `auto ${Math.ceil(block.raw.length / 60) * 20 + 8}px`;
  element.append(mount(block.nodes));
  return element;
}
