import type { MarkdownElement, MarkdownNode } from './tree.ts';

/** Converts nodes to DOM: elements from a fixed list, with all content in text nodes. */
export function mount(nodes: readonly MarkdownNode[]): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const node of nodes) fragment.append(typeof node === 'string' ? node : elementOf(node));
  return fragment;
}

function elementOf(node: MarkdownElement): HTMLElement {
  const element = open(node);
  if (node.align) element.style.textAlign = node.align;
  if (node.title !== undefined) element.title = node.title;
  element.append(mount(node.children));
  return element;
}

function open(node: MarkdownElement): HTMLElement {
  switch (node.tag) {
    case 'heading':
      return heading(node.level ?? 1);
    case 'link':
      return link(node.url ?? '');
    case 'pre':
      return code(node);
    case 'ol':
      return create('ol', { start: node.start ?? 1 });
    case 'li':
      return item(node);
    case 'span':
    case 'p':
      return create(node.tag, node.kind ? { className: `md-${node.kind}` } : {});
    default:
      return document.createElement(node.tag);
  }
}

function create<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, properties: Partial<HTMLElementTagNameMap[Tag]>) {
  return Object.assign(document.createElement(tag), properties);
}

/** Headings of an answer are below those of the panel. */
function heading(level: number): HTMLElement {
  const ariaLevel = String(Math.min(6, level + 2));
  return create('div', { role: 'heading', ariaLevel, className: `md-heading md-h${level}` });
}

/** Not an `href`, because VS Code would follow it itself. A click asks the host, which asks the user. */
function link(url: string): HTMLElement {
  const element = create('a', { role: 'link', tabIndex: 0, title: url, className: 'md-link' });
  element.dataset.url = url;
  return element;
}

function code({ language }: MarkdownElement): HTMLElement {
  const element = create('pre', { tabIndex: 0, dir: 'auto' });
  if (language) element.dataset.language = language;
  return element;
}

function item({ kind }: MarkdownElement): HTMLElement {
  if (kind !== 'checked' && kind !== 'unchecked') return document.createElement('li');
  const [icon, ariaLabel] = kind === 'checked' ? ['check', 'done'] : ['primitive-square', 'not done'];
  const element = create('li', { className: 'md-task-item' });
  element.append(create('span', { role: 'img', ariaLabel, className: `codicon codicon-${icon} md-task` }));
  return element;
}
