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

export type TreeBuilder = ReturnType<typeof createTreeBuilder>;

/** Puts statements into their blocks, whatever is missing or surplus. */
export function createTreeBuilder(end: number) {
  const root: Statement[] = [];
  const stack: Open[] = [];
  const add = (statement: Statement) => void (stack.at(-1)?.target ?? root).push(statement);
  const error = (range: Range, message: string) => add({ kind: 'error', range, message });

  const push = (open: Open, openRange: Range): boolean => {
    if (stack.length >= MAX_DEPTH) {
      error(openRange, 'Blocks are nested too deeply.');
      return false;
    }
    add(open.node);
    stack.push(open);
    return true;
  };

  const pop = (at: number, close: Close | undefined): void => {
    for (let open = stack.pop(); open; open = stack.pop()) {
      const { node } = open;
      const innerEnd = close?.range.start ?? at;
      if (node.kind === 'block' && node.inverse) node.inverse.range.end = innerEnd;
      node.range.end = open.chained ? innerEnd : at;
      if (open.chained) continue;
      if (node.kind === 'block') node.close = close;
      return;
    }
  };

  return {
    add,
    error,
    text: (start: number, stop: number) => void (stop > start && add({ kind: 'text', range: { start, end: stop } })),
    comment: (range: Range) => add({ kind: 'comment', range }),
    openBlock(opening: Opening, name: string) {
      const node = createBlock(opening);
      push({ name, node, chained: false, target: node.body }, opening.openRange);
    },
    openPartial(openRange: Range, partial: Omit<PartialNode, 'kind' | 'range' | 'body'>, name: string) {
      const body: Statement[] = [];
      const node: PartialNode = { kind: 'partial', range: { ...openRange }, ...partial, body };
      push({ name, node, chained: false, target: body }, openRange);
    },
    /** `{{else}}`, or with a call `{{else if x}}`; returns the end of its tag. */
    otherwise(tagRange: Range, chained: Pick<BlockNode, 'call' | 'blockParams'> | undefined): number {
      const open = stack.at(-1);
      if (open?.node.kind !== 'block' || open.node.inverse) {
        const message = open?.node.kind === 'block' ? 'This block already has an `{{else}}`.' : OUTSIDE;
        error(tagRange, message);
        return tagRange.end;
      }
      const inverse = { range: { start: tagRange.end, end: tagRange.end }, tagRange, body: [] as Statement[] };
      if (!chained) {
        open.node.inverse = inverse;
        open.target = inverse.body;
        return tagRange.end;
      }
      if (stack.length >= MAX_DEPTH) {
        error(tagRange, 'Blocks are nested too deeply.');
        return tagRange.end;
      }
      inverse.range.start = tagRange.start;
      open.node.inverse = inverse;
      const node = createBlock({ ...chained, openRange: tagRange, inverted: false });
      inverse.body.push(node);
      stack.push({ name: '', node, chained: true, target: node.body });
      return tagRange.end;
    },
    close(close: Close): void {
      const named = stack.findLastIndex((open) => !open.chained && open.name === close.name);
      const nearest = stack.findLastIndex((open) => !open.chained);
      const meant = named >= 0 ? named : isMisspelt(stack[nearest]?.name, close.name) ? nearest : -1;
      if (meant < 0) {
        error(close.range, `\`{{/${close.name}}}\` closes a block that is not open.`);
        return;
      }
      // Blocks opened in between were never closed.
      while (stack.findLastIndex((open) => !open.chained) > meant) pop(close.range.start, undefined);
      pop(close.range.end, close);
    },
    finish(): Statement[] {
      while (stack.length > 0) pop(end, undefined);
      return root;
    },
  };
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
