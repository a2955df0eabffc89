import type { Drawing } from '../text/draw-plain-text.ts';
import { mount } from './mount.ts';
import { type MarkdownBlock, MarkdownParser } from './parser.ts';

/**
 * After the tail was redrawn, wait this many times as long as it took: at most an eighth of the time is spent on it.
 */
const REST = 7;

/** The heading level of the column of an answer. */
const COLUMN_LEVEL = 2;

/** Draws a growing text as Markdown: finished blocks once, the unfinished tail as often as time allows. */
export function drawMarkdown(root: HTMLElement, read: () => string): Drawing {
  return new MarkdownDrawing(root, read);
}

class MarkdownDrawing implements Drawing {
  private readonly root: HTMLElement;
  private readonly read: () => string;
  private readonly tail = document.createElement('div');
  private parser = new MarkdownParser();
  private taken = '';
  private mounted: HTMLElement[] = [];
  private finished = false;
  private tailAfter = 0;

  constructor(root: HTMLElement, read: () => string) {
    this.root = root;
    this.read = read;
    this.tail.className = 'md-tail';
    this.reset();
  }

  finish(): void {
    this.finished = true;
  }

  draw(deadline: number): boolean {
    this.take();
    let more: boolean;
    do more = this.mountBlocks(deadline) || this.parser.step();
    while (more && performance.now() < deadline);
    more = this.mountBlocks(deadline) || more;
    const unfinished = more || this.drawTail();
    if (this.finished && !unfinished) orderHeadings(this.root);
    return unfinished;
  }

  private reset(): void {
    this.parser = new MarkdownParser();
    this.taken = '';
    this.mounted = [];
    this.root.replaceChildren(this.tail);
  }

  private take(): void {
    const text = this.read();
    if (!text.startsWith(this.taken)) this.reset();
    if (text.length > this.taken.length) this.parser.append(text.slice(this.taken.length));
    this.taken = text;
    if (this.finished) this.parser.finish();
  }

  private mountBlocks(deadline: number): boolean {
    for (const index of this.parser.takeChanged()) {
      const block = this.parser.blocks[index];
      if (block) this.mounted[index]?.replaceChildren(mount(block.nodes));
    }
    while (this.mounted.length < this.parser.blocks.length && performance.now() < deadline) {
      const block = this.parser.blocks[this.mounted.length];
      if (!block) break;
      const element = boxOf(block);
      this.tail.before(element);
      this.mounted.push(element);
    }
    return this.mounted.length < this.parser.blocks.length;
  }

  private drawTail(): boolean {
    const began = performance.now();
    if (began < this.tailAfter && !this.finished) return true;
    this.tail.replaceChildren(this.parser.tailLength > 0 ? mount(this.parser.tail()) : '');
    this.tailAfter = performance.now() + (performance.now() - began) * REST;
    return false;
  }
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
