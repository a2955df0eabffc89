import { type Conversion, closeBlock, isLocal, openBlock, pathOf, readPath } from './jinja-paths.ts';
import { conditionCall } from './jinja-tags.ts';
import type { Piece } from './pieces.ts';

/** The output of `{{ … }}`. */
export function outputPieces(source: string, conversion: Conversion): Piece[] {
  const [head = '', ...filters] = splitFilters(source).map((part) => part.trim());
  const text = literalText(head) ?? constantText(head, conversion);
  if (text !== undefined && filters.length === 0) return [{ text }];
  const chosen = filters.length === 0 ? choicePieces(head, conversion) : undefined;
  if (chosen) return chosen;
  const own = filters.length === 1 ? filterPieces(head, filters[0] ?? '', conversion) : undefined;
  if (own) return own;
  const json = filters.map((filter) => jsonCall(filter, conversion)).find((call) => call !== undefined);
  const path = pathOf(head, conversion);
  for (const filter of filters.filter((name) => !/^(?:tojson|dump|safe|string)\b/.test(name))) {
    conversion.notes.push(
      `The filter \`${filter.slice(0, 100)}\` of \`${head.slice(0, 100)}\` is not imported: pass the formatted value.`,
    );
  }
  if (json === undefined) noteStructure(head, conversion);
  return [{ code: json === undefined ? `{{${path}}}` : `{{json ${path}${json}}}` }];
}

/** Python prints a list or a map with its brackets, a template here without, or not at all. */
function noteStructure(head: string, { inputs, notes, engine, locals }: Conversion): void {
  const given = inputs.get(head)?.default;
  if (engine !== 'jinja' || locals.has(head) || typeof given !== 'object' || given === null) return;
  notes.push(
    `\`${head}\` is a ${Array.isArray(given) ? 'list' : 'map'} that Jinja2 prints in Python syntax, unlike a template here: print its elements in a loop, or use \`{{json ${head}}}\`.`,
  );
}

/** `{{ "{{" }}` is how braces are written; numbers are texts, too. */
function literalText(head: string): string | undefined {
  const quoted = /^(?:"([^"\\]*)"|'([^'\\]*)')$/.exec(head);
  if (quoted) return quoted[1] ?? quoted[2] ?? '';
  return /^\d{1,15}$/.test(head) ? head : undefined;
}

/** Constants are not variables, unless a loop uses the name for its element. */
function constantText(head: string, conversion: Conversion): string | undefined {
  if (!/^(?:[Tt]rue|[Ff]alse|[Nn]one|null)$/.test(head) || isLocal(conversion, head)) return undefined;
  const name = head.toLowerCase();
  if (conversion.engine === 'nunjucks') return name === 'true' || name === 'false' ? name : '';
  return head === 'null' ? undefined : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** `{{ a if b else c }}` if each of them is a name or a text. */
function choicePieces(head: string, conversion: Conversion): Piece[] | undefined {
  if (head.length > 1_000) return undefined;
  const [, first, test, second] =
    /^(\S+|"[^"]*"|'[^']*')\s+if\s+(.+?)(?:\s+else\s+(\S+|"[^"]*"|'[^']*'))?$/s.exec(head) ?? [];
  const isTerm = (term: string) => literalText(term) !== undefined || readPath(term) !== undefined;
  if (!first || !test || !isTerm(first) || (second !== undefined && !isTerm(second))) return undefined;
  const call = conditionCall(test.trim(), conversion);
  openBlock(conversion, { keyword: 'if', close: `{{/${call.split(' ')[0]}}}`, names: [] });
  const pieces: Piece[] = [{ code: `{{#${call}}}` }, ...outputPieces(first, conversion)];
  if (second !== undefined) pieces.push({ code: '{{else}}' }, ...outputPieces(second, conversion));
  return [...pieces, { code: closeBlock(conversion) ?? '' }];
}

/** The few filters with an equivalent in this format; undefined for any other. */
function filterPieces(head: string, filter: string, conversion: Conversion): Piece[] | undefined {
  const path = readPath(head);
  if (!path) return undefined;
  if (/^(?:length|count)$/.test(filter)) return [{ code: `{{${pathOf(`${head}.length`, conversion)}}}` }];
  if (filter === 'join') return joinedPieces(head, '', conversion);
  const [, name, quote, text = ''] =
    /^(join|default|d)\(\s*(["'])([^"'{}\\]*(?:\\[nt][^"'{}\\]*)*)\2[^()]*\)$/.exec(filter) ?? [];
  if (quote === undefined) return undefined;
  const literal = text.replaceAll('\\n', '\n').replaceAll('\\t', '\t');
  if (name === 'join') return joinedPieces(head, literal, conversion);
  const isInput = path.steps.length === 0 && !isLocal(conversion, path.head);
  if (isInput && /,\s*(?:boolean\s*=\s*)?[Tt]rue\s*\)$/.test(filter))
    conversion.notes.push(
      `In the original, the default of \`${head}\` also replaces an empty value: leave the value out instead.`,
    );
  return isInput ? [{ code: `{{${pathOf(head, conversion, { default: literal })}}}` }] : undefined;
}

function joinedPieces(head: string, separator: string, conversion: Conversion): Piece[] {
  const isInput = /^\w+$/.test(head) && !isLocal(conversion, head);
  const path = pathOf(head, conversion, isInput ? { type: 'any', array: true } : {});
  const between: Piece[] =
    separator === '' ? [] : [{ code: '{{#unless @last}}' }, { text: separator }, { code: '{{/unless}}' }];
  return [{ code: `{{#each ${path}}}` }, { code: '{{this}}' }, ...between, { code: '{{/each}}' }];
}

/** The rest of a call of `json`, for a filter that writes JSON. */
function jsonCall(filter: string, { notes, engine }: Conversion): string | undefined {
  const match = /^(tojson|dump)\b\s*(?:\(\s*(?:indent\s*=\s*)?(\d+)?\s*\))?/.exec(filter);
  if (!match) return undefined;
  const [, name = '', indent] = match;
  if (name === 'tojson' && engine === 'jinja') {
    const spaces = indent === undefined ? ', writes no spaces after commas and colons' : '';
    notes.push(
      `\`tojson\` writes keys in order and <, >, &, ' and letters beyond ASCII as \\u…; \`{{json}}\` keeps them as they are${spaces}.`,
    );
  }
  return indent === undefined ? '' : ` indent=${indent}`;
}

/** Splits at `|`, but not inside quotes. */
function splitFilters(source: string): string[] {
  return source.match(/(?:"[^"]*"|'[^']*'|[^|"']|["'])+/g) ?? [];
}
