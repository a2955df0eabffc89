import type { Drawing } from '../text/draw-plain-text.ts';
import { mount } from './mount.ts';
import { createMarkdownParser, type MarkdownBlock } from './parser.ts';

/**
 * After the tail was redrawn, wait this many times as long as it took: at most an eighth of the time is spent on it.
 */
const REST = 7;

/** The heading level of the column of an answer. */
const COLUMN_LEVEL = 2;

/** Draws a growing text as Markdown: finished blocks once, the unfinished tail as often as time allows. */
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

/** A model may skip heading levels. This closes the gaps below the column's heading for screen readers. */
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
  // An estimate of its height until it is first visible, so that the scroll bar is about right.
  element.style.containIntrinsicBlockSize = `auto ${Math.ceil(block.raw.length / 60) * 20 + 8}px`;
  element.append(mount(block.nodes));
  return element;
}
