import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkdownParser, parseMarkdown } from '../../../webview/shared/markdown/parser.ts';
import type { MarkdownNode } from '../../../webview/shared/markdown/tree.ts';

function parseInPieces(pieces: string[]): MarkdownNode[] {
  const parser = new MarkdownParser();
  for (const piece of pieces) {
    parser.append(piece);
    while (parser.step());
  }
  parser.finish();
  while (parser.step());
  expect(parser.tailLength).toBe(0);
  return parser.blocks.flatMap((block) => block.nodes);
}

const textOf = (nodes: MarkdownNode[]): string =>
  nodes.map((node) => (typeof node === 'string' ? node : textOf(node.children))).join('');

const lines = [
  '',
  '',
  '# Heading',
  '#',
  'Some *prose* with [a link](https://example.com) and `code`.',
  '- item',
  '  - nested',
  '1. first',
  '2. second',
  '> quote',
  '```js',
  '```',
  'const a = 1;',
  '| a | b |',
  '|---|:-:|',
  '| 1 | **2** |',
  '---',
  '===',
  '***',
  '    indented',
  '<div>',
  '</div>',
  '<!-- note',
  '-->',
  '[ref]: https://example.com/x',
  'see [ref] and [other]',
  '[other]: <https://example.com/y> "title"',
  '- [x] done',
  '- [ ] open',
  '![alt](https://example.com/i.png)',
  'lazy',
  '\ttab',
  '~~~',
  'a  ',
  'b\\',
  '&amp; &lt;b&gt;',
  '<script>alert(1)</script>',
  'https://example.com.',
  '10) ten',
];
const documents = fc.array(fc.constantFrom(...lines), { maxLength: 24 }).map((chosen) => chosen.join('\n'));

function split(text: string, cuts: number[]): string[] {
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
}

describe('the incremental Markdown parser', () => {
  it('ends with the result of parsing the whole text, wherever the text was split', () => {
    fc.assert(
      fc.property(documents, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
        expect(parseInPieces(split(text, cuts))).toEqual(parseMarkdown(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends with the same result if the text arrives one character at a time, with any line endings', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom('\n', '\r\n', '\r'), (text, lineEnd) => {
        const source = text.replaceAll('\n', lineEnd);
        expect(parseInPieces([...source])).toEqual(parseMarkdown(text));
      }),
      { numRuns: 100 },
    );
  });

  it('shows an unfinished block as if the text ended here', () => {
    const parser = new MarkdownParser();
    parser.append('done\n\nlast but one\n\nlast\n\n- one **bo');
    parser.step();
    expect(parser.tail()).toEqual(parseMarkdown('last but one\n\nlast\n\n- one **bo'));
  });

  it('draws a finished block again when the definition of its link arrives', () => {
    const parser = new MarkdownParser();
    parser.append('see [ref]\n\none\n\ntwo\n\n');
    parser.step();
    expect(parser.takeChanged()).toEqual([]);
    parser.append('[ref]: https://example.com\n\nthree\n\nfour\n\nfive\n\n');
    parser.step();
    expect(parser.takeChanged()).toContain(0);
    expect(parser.blocks[0]?.nodes).toEqual(parseMarkdown('see [ref]\n\n[ref]: https://example.com').slice(0, 1));
  });

  it.each([
    ['list', Array.from({ length: 900 }, (_, i) => `- item ${i} of a very long list\n`).join('')],
    ['numbered list', Array.from({ length: 900 }, (_, i) => `${i + 1}. item ${i} of a long list\n`).join('')],
    [
      'table',
      `| a | b |\n|---|---|\n${Array.from({ length: 900 }, (_, i) => `| cell ${i} | **bold** ${i} |\n`).join('')}`,
    ],
    ['code', `\`\`\`ts\n${Array.from({ length: 900 }, (_, i) => `const value${i} = ${i};\n`).join('')}\`\`\`\n`],
    ['paragraph', Array.from({ length: 5_000 }, (_, i) => `word${i} `).join('')],
    ['quote', Array.from({ length: 900 }, (_, i) => `> line ${i} of a quote\n`).join('')],
  ])('splits a single %s of many pages and loses nothing', (_kind, text) => {
    const parser = new MarkdownParser();
    parser.append(text);
    while (parser.step()) expect(parser.tailLength).toBeLessThan(12_500);
    parser.finish();
    parser.step();
    const words = (value: string) => value.split(/\s+/).join('');
    expect(words(textOf(parser.blocks.flatMap((block) => block.nodes)))).toBe(words(textOf(parseMarkdown(text))));
    expect(parser.blocks.length).toBeGreaterThan(2);
  });
});
