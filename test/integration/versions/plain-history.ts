import { execFileSync } from 'node:child_process';
import type { TemporaryRepository } from './temporary-repository.ts';

// The history of a prompt by its definition, slowly and only with git's plumbing: without any code of the product.

export interface PlainRow {
  commit: string;
  path: string;
  /** The prompt's text with all partials that it uses, directly or indirectly. */
  content: string;
}

export interface PlainHistory {
  rows: PlainRow[];
  /** Every commit and path of the prompt. */
  nodes: ReadonlyMap<string, PlainRow>;
  /** Ancestors of a commit, including itself. */
  ancestors(commit: string): ReadonlySet<string>;
}

type Tree = ReadonlyMap<string, string>;

export interface PlainRepository {
  parents: ReadonlyMap<string, readonly string[]>;
  trees: ReadonlyMap<string, Tree>;
  texts: ReadonlyMap<string, string>;
}

/** Everything that any ref reaches, read once. */
export function readPlainly({ root, env }: TemporaryRepository): PlainRepository {
  const git = (args: string[], input?: string) =>
    execFileSync('git', args, { cwd: root, env, maxBuffer: 2 ** 30, ...(input === undefined ? {} : { input }) });
  const lists = git(['rev-list', '--parents', '--all']).toString().trim().split('\n');
  const parents = new Map(lists.map((line) => line.split(' ')).map(([commit = '', ...rest]) => [commit, rest]));
  const trees = new Map<string, Tree>();
  for (const commit of parents.keys()) {
    const lines = git(['ls-tree', '-r', '-z', commit]).toString().split('\0').filter(Boolean);
    trees.set(commit, new Map(lines.map((line) => [line.split('\t')[1] ?? '', line.split(/[ \t]/)[2] ?? ''])));
  }
  const blobs = [...new Set([...trees.values()].flatMap((tree) => [...tree.values()]))];
  const output = git(['cat-file', '--batch'], `${blobs.join('\n')}\n`);
  const texts = new Map<string, string>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [blob = '', , size] = output.subarray(at, end).toString().split(' ');
    texts.set(blob, output.subarray(end + 1, end + 1 + Number(size)).toString());
    at = end + 2 + Number(size);
  }
  return { parents, trees, texts };
}

export function plainHistory(repository: PlainRepository, tip: string, newest: string): PlainHistory {
  const { parents, trees, texts } = repository;
  const nodes = new Map<string, PlainRow>();
  const rows: PlainRow[] = [];
  const seen = new Set<string>();
  const waiting = [{ commit: tip, path: newest }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { commit, path } = next;
    const key = `${commit}:${path}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const tree = trees.get(commit)!;
    const content = contentOf(tree, texts, path);
    const before = parents.get(commit)!.map((parent) => {
      const at = content === undefined ? path : pathAt({ before: trees.get(parent)!, after: tree, texts }, path);
      return { commit: parent, path: at, content: contentOf(trees.get(parent)!, texts, at) };
    });
    waiting.push(...before);
    if (content === undefined) continue;
    const row = { commit, path, content };
    nodes.set(key, row);
    if (before.every((parent) => parent.content !== content)) rows.push(row);
  }
  const ancestors = (commit: string) => {
    const found = new Set([commit]);
    for (const one of found) for (const parent of parents.get(one)!) found.add(parent);
    return found;
  };
  return { rows, nodes, ancestors };
}

/** The path at a parent: the same, otherwise that of the most similar deleted file, otherwise the same again. */
function pathAt(
  { before, after, texts }: { before: Tree; after: Tree; texts: ReadonlyMap<string, string> },
  path: string,
) {
  if (before.has(path)) return path;
  const own = texts.get(after.get(path)!)!;
  const gone = [...before.keys()].filter((file) => !after.has(file));
  const likeness = gone.map((file) => ({ file, share: likenessOf(texts.get(before.get(file)!)!, own) }));
  const [best] = likeness.filter(({ share }) => share >= 0.5).sort((a, b) => b.share - a.share);
  return best?.file ?? path;
}

/** The share of lines that two texts have in common. */
function likenessOf(a: string, b: string): number {
  const [first, second] = [a.split('\n'), b.split('\n')];
  return first.filter((line) => second.includes(line)).length / Math.max(first.length, second.length);
}

function contentOf(tree: Tree, texts: ReadonlyMap<string, string>, path: string): string | undefined {
  const blob = tree.get(path);
  if (blob === undefined) return undefined;
  const source = texts.get(blob)!;
  const partials = new Map<string, string | undefined>();
  const names = called(source);
  for (const name of names) {
    const folders = path.split('/').slice(0, -1);
    let text: string | undefined;
    for (let depth = folders.length; depth >= 0 && text === undefined; depth -= 1) {
      const file = tree.get([...folders.slice(0, depth), `_${name}.prompt`].join('/'));
      if (file !== undefined) text = texts.get(file);
    }
    partials.set(name, text);
    for (const other of called(text ?? '')) names.add(other);
  }
  const found = [...partials].filter(([, text]) => text !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([source, found]);
}

function called(text: string): Set<string> {
  return new Set([...text.matchAll(/\{\{> (\w+)\}\}/g)].map(([, name = '']) => name));
}
