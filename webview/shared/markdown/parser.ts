import { Lexer, type Links, type Token } from 'marked';
import { cutBlock } from './cut.ts';
import { type MarkdownNode, treeOf } from './tree.ts';

/** A finished top-level block. It only changes if a link definition that it refers to arrives later. */
export interface MarkdownBlock {
  nodes: MarkdownNode[];
  raw: string;
  /**
   * True if it continues a block that was cut because of its length: a table without its head, or code in the same box.
   */
  continued: boolean;
}

/** The amount of text per step. */
const SLICE = 2_000;
/** A longer unfinished block is cut, so that steps and redraws of the tail do not grow with the answer. */
const MAX_BLOCK = 8_000;

/**
 * Parses Markdown while it streams: only the last blocks are parsed again when text arrives. A block is finished when
 * two more have started after it and their lines are complete; until then a later line may change its kind.
 */
export class MarkdownParser {
  readonly blocks: MarkdownBlock[] = [];
  private readonly links: Links = {};
  private readonly changed = new Set<number>();
  private pending = '';
  private rest = '';
  /** Opening lines (a table head, a code fence) that belong to the tail although they are already drawn. */
  private prefix = '';
  private finished = false;

  get tailLength(): number {
    return this.prefix.length + this.rest.length;
  }

  append(text: string): void {
    this.pending += text;
  }

  /** Called when the text is complete: the rest becomes finished blocks. */
  finish(): void {
    this.finished = true;
  }

  /** Parses one slice, a few milliseconds at most. True if more is left. */
  step(): boolean {
    if (this.pending === '' && !(this.finished && this.rest !== '')) return false;
    let slice = this.pending.slice(0, SLICE);
    // A split CR LF would become two line breaks.
    if (slice.endsWith('\r') && !(this.finished && slice === this.pending)) slice = slice.slice(0, -1);
    if (slice === '' && this.pending !== '') return this.pending.length > 1;
    this.pending = this.pending.slice(slice.length);
    const text = normalize(this.rest + slice);
    const whole = this.finished && this.pending === '' ? text.length : text.lastIndexOf('\n') + 1;
    this.settle(text.slice(0, whole), text.slice(whole));
    this.cut();
    return this.pending !== '';
  }

  /** The unfinished part, as it would look if the text ended here. */
  tail(): MarkdownNode[] {
    return treeOf(lex(this.prefix + this.rest, { ...this.links }).tokens);
  }

  /** Indices of finished blocks that changed since the last call. */
  takeChanged(): number[] {
    const indices = [...this.changed];
    this.changed.clear();
    return indices;
  }

  private add(tokens: Token[]): void {
    for (const token of tokens) {
      if (token.type === 'space') continue;
      const continued = this.prefix !== '';
      this.prefix = '';
      const nodes = continued ? treeOf([token]).flatMap(withoutHead) : treeOf([token]);
      if (nodes.length > 0) this.blocks.push({ nodes, raw: token.raw, continued });
    }
  }

  /** Adds new link definitions and redraws the blocks that may refer to them. */
  private define(found: Links): void {
    for (const [name, link] of Object.entries(found)) this.links[name] ??= link;
    this.blocks.forEach((block, index) => {
      if (!block.raw.includes('[') || block.continued) return;
      block.nodes = treeOf(lex(block.raw, this.links).tokens);
      this.changed.add(index);
    });
  }

  private settle(text: string, rest: string): void {
    const source = this.prefix + text;
    const { tokens, links: found } = lex(source, this.links);
    const all = this.finished && this.pending === '';
    const done = tokens.slice(0, all ? tokens.length : indexOfLastBlocks(tokens, 2));
    const length = done.reduce((sum, token) => sum + token.raw.length, 0);
    if (length === 0) {
      this.rest = text + rest;
      return;
    }
    this.add(done);
    this.rest = source.slice(length) + rest;
    if (Object.keys(found).some((name) => !Object.hasOwn(this.links, name)))
      this.define(lex(source.slice(0, length), this.links).links);
  }

  private cut(): void {
    while (this.prefix.length + this.rest.length > MAX_BLOCK) {
      const piece = cutBlock(this.prefix + this.rest, MAX_BLOCK / 2);
      this.add(lex(piece.head, this.links).tokens);
      this.prefix = piece.prefix;
      this.rest = piece.rest;
    }
  }
}

/** Parses the whole text at once, which must give the same result as incremental parsing. */
export function parseMarkdown(text: string): MarkdownNode[] {
  return treeOf(lex(normalize(text), {}).tokens);
}

const normalize = (text: string): string => text.replace(/\r\n?/g, '\n');

function lex(text: string, links: Links): { tokens: Token[]; links: Links } {
  const lexer = new Lexer({ gfm: true });
  lexer.tokens.links = { ...links };
  const tokens = lexer.lex(text);
  return { tokens, links: lexer.tokens.links };
}

/** A continued block does not repeat the table head or start with an empty box. */
function withoutHead(node: MarkdownNode): MarkdownNode[] {
  if (typeof node === 'string') return [node];
  const children = node.tag === 'table' ? node.children.slice(1) : node.children;
  return children.length === 0 || (children.length === 1 && children[0] === '') ? [] : [{ ...node, children }];
}

/** The index of the last `count` blocks, not counting spaces. */
function indexOfLastBlocks(tokens: readonly Token[], count: number): number {
  let left = count;
  for (let index = tokens.length - 1; index >= 0; index--) {
    if (tokens[index]?.type !== 'space') left -= 1;
    if (left === 0) return index;
  }
  return 0;
}
