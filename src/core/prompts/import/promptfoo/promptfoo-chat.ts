import { forwardFinder } from '../template/jinja-scan.ts';

/** Longer than any real tag. */
const MOST_TAG = 4_000;
const HISTORY = '{"type": "placeholder", "name": "history"}';

/**
 * In a chat written as JSON, tags are in place of values: `"content": {{ question | dump }}`, loops over earlier turns.
 * Returns JSON in which every tag is inside a string, as the converter of texts reads it. One pass, skipping strings.
 */
export function quoteTags(text: string, notes: string[]): string {
  const out: string[] = [];
  const tagAt = tagFinder(text);
  for (let at = 0; at < text.length; ) {
    if (text[at] === '"') {
      const string = readQuoted(text, at, tagAt);
      out.push(string.text);
      at = string.end;
      continue;
    }
    const tag = tagAt(at);
    if (tag === undefined) {
      const next = nextMark(text, at + 1);
      out.push(text.slice(at, next));
      at = next;
      continue;
    }
    if (tag.code.startsWith('{{')) {
      const inside = tag.code.slice(2, -2).replace(/^-|-$/g, '').trim();
      out.push(JSON.stringify(`{{ ${inside.replace(/\|\s*(?:dump|tojson|safe)\s*(?:\(\s*\))?$/, '').trim()} }}`));
      at = tag.end;
    } else if (/^\{%[-+]?\s*for\b/.test(tag.code)) {
      const end = endOfLoop(text, tag.end);
      const body = text.slice(tag.end, end);
      const comma = /^\s{0,99},/.exec(text.slice(end, end + 100))?.[0].length ?? 0;
      if (body.includes('"role"')) {
        notes.push('The messages that a loop produces go where `{{history}}` is.');
        out.push(`${HISTORY},`);
      } else notes.push(`The loop \`${tag.code.slice(0, 100)}\` is not imported: it produces no messages.`);
      at = end + comma;
    } else {
      noteTag(tag.code, notes);
      at = tag.end;
    }
  }
  return out.join('');
}

function noteTag(code: string, notes: string[]): void {
  if (code.startsWith('{#') || /^\{%[-+]?\s*(?:else|endif|endfor)\b/.test(code)) return;
  const isCondition = /^\{%[-+]?\s*(?:if|elif|elseif)\b/.test(code);
  notes.push(
    isCondition
      ? `The condition \`${code.slice(0, 100)}\` around messages is not imported: they are always sent.`
      : `The tag \`${code.slice(0, 100)}\` is not imported.`,
  );
}

/** The tag that starts at an offset; offsets only increase, so that no part of the text is searched twice. */
type TagFinder = (at: number) => { code: string; end: number } | undefined;

function tagFinder(text: string): TagFinder {
  const next = new Map(['}}', '%}', '#}'].map((closer) => [closer, forwardFinder(text, closer)]));
  const closers: Record<string, string> = { '{{': '}}', '{%': '%}', '{#': '#}' };
  return (at) => {
    const closer = text[at] === '{' ? closers[text.slice(at, at + 2)] : undefined;
    const found = closer === undefined ? -1 : (next.get(closer)?.(at + 2) ?? -1);
    if (found < 0 || found + 2 > at + MOST_TAG) return undefined;
    return { code: text.slice(at, found + 2), end: found + 2 };
  };
}

function nextMark(text: string, from: number): number {
  const mark = /["{]/g;
  mark.lastIndex = from;
  return mark.exec(text)?.index ?? text.length;
}

/** The string at an offset; in a tag inside it quotes and backslashes belong to the tag. */
function readQuoted(text: string, at: number, tagAt: TagFinder): { text: string; end: number } {
  const out: string[] = ['"'];
  let kept = at + 1;
  for (let index = at + 1; index < text.length; ) {
    const character = text[index];
    const tag = character === '{' ? tagAt(index) : undefined;
    if (tag) {
      out.push(text.slice(kept, index), JSON.stringify(tag.code).slice(1, -1));
      index = tag.end;
      kept = index;
    } else if (character === '"') {
      out.push(text.slice(kept, index + 1));
      return { text: out.join(''), end: index + 1 };
    } else index += character === '\\' ? 2 : 1;
  }
  out.push(text.slice(kept));
  return { text: out.join(''), end: text.length };
}

/** The offset after the `{% endfor %}` of a loop, whatever loops are in it. */
function endOfLoop(text: string, from: number): number {
  const pattern = /\{%[-+]?\s{0,9}(for|endfor)\b[^%]{0,4000}?%\}/g;
  pattern.lastIndex = from;
  let depth = 1;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    depth += match[1] === 'for' ? 1 : -1;
    if (depth === 0) return pattern.lastIndex;
  }
  return text.length;
}
