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

interface MarkdownParser {
  readonly blocks: readonly MarkdownBlock[];
  append(text: string): void;
  /** Called when the text is complete: the rest becomes finished blocks. */
  finish(): void;
  /** Parses one slice, a few milliseconds at most. True if more is left. */
  step(): boolean;
  /** The unfinished part, as it would look if the text ended here. */
  tail(): MarkdownNode[];
  readonly tailLength: number;
  /** Indices of finished blocks that changed since the last call. */
  takeChanged(): number[];
}

/** The amount of text per step. */
const SLICE = 2_000;
/** A longer unfinished block is cut, so that steps and redraws of the tail do not grow with the answer. */
const MAX_BLOCK = 8_000;

/**
 * Parses Markdown while it streams: only the last blocks are parsed again when text arrives. A block is finished when
 * two more have started after it and their lines are complete; until then a later line may change its kind.
 */
export function createMarkdownParser(): MarkdownParser {
  const blocks: MarkdownBlock[] = [];
  const links: Links = {};
  const changed = new Set<number>();
  let pending = '';
  let tail = '';
  /** Opening lines (a table head, a code fence) that belong to the tail although they are already drawn. */
  let prefix = '';
  let finished = false;

  function add(tokens: Token[]) {
    for (const token of tokens) {
      if (token.type === 'space') continue;
      const continued = prefix !== '';
      prefix = '';
      const nodes = continued ? treeOf([token]).flatMap(withoutHead) : treeOf([token]);
      if (nodes.length > 0) blocks.push({ nodes, raw: token.raw, continued });
    }
  }

  /** Adds new link definitions and redraws the blocks that may refer to them. */
  function define(found: Links) {
    for (const [name, link] of Object.entries(found)) links[name] ??= link;
    blocks.forEach((block, index) => {
      if (!block.raw.includes('[') || block.continued) return;
      block.nodes = treeOf(lex(block.raw, links).tokens);
      changed.add(index);
    });
  }

  function settle(text: string, rest: string) {
    const source = prefix + text;
    const { tokens, links: found } = lex(source, links);
    const all = finished && pending === '';
    const done = tokens.slice(0, all ? tokens.length : indexOfLastBlocks(tokens, 2));
    const length = done.reduce((sum, token) => sum + token.raw.length, 0);
    if (length === 0) {
      tail = text + rest;
      return;
    }
    add(done);
    tail = source.slice(length) + rest;
    if (Object.keys(found).some((name) => !Object.hasOwn(links, name)))
      define(lex(source.slice(0, length), links).links);
  }

  function cut() {
    while (prefix.length + tail.length > MAX_BLOCK) {
      const piece = cutBlock(prefix + tail, MAX_BLOCK / 2);
      add(lex(piece.head, links).tokens);
      prefix = piece.prefix;
      tail = piece.rest;
    }
  }

  return {
    blocks,
    get tailLength() {
      return prefix.length + tail.length;
    },
    append(text) {
      pending += text;
    },
    finish() {
      finished = true;
    },
    step() {
      if (pending === '' && !(finished && tail !== '')) return false;
      let slice = pending.slice(0, SLICE);
      // A split CR LF would become two line breaks.
      if (slice.endsWith('\r') && !(finished && slice === pending)) slice = slice.slice(0, -1);
      if (slice === '' && pending !== '') return pending.length > 1;
      pending = pending.slice(slice.length);
      const text = normalize(tail + slice);
      const whole = finished && pending === '' ? text.length : text.lastIndexOf('\n') + 1;
      settle(text.slice(0, whole), text.slice(whole));
      cut();
      return pending !== '';
    },
    tail: () => treeOf(lex(prefix + tail, { ...links }).tokens),
    takeChanged() {
      const indices = [...changed];
      changed.clear();
      return indices;
    },
  };
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
