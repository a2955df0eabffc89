/** Offsets into a text; `end` is exclusive. */
export interface Place {
  start: number;
  end: number;
}

/** A member of a JSON object as it is written. */
export interface JsonMember {
  key: string;
  keyPlace: Place;
  value: Place;
}

/** The members of the object that starts at an offset of valid JSON, and the offset of its closing brace. */
export function membersAt(text: string, start: number): { members: JsonMember[]; close: number } {
  const members: JsonMember[] = [];
  let at = skipSpace(text, start + 1);
  while (at < text.length && text[at] !== '}') {
    const keyPlace = { start: at, end: endOfText(text, at) };
    const colon = text.indexOf(':', keyPlace.end);
    const from = skipSpace(text, colon + 1);
    const value = { start: from, end: endOfValue(text, from) };
    members.push({ key: String(JSON.parse(text.slice(keyPlace.start, keyPlace.end))), keyPlace, value });
    at = skipSpace(text, value.end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return { members, close: at };
}

/** The elements of the list that starts at an offset of valid JSON, and the offset of its closing bracket. */
export function elementsAt(text: string, start: number): { elements: Place[]; close: number } {
  const elements: Place[] = [];
  let at = skipSpace(text, start + 1);
  while (at < text.length && text[at] !== ']') {
    const end = endOfValue(text, at);
    elements.push({ start: at, end });
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return { elements, close: at };
}

export function skipSpace(text: string, start: number): number {
  const space = /[\s\ufeff]*/y;
  space.lastIndex = start;
  space.exec(text);
  return Math.max(space.lastIndex, start);
}

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfText(text, start);
  if (first !== '{' && first !== '[') {
    const scalar = /[^\s,\]}]+/y;
    scalar.lastIndex = start;
    return start + (scalar.exec(text)?.[0].length ?? 1);
  }
  const mark = /["{}[\]]/g;
  mark.lastIndex = start;
  let depth = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    if (found[0] === '"') mark.lastIndex = endOfText(text, found.index);
    else if (found[0] === '{' || found[0] === '[') depth += 1;
    else depth -= 1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}

function endOfText(text: string, start: number): number {
  const mark = /["\\]/g;
  mark.lastIndex = start + 1;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    if (found[0] === '"') return mark.lastIndex;
    mark.lastIndex += 1;
  }
  return text.length;
}
