import { editDistance } from '../../base/nearest-name.ts';
import type { Range } from '../../prompts/prompt.ts';
import type { BlockNode, PartialNode, Statement } from './tree.ts';

type Opening = Pick<BlockNode, 'openRange' | 'call' | 'blockParams' | 'inverted'>;
type Close = NonNullable<BlockNode['close']>;

interface Open {
  /** As written in the opening tag; a closing tag has to repeat it. */
  name: string;
  node: BlockNode | PartialNode;
  /** A chained `{{else if}}` is closed together with its block. */
  chained: boolean;
  target: Statement[];
}

/** Nobody nests deeper than this, and code that walks the tree would overflow the stack. */
const MAX_DEPTH = 200;

/** Puts statements into their blocks, whatever is missing or surplus. */
export class TreeBuilder {
  private readonly end: number;
  private readonly root: Statement[] = [];
  private readonly stack: Open[] = [];

  constructor(end: number) {
    this.end = end;
  }

  add(statement: Statement): void {
    (this.stack.at(-1)?.target ?? this.root).push(statement);
  }

  error(range: Range, message: string): void {
    this.add({ kind: 'error', range, message });
  }

  text(start: number, end: number): void {
    if (end > start) this.add({ kind: 'text', range: { start, end } });
  }

  comment(range: Range): void {
    this.add({ kind: 'comment', range });
  }

  openBlock(opening: Opening, name: string): void {
    const node = createBlock(opening);
    this.push({ name, node, chained: false, target: node.body }, opening.openRange);
  }

  openPartial(openRange: Range, partial: Omit<PartialNode, 'kind' | 'range' | 'body'>, name: string): void {
    const body: Statement[] = [];
    const node: PartialNode = { kind: 'partial', range: { ...openRange }, ...partial, body };
    this.push({ name, node, chained: false, target: body }, openRange);
  }

  /** `{{else}}`, or with a call `{{else if x}}`; returns the end of its tag. */
  otherwise(tagRange: Range, chained: Pick<BlockNode, 'call' | 'blockParams'> | undefined): number {
    const open = this.stack.at(-1);
    if (open?.node.kind !== 'block' || open.node.inverse) {
      const message = open?.node.kind === 'block' ? 'This block already has an `{{else}}`.' : OUTSIDE;
      this.error(tagRange, message);
      return tagRange.end;
    }
    const inverse = { range: { start: tagRange.end, end: tagRange.end }, tagRange, body: [] as Statement[] };
    if (!chained) {
      open.node.inverse = inverse;
      open.target = inverse.body;
      return tagRange.end;
    }
    if (this.stack.length >= MAX_DEPTH) {
      this.error(tagRange, 'Blocks are nested too deeply.');
      return tagRange.end;
    }
    inverse.range.start = tagRange.start;
    open.node.inverse = inverse;
    const node = createBlock({ ...chained, openRange: tagRange, inverted: false });
    inverse.body.push(node);
    this.stack.push({ name: '', node, chained: true, target: node.body });
    return tagRange.end;
  }

  close(close: Close): void {
    const named = this.stack.findLastIndex((open) => !open.chained && open.name === close.name);
    const nearest = this.stack.findLastIndex((open) => !open.chained);
    const meant = named >= 0 ? named : isMisspelt(this.stack[nearest]?.name, close.name) ? nearest : -1;
    if (meant < 0) {
      this.error(close.range, `\`{{/${close.name}}}\` closes a block that is not open.`);
      return;
    }
    // Blocks opened in between were never closed.
    while (this.stack.findLastIndex((open) => !open.chained) > meant) this.pop(close.range.start, undefined);
    this.pop(close.range.end, close);
  }

  finish(): Statement[] {
    while (this.stack.length > 0) this.pop(this.end, undefined);
    return this.root;
  }

  private push(open: Open, openRange: Range): boolean {
    if (this.stack.length >= MAX_DEPTH) {
      this.error(openRange, 'Blocks are nested too deeply.');
      return false;
    }
    this.add(open.node);
    this.stack.push(open);
    return true;
  }

  private pop(at: number, close: Close | undefined): void {
    for (let open = this.stack.pop(); open; open = this.stack.pop()) {
      const { node } = open;
      const innerEnd = close?.range.start ?? at;
      if (node.kind === 'block' && node.inverse) node.inverse.range.end = innerEnd;
      node.range.end = open.chained ? innerEnd : at;
      if (open.chained) continue;
      if (node.kind === 'block') node.close = close;
      return;
    }
  }
}

const OUTSIDE = '`{{else}}` is outside any block.';

function createBlock(opening: Opening): BlockNode {
  const range = { ...opening.openRange };
  return { kind: 'block', range, ...opening, body: [], inverse: undefined, close: undefined };
}

function isMisspelt(open: string | undefined, close: string): boolean {
  if (open === undefined) return false;
  return open.startsWith(close) || close.startsWith(open) || editDistance(open, close, 2) <= 2;
}
