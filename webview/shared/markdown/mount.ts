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
      return link(node);
    case 'pre':
      return code(node);
    case 'ol': {
      const list = document.createElement('ol');
      list.start = node.start ?? 1;
      return list;
    }
    case 'li':
      return item(node);
    case 'span':
      return withClass(document.createElement('span'), `md-${node.kind ?? 'span'}`);
    case 'p':
      return withClass(document.createElement('p'), node.kind ? `md-${node.kind}` : '');
    default:
      return document.createElement(node.tag);
  }
}

/** Headings of an answer are below those of the panel. */
function heading(level: number): HTMLElement {
  const element = document.createElement('div');
  element.setAttribute('role', 'heading');
  element.setAttribute('aria-level', String(Math.min(6, level + 2)));
  return withClass(element, `md-heading md-h${level}`);
}

/** Not an `href`, because VS Code would follow it itself. A click asks the host, which asks the user. */
function link(node: MarkdownElement): HTMLElement {
  const element = document.createElement('a');
  element.setAttribute('role', 'link');
  element.tabIndex = 0;
  element.dataset.url = node.url ?? '';
  element.title = node.url ?? '';
  return withClass(element, 'md-link');
}

function code(node: MarkdownElement): HTMLElement {
  const element = document.createElement('pre');
  element.tabIndex = 0;
  element.dir = 'auto';
  if (node.language) element.dataset.language = node.language;
  return element;
}

function item(node: MarkdownElement): HTMLElement {
  const element = document.createElement('li');
  if (node.kind !== 'checked' && node.kind !== 'unchecked') return element;
  const done = node.kind === 'checked';
  const box = withClass(
    document.createElement('span'),
    `codicon codicon-${done ? 'check' : 'primitive-square'} md-task`,
  );
  box.setAttribute('role', 'img');
  box.setAttribute('aria-label', done ? 'done' : 'not done');
  element.append(box);
  return withClass(element, 'md-task-item');
}

function withClass<E extends HTMLElement>(element: E, name: string): E {
  if (name) element.className = name;
  return element;
}
