import { isComment, isText, literal, mergeTexts, type Piece, trimPieces } from './pieces.ts';

/** Pieces as a tree: blocks with their branches. */
type Node = { text: string; raw?: string } | { code: string } | Block;
interface Block {
  /** The tag and content of each branch; the first is the block's own. */
  branches: { tag: string; body: Node[] }[];
  close: string;
}

/**
 * Removes the whitespace at the edges of the rendered text. If a block is at an edge, its own whitespace there is
 * removed from its branches, and that next to it moves into them: it is at the edge only if the block renders nothing.
 */
export function trimRendered(pieces: readonly Piece[], notes: string[]): Piece[] {
  const plain = trimPieces(pieces);
  const [first] = plain;
  const last = plain.at(-1);
  if ((first === undefined || isText(first) || !isBlockTag(first)) && (!last || isText(last) || !isBlockTag(last))) {
    return plain;
  }
  const tree = toTree(mergeTexts(plain.map((piece) => ('text' in piece ? { text: piece.text } : piece))));
  if (!tree) return plain;
  const trimmed = trimStart(trimEnd(tree));
  if (!trimmed) {
    notes.push('Whitespace at the edge of a message depends on conditions: it may differ by blank lines.');
    return plain;
  }
  return mergeTexts(toPieces(trimmed));
}

