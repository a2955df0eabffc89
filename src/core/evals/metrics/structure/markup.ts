import type { DefaultTreeAdapterTypes, ParserError } from 'parse5';
import type { Measured, Scorer } from '../metric.ts';
import { withoutFence } from './without-fence.ts';

/** The answer is a well-formed XML 1.0 document, by the strict parser of `@rgrove/parse-xml`. */
export async function createXmlValid(): Promise<Scorer> {
  const { parseXml } = await import('@rgrove/parse-xml');
  return {
    score({ output }): Measured {
      try {
        parseXml(withoutFence(output));
        return { value: 1 };
      } catch (error) {
        return { value: 0, reason: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error) };
      }
    },
  };
}

type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.ChildNode;

interface Range {
  startOffset: number;
  endOffset: number;
}

/** What parsing of HTML shows: each element as written, and the parts of the source in which no end tag is meant. */
interface Found {
  elements: Element[];
  endTags: Set<number>;
  opaque: Range[];
}

/**
 * The answer is HTML with at least one element, no parse errors (of the WHATWG standard, by `parse5`), and no tag that
 * is left open or closes nothing. It may be a document or a fragment.
 */
export async function createHtmlValid(): Promise<Scorer> {
  const { parse, parseFragment } = await import('parse5');
  return {
    score({ output }): Measured {
      const html = withoutFence(output);
      const errors: ParserError[] = [];
      const options = { sourceCodeLocationInfo: true, onParseError: (error: ParserError) => void errors.push(error) };
      const isDocument = /^\s*(?:<!doctype|<html[\s>])/i.test(html);
      const root = isDocument ? parse(html, options) : parseFragment(html, options);
      const found = collect(root.childNodes);
      if (found.elements.length === 0) return { value: 0, reason: 'The answer has no HTML element.' };
      const error = errors.find(({ code }) => code !== 'missing-doctype');
      if (error) return { value: 0, reason: `Line ${error.startLine}: ${error.code.replaceAll('-', ' ')}.` };
      const open = found.elements.find((element) => isLeftOpen(element));
      if (open) return { value: 0, reason: `<${open.tagName}> is not closed.` };
      const stray = findStrayEndTag(html, found);
      return stray === undefined ? { value: 1 } : { value: 0, reason: `${stray} closes no element.` };
    },
  };
}

/** Elements without an end tag, and those whose end tag may be omitted (HTML standard, 13.1.2). */
const UNCLOSED = new Set(
  [
    'area base br col embed hr img input link meta source track wbr param',
    'html head body li dt dd p rt rp optgroup option colgroup caption thead tbody tfoot tr td th',
  ].flatMap((names) => names.split(' ')),
);

function isLeftOpen({ tagName, sourceCodeLocation, namespaceURI }: Element): boolean {
  if (!sourceCodeLocation?.startTag || sourceCodeLocation.endTag || UNCLOSED.has(tagName)) return false;
  // in SVG and MathML `<path/>` is closed: then the element ends with its start tag
  const isForeign = !namespaceURI.endsWith('/xhtml');
  return !(isForeign && sourceCodeLocation.startTag.endOffset === sourceCodeLocation.endOffset);
}

const RAW_TEXT = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript']);

function collect(roots: readonly Node[]): Found {
  const found: Found = { elements: [], endTags: new Set(), opaque: [] };
  const waiting = [...roots];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if ('content' in node) waiting.push(...node.content.childNodes);
    if ('childNodes' in node) waiting.push(...node.childNodes);
    const place = node.sourceCodeLocation;
    if (!place) continue;
    if (node.nodeName === '#comment') found.opaque.push(place);
    if (!('tagName' in node)) continue;
    const { startTag, endTag } = node.sourceCodeLocation ?? {};
    if (startTag) {
      found.elements.push(node);
      found.opaque.push(startTag);
      if (endTag && RAW_TEXT.has(node.tagName)) {
        found.opaque.push({ startOffset: startTag.endOffset, endOffset: endTag.startOffset });
      }
    }
    if (endTag) found.endTags.add(endTag.startOffset);
  }
  return found;
}

/** An end tag that no element has as its own; those of the document itself have no place in the tree. */
function findStrayEndTag(html: string, { endTags, opaque }: Found): string | undefined {
  const isOpaque = (at: number) => opaque.some(({ startOffset, endOffset }) => at >= startOffset && at < endOffset);
  for (const { 0: tag, index } of html.matchAll(/<\/(?!(?:html|head|body)\b)[a-z][^>]*>/gi)) {
    if (!endTags.has(index) && !isOpaque(index)) return tag;
  }
  return undefined;
}
