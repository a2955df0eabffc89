import type { SyntaxNode, Tree } from '@lezer/common';

/** The offset that is being read: in shared memory, so that it is known for a thread that had to be stopped. */
export type ReadingPlace = Int32Array;

/** A program with its syntax tree; broken parts are between nodes that could be read. */
export interface Syntax {
  source: string;
  python: boolean;
  tree: Tree;
  place: ReadingPlace;
}

/** Parses a program, whatever it contains. Loads the parser of its language. */
export async function parseProgram(path: string, source: string, place: ReadingPlace): Promise<Syntax> {
  const python = !/\.(?:[cm]?[jt]sx?)$/.test(path);
  const parse = (await loadParser(path, python)).startParse(source);
  let tree = parse.advance();
  for (; !tree; tree = parse.advance()) place[0] = parse.parsedPos;
  return { source, python, tree, place };
}

async function loadParser(path: string, python: boolean) {
  if (python) return (await import('@lezer/python')).parser;
  const { parser } = await import('@lezer/javascript');
  // JSX would take the type in `<T>value` for an element
  return parser.configure({ dialect: /\.[cm]?ts$/.test(path) ? 'ts' : 'ts jsx' });
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

const PUNCTUATION = /^(?:[()[\]{},;:]|\.|\?\.|Comment|LineComment|BlockComment|⚠)$/;

/** The children other than brackets, commas and comments. */
export function partsOf(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).filter(({ name }) => !PUNCTUATION.test(name));
}

export function codeOf(node: SyntaxNode, { source }: Pick<Syntax, 'source'>): string {
  return source.slice(node.from, node.to);
}