const isBlockTag = (piece: Piece): boolean => 'code' in piece && /^\{\{~?(?:[#^/]|else\b)/.test(piece.code);

function toTree(pieces: readonly Piece[]): Node[] | undefined {
  const root: Node[] = [];
  const open: { block: Block; into: Node[] }[] = [];
  let into = root;
  for (const piece of pieces) {
    const tag = 'code' in piece ? /^\{\{~?(#|\^|\/|else\b)/.exec(piece.code)?.[1] : undefined;
    if (tag === undefined || !('code' in piece)) {
      into.push(piece);
      continue;
    }
    const current = open.at(-1);
    if (tag === '#' || tag === '^') {
      const block: Block = { branches: [{ tag: piece.code, body: [] }], close: '' };
      into.push(block);
      open.push({ block, into });
      into = block.branches[0]?.body ?? into;
    } else if (!current) return undefined;
    else if (tag === '/') {
      current.block.close = piece.code;
      into = current.into;
      open.pop();
    } else {
      const branch: { tag: string; body: Node[] } = { tag: piece.code, body: [] };
      current.block.branches.push(branch);
      into = branch.body;
    }
  }
  return open.length > 0 ? undefined : root;
}

function toPieces(nodes: readonly Node[]): Piece[] {
  return nodes.flatMap((node): Piece[] => {
    if (!('branches' in node)) return [node];
    const inside = node.branches.flatMap(({ tag, body }): Piece[] => [{ code: tag }, ...toPieces(body)]);
    return [...inside, { code: node.close }];
  });
}

interface Edge {
  trim(text: string): string;
  /** The whitespace of a text at the edge. */
  blank(text: string): string;
  /** What is known about a loop's element at this edge, and at the other one. */
  own: string;
  other: string;
}

const END: Edge = {
  trim: (text) => text.trimEnd(),
  blank: (text) => text.slice(text.trimEnd().length),
  own: '@last',
  other: '@first',
};
const START: Edge = {
  trim: (text) => text.trimStart(),
  blank: (text) => text.slice(0, text.length - text.trimStart().length),
  own: '@first',
  other: '@last',
};

const trimEnd = (nodes: Node[] | undefined): Node[] | undefined => nodes && trimEdge(nodes, END);

/** The same from the other side: the nodes are reversed, and back. */
function trimStart(nodes: Node[] | undefined): Node[] | undefined {
  const turned = nodes && trimEdge(turn(nodes), START);
  return turned && turn(turned);
}

function turn(nodes: readonly Node[]): Node[] {
  return nodes
    .map((node): Node => {
      if (!('branches' in node)) return node;
      return { ...node, branches: node.branches.map(({ tag, body }) => ({ tag, body: turn(body) })) };
    })
    .reverse();
}

/** Undefined if a block at the edge may render only whitespace, and more than its branches would have to change. */
function trimEdge(nodes: readonly Node[], edge: Edge): Node[] | undefined {
  const kept = [...nodes];
  for (let last = kept.at(-1); last; last = kept.at(-1)) {
    if ('branches' in last) {
      kept.pop();
      return trimBlock(kept, last, edge);
    }
    if ('code' in last) {
      if (!isComment(last.code)) return kept;
      kept.pop();
      continue;
    }
    const text = edge.trim(last.text);
    kept.pop();
    if (text !== '') return [...kept, { text }];
  }
  return kept;
}

function trimBlock(before: Node[], block: Block, edge: Edge): Node[] | undefined {
  const always = renderedAlways(block, edge);
  if (always) return [...before, always];
  const beside = before.at(-1);
  const isBlank = beside !== undefined && 'text' in beside;
  let space = isBlank ? edge.blank(beside.text) : '';
  let rest = isBlank ? before.slice(0, -1) : before;
  // Everything before the block is at the edge if the block renders nothing.
  let shortened = isBlank && edge.trim(beside.text) !== '' ? [...rest, { text: edge.trim(beside.text) }] : rest;
  const next = (isBlank ? edge.trim(beside.text) === '' : true) ? rest.at(-1) : undefined;
  if (next && 'branches' in next) {
    const own = sharedBlank(next, edge);
    const trimmed = renderedAlways(next, edge);
    if (own === undefined || !trimmed) return undefined;
    space = edge === END ? own + space : space + own;
    rest = [...rest.slice(0, -1), trimmed];
    shortened = rest;
  }
  const branches: Block['branches'] = [];
  for (const [index, { tag, body }] of block.branches.entries()) {
    const made = isLoop(block) && index === 0 ? loopBody(body, space, edge) : branchBody(body, space, edge);
    if (made === undefined) return undefined;
    branches.push({ tag, body: made });
  }
  return [...shortened, { ...block, branches }];
}

/** The block without the whitespace at the edges of its branches, if one of them always renders some text. */
function renderedAlways(block: Block, edge: Edge): Block | undefined {
  if (!/^\{\{~?else~?\}\}$/.test(block.branches.at(-1)?.tag ?? '') || isLoop(block)) return undefined;
  const branches: Block['branches'] = [];
  for (const { tag, body } of block.branches) {
    const trimmed = trimEdge(body, edge);
    const last = trimmed?.at(-1);
    if (!trimmed || !last || !('text' in last)) return undefined;
    branches.push({ tag, body: trimmed });
  }
  return { ...block, branches };
}

/** The whitespace that all branches of a block have at the edge. */
function sharedBlank({ branches }: Block, edge: Edge): string | undefined {
  const blanks = branches.map(({ body }) => {
    const last = body.at(-1);
    return last && 'text' in last ? edge.blank(last.text) : '';
  });
  return blanks.every((blank) => blank === blanks[0]) ? blanks[0] : undefined;
}

const isLoop = (block: Block): boolean => /^\{\{~?#each\b/.test(block.branches[0]?.tag ?? '');

function branchBody(body: readonly Node[], space: string, edge: Edge): Node[] | undefined {
  const trimmed = trimEdge(body, edge);
  if (!trimmed) return undefined;
  if (trimmed.length === 0) return [];
  // A branch that may itself be blank cannot contain the whitespace.
  if (!trimmed.some((node) => ('text' in node ? node.text.trim() !== '' : 'code' in node)))
    return space ? undefined : trimmed;
  return space === '' ? trimmed : [{ text: space }, ...trimmed];
}

/** The first and last rounds of a loop differ: only one of them is at the edge. */
function loopBody(body: readonly Node[], space: string, edge: Edge): Node[] | undefined {
  const last = body.at(-1);
  if (!last || 'branches' in last || ('code' in last && isComment(last.code))) return undefined;
  const inner = 'text' in last ? edge.blank(last.text) : '';
  const trimmed = 'text' in last ? [...body.slice(0, -1), ...literal(edge.trim(last.text))] : [...body];
  if (trimmed.length === 0 || trimmed.at(-1) === undefined || 'branches' in (trimmed.at(-1) ?? {})) return undefined;
  const between = guarded('unless', edge.own, inner);
  const ahead = guarded('if', edge.other, space);
  return [...ahead, ...trimmed, ...between];
}

function guarded(helper: 'if' | 'unless', data: string, space: string): Node[] {
  if (space === '') return [];
  return [{ branches: [{ tag: `{{#${helper} ${data}}}`, body: [{ text: space }] }], close: `{{/${helper}}}` }];
}
