import type { SyntaxNode } from '@lezer/common';
import { childrenOf, codeOf, type Syntax } from './source-syntax.ts';

/** A string of a program: its text, and embedded code (in an f-string or a template literal). */
interface SourceString {
  /** Text and code in alternation: the even ones are text. */
  parts: string[];
  /** Python's three quotes and JavaScript's backticks: a text of several lines. */
  long: boolean;
}

/** The text of a node that is one string literal. */
export function readString(node: SyntaxNode, syntax: Syntax): SourceString {
  const [, prefix = '', quote = '"'] = /^([rRbBfFuUtT]{0,2})("""|'''|["'`])/.exec(codeOf(node, syntax)) ?? [];
  const manner: Manner = { raw: /r/i.test(prefix), doubled: node.name === 'FormatString' };
  const start = node.from + prefix.length + quote.length;
  const end = syntax.source.startsWith(quote, node.to - quote.length) ? node.to - quote.length : node.to;
  const parts: string[] = [];
  let from = start;
  for (const child of childrenOf(node)) {
    if (child.name !== 'Interpolation' && child.name !== 'FormatReplacement') continue;
    parts.push(unescaped(syntax.source.slice(from, child.from), manner), fieldOf(child, syntax));
    from = child.to;
  }
  parts.push(unescaped(syntax.source.slice(from, Math.max(from, end)), manner));
  return { parts, long: quote.length === 3 || quote === '`' };
}

/** The content of the braces, in Python with its conversion and format. */
function fieldOf(node: SyntaxNode, syntax: Syntax): string {
  return codeOf(node, syntax)
    .replace(/^\$?\{/, '')
    .replace(/\}$/, '');
}

interface Manner {
  raw: boolean;
  /** Braces are doubled. */
  doubled: boolean;
}

const ESCAPE =
  /\\(?:x([\da-fA-F]{2})|u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(\r\n|[\s\S]))|(\{\{|\}\})/g;
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b', f: '\f', v: '\v' };

function unescaped(text: string, { raw, doubled }: Manner): string {
  if (!text.includes('\\') && !doubled) return text;
  return text.replace(ESCAPE, (whole, x, braced, u, long, next: string | undefined, brace: string | undefined) => {
    if (brace !== undefined) return doubled ? (brace[0] ?? '') : whole;
    if (raw) return whole;
    const digits: string | undefined = x ?? braced ?? u ?? long;
    if (digits !== undefined) {
      const value = Number.parseInt(digits, 16);
      return value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd';
    }
    if (next === '\n' || next === '\r\n') return '';
    // Python keeps a backslash that escapes nothing; the quotes and the backslash lose theirs.
    return ESCAPES[next ?? ''] ?? (/[\\'"`${]/.test(next ?? '') ? (next ?? '') : whole);
  });
}
