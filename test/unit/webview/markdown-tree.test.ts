import { describe, expect, it } from 'vitest';
import { parseMarkdown } from '../../../webview/shared/markdown/parser.ts';
import type { MarkdownNode } from '../../../webview/shared/markdown/tree.ts';

const find = (nodes: MarkdownNode[], tag: string): MarkdownNode[] =>
  nodes.flatMap((node) =>
    typeof node === 'string' ? [] : [...(node.tag === tag ? [node] : []), ...find(node.children, tag)],
  );
const textOf = (nodes: MarkdownNode[]): string =>
  nodes.map((node) => (typeof node === 'string' ? node : textOf(node.children))).join('');

describe('Markdown as nodes', () => {
  it('keeps raw HTML as text', () => {
    const nodes = parseMarkdown(
      'a <b onclick="x()">b</b>\n\n<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n',
    );
    expect(textOf(nodes)).toContain('<script>alert(1)</script>');
    expect(textOf(nodes)).toContain('<b onclick="x()">');
    expect(textOf(nodes)).toContain('<img src=x onerror=alert(1)>');
  });

  it('turns an image into a link with its description', () => {
    const [link] = find(parseMarkdown('![a cat](https://example.com/cat.png)'), 'link');
    expect(link).toEqual({
      tag: 'link',
      kind: 'image',
      url: 'https://example.com/cat.png',
      children: ['image: a cat'],
    });
  });

  it('keeps the target of web and mail links only', () => {
    const targets = [
      'javascript:alert(1)',
      'command:workbench.action.quit',
      'file:///etc/passwd',
      'vscode://x',
      'data:text/html,x',
      '//x',
      '#y',
    ];
    for (const target of targets) expect(find(parseMarkdown(`[text](<${target}>)`), 'link')).toEqual([]);
    const kept = find(parseMarkdown('[a](https://x.example) [b](HTTP://y.example) <m@example.com>'), 'link');
    expect(kept.map((node) => (typeof node === 'string' ? '' : node.url))).toEqual([
      'https://x.example',
      'HTTP://y.example',
      'mailto:m@example.com',
    ]);
  });

  it('shows the target of a rejected link', () => {
    expect(find(parseMarkdown('[text](javascript:alert%281%29)'), 'span')).toMatchObject([
      { kind: 'refused-link', title: 'javascript:alert%281%29', children: ['text'] },
    ]);
  });

  it('resolves character references in text but not in code', () => {
    expect(textOf(parseMarkdown('&lt;b&gt; &amp;amp; &#x41; &#0; &nosuch; &constructor;'))).toBe(
      '<b> &amp; A \ufffd &nosuch; &constructor;',
    );
    expect(textOf(parseMarkdown('`&lt;`'))).toBe('&lt;');
  });

  it('shows control characters as symbols', () => {
    expect(textOf(parseMarkdown('red \u001b[31mtext\u0000\n\n```\n\u001b[0m\n```'))).toMatch(
      /red ␛\[31mtext[␀\ufffd]␛\[0m/,
    );
  });

  it('keeps tasks, alignment, numbering and languages', () => {
    const nodes = parseMarkdown('3. c\n\n- [x] done\n\n|a|b|\n|:-:|--:|\n|1|2|\n\n```python title\nx\n```');
    expect(nodes).toMatchObject([
      { tag: 'ol', start: 3 },
      { tag: 'ul', children: [{ kind: 'checked' }] },
      { tag: 'table', children: [{ children: [{ align: 'center' }, { align: 'right' }] }, {}] },
      { tag: 'pre', language: 'python', children: ['x'] },
    ]);
  });
});
