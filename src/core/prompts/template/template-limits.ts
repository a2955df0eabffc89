/**
 * The time of Handlebars' parser is quadratic in nesting, in the number of long comments and, in dotprompt, of unclosed
 * markers. These limits are far above any prompt, and keep a hostile file from blocking the editor.
 */
const MAX_EXPRESSIONS = 10_000;
const MAX_DEPTH = 200;
const MAX_EXPRESSION_LENGTH = 50_000;
const MAX_COST = 500_000_000;

/** Explains why a template is too large; undefined if it is not. One pass, without parsing. */
export function exceedsLimits(text: string): string | undefined {
  let expressions = 0;
  let comments = 0;
  let depth = 0;
  for (let at = text.indexOf('{{'); at >= 0; expressions += 1) {
    if (expressions > MAX_EXPRESSIONS) return `The template has more than ${MAX_EXPRESSIONS} expressions.`;
    const close = text.indexOf('}}', at + 2);
    const end = close < 0 ? text.length : close;
    const tag = /^\{\{~?(?:!(?:--)?|[#^/]|\s*else\s)?/.exec(text.slice(at, Math.min(end, at + 40)))?.[0] ?? '';
    if (tag.endsWith('!--')) comments += 1;
    else if (tag.endsWith('/')) depth = Math.max(0, depth - 1);
    else if (/[#^]$/.test(tag) && end > at + tag.length) depth += 1;
    if (depth > MAX_DEPTH || parenthesisDepth(text.slice(at, end)) > MAX_DEPTH) {
      return `The template nests its blocks or expressions more than ${MAX_DEPTH} deep.`;
    }
    if (!tag.includes('!') && end - at > MAX_EXPRESSION_LENGTH) {
      if (close < 0) return 'An expression in the template is not closed by `}}`.';
      return `An expression in the template is longer than ${MAX_EXPRESSION_LENGTH} characters.`;
    }
    if (close < 0) break;
    at = text.indexOf('{{', end);
  }
  const markers = text.split('<<<dotprompt:').length - 1;
  const isCostly = (comments + markers) * text.length > MAX_COST;
  return isCostly ? 'The template has too many comments or markers for its length.' : undefined;
}

function parenthesisDepth(expression: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [parenthesis] of expression.matchAll(/[()]/g)) {
    depth += parenthesis === '(' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
