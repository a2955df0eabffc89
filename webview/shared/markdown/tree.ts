import { characterEntities } from 'character-entities';
import type { MarkedToken, Token, Tokens } from 'marked';
import { showControls } from '../text/show-controls.ts';

/** The result of an answer's Markdown: text, and only these elements with these attributes. */
export type MarkdownNode = string | MarkdownElement;

export interface MarkdownElement {
  tag:
    | 'p'
    | 'heading'
    | 'ul'
    | 'ol'
    | 'li'
    | 'pre'
    | 'code'
    | 'blockquote'
    | 'hr'
    | 'br'
    | 'strong'
    | 'em'
    | 'del'
    | 'table'
    | 'tr'
    | 'th'
    | 'td'
    | 'link'
    | 'span';
  children: MarkdownNode[];
  level?: number;
  start?: number;
  align?: 'left' | 'center' | 'right';
  /** Only http, https and mailto; opened by the host after a click. */
  url?: string;
  title?: string;
  /** `checked` / `unchecked` for a task, or the kind of a span or paragraph. */
  kind?: 'checked' | 'unchecked' | 'html' | 'refused-link' | 'image';
  language?: string;
}

/**
 * Converts tokens to nodes. Raw HTML stays text, an image becomes a link with its description, unsafe links lose their
 * target.
 */
export function treeOf(tokens: readonly Token[] | undefined): MarkdownNode[] {
  return (tokens ?? []).flatMap((token) => nodeOf(token as MarkedToken));
}

/** The maximum length of a link's URL. Longer ones (data hidden in a URL) are shown as text. */
const MAX_URL = 2_000;

function safeUrl(href: string): string | undefined {
  const url = href.trim();
  return url.length <= MAX_URL && /^(https?:\/\/[^\s]|mailto:[^\s])/i.test(url) ? url : undefined;
}

const text = (raw: string): string => showControls(decodeEntities(raw));

/** The lexer leaves character references to an HTML parser, but text nodes need them resolved. */
function decodeEntities(raw: string): string {
  return raw.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{2,31}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(characterEntities, name) ? (characterEntities[name] ?? whole) : whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const valid = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return valid ? String.fromCodePoint(code) : '\ufffd';
  });
}

function nodeOf(token: MarkedToken): MarkdownNode[] {
  switch (token.type) {
    case 'space':
    case 'def':
    case 'checkbox':
      return [];
    case 'paragraph':
      return [{ tag: 'p', children: treeOf(token.tokens) }];
    case 'heading':
      return [{ tag: 'heading', level: token.depth, children: treeOf(token.tokens) }];
    case 'code':
      return [codeBlock(token)];
    case 'blockquote':
      return [{ tag: 'blockquote', children: treeOf(token.tokens) }];
    case 'list':
      return [list(token)];
    case 'table':
      return [table(token)];
    case 'hr':
      return [{ tag: 'hr', children: [] }];
    case 'html':
      return [{ tag: token.block ? 'p' : 'span', kind: 'html', children: [showControls(token.raw)] }];
    default:
      return inlineNodeOf(token);
  }
}

function inlineNodeOf(token: MarkedToken): MarkdownNode[] {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return [{ tag: token.type, children: treeOf(token.tokens) }];
    case 'codespan':
      return [{ tag: 'code', children: [showControls(token.text)] }];
    case 'br':
      return [{ tag: 'br', children: [] }];
    case 'link':
      return [link(token)];
    case 'image':
      return [image(token)];
    case 'escape':
      return [showControls(token.text)];
    case 'text':
      return token.tokens ? treeOf(token.tokens) : [text(token.text)];
    default:
      return [showControls(token.raw)];
  }
}

function codeBlock(token: Tokens.Code): MarkdownElement {
  const language = token.lang?.trim().split(/\s/)[0];
  const code: MarkdownElement = { tag: 'pre', children: [showControls(token.text)] };
  return language ? { ...code, language: showControls(language) } : code;
}

function list(token: Tokens.List): MarkdownElement {
  const children = token.items.map((item): MarkdownElement => {
    const body: MarkdownElement = { tag: 'li', children: treeOf(item.tokens) };
    return item.task ? { ...body, kind: item.checked ? 'checked' : 'unchecked' } : body;
  });
  if (!token.ordered) return { tag: 'ul', children };
  return { tag: 'ol', children, start: token.start === '' ? 1 : token.start };
}

function table(token: Tokens.Table): MarkdownElement {
  const row = (cells: Tokens.TableCell[], tag: 'th' | 'td'): MarkdownElement => ({
    tag: 'tr',
    children: cells.map((cell) => {
      const node: MarkdownElement = { tag, children: treeOf(cell.tokens) };
      return cell.align ? { ...node, align: cell.align } : node;
    }),
  });
  return { tag: 'table', children: [row(token.header, 'th'), ...token.rows.map((cells) => row(cells, 'td'))] };
}

function link(token: Tokens.Link): MarkdownElement {
  const children = token.autolink ? [showControls(token.text)] : treeOf(token.tokens);
  const url = safeUrl(token.href);
  if (url) return { tag: 'link', url, children };
  return { tag: 'span', kind: 'refused-link', title: showControls(token.href.slice(0, MAX_URL)), children };
}

/** Images are not loaded, because a remote server could see that the answer was read. */
function image(token: Tokens.Image): MarkdownElement {
  const children = [`image: ${text(token.text) || 'no description'}`];
  const url = safeUrl(token.href);
  return url ? { tag: 'link', kind: 'image', url, children } : { tag: 'span', kind: 'image', children };
}
