import { UserError } from '../../base/errors.ts';
import type { DatasetRow } from '../row.ts';
import { canonicalJson } from '../row-identity.ts';
import { elementsAt, type JsonMember, membersAt, type Place, skipSpace } from './json-places.ts';
import { lineEndOf, type TextEdit } from './text-edit.ts';

/** The edits that give members of a row new values; undefined removes one. `row` is the object's place. */
export function editJsonRow(text: string, row: Place, changes: DatasetRow): TextEdit[] {
  const { members } = membersAt(text, row.start);
  const style = styleOf(text, row.start, members);
  const isRemoved = ({ key }: JsonMember) => Object.hasOwn(changes, key) && changes[key] === undefined;
  const removed = members.filter(isRemoved);
  if (removed.length > 1 || removed.length === members.length)
    return rewriteRow(text, row, { changes, members, style });
  const [only] = removed;
  const edits = only ? [removal(members, members.indexOf(only))] : [];
  for (const member of lastOfEach(members)) {
    const value = changes[member.key];
    if (value !== undefined && !isSame(text, member, value)) {
      edits.push({ ...member.value, text: writeJson(value, style.gap) });
    }
  }
  const added = newMembers(members, changes, style);
  const at = members.at(-1)?.value.end ?? row.start + 1;
  return added.length > 0
    ? [...edits, { start: at, end: at, text: style.separator + added.join(style.separator) }]
    : edits;
}

interface Rewrite {
  changes: DatasetRow;
  members: readonly JsonMember[];
  style: JsonStyle;
}

/** One edit for all members: of an empty row, or if several are removed. */
function rewriteRow(text: string, row: Place, { changes, members, style }: Rewrite): TextEdit[] {
  const kept = members.flatMap((member) => {
    const { key, keyPlace, value } = member;
    if (!Object.hasOwn(changes, key)) return [text.slice(keyPlace.start, value.end)];
    return changes[key] === undefined
      ? []
      : [text.slice(keyPlace.start, value.start) + writeJson(changes[key], style.gap)];
  });
  const written = [...kept, ...newMembers(members, changes, style)].join(style.separator);
  const start = members[0]?.keyPlace.start ?? row.start + 1;
  const end = members.at(-1)?.value.end ?? start;
  return start === end && written === '' ? [] : [{ start, end, text: written }];
}

/** Of a repeated key, the last member counts. */
function lastOfEach(members: readonly JsonMember[]): JsonMember[] {
  return members.filter(({ key }, index) => members.findLastIndex((other) => other.key === key) === index);
}

function isSame(text: string, { value }: JsonMember, other: unknown): boolean {
  return canonicalJson(JSON.parse(text.slice(value.start, value.end))) === canonicalJson(other);
}

function newMembers(members: readonly JsonMember[], changes: DatasetRow, { gap }: JsonStyle): string[] {
  const added = Object.entries(changes).filter(([key, value]) => {
    return value !== undefined && !members.some((member) => member.key === key);
  });
  return added.map(([key, value]) => `${JSON.stringify(key)}:${gap}${writeJson(value, gap)}`);
}

interface JsonStyle {
  /** Between a colon and the value. */
  gap: string;
  /** Between two members, with the comma. */
  separator: string;
}

function styleOf(text: string, open: number, [first, second]: readonly JsonMember[]): JsonStyle {
  if (!first) return { gap: ' ', separator: ', ' };
  const gap = text.slice(text.indexOf(':', first.keyPlace.end) + 1, first.value.start);
  if (second) return { gap, separator: text.slice(first.value.end, second.keyPlace.start) };
  const indent = text.slice(open + 1, first.keyPlace.start);
  return { gap, separator: `,${indent.includes('\n') ? indent : gap}` };
}

/** With the comma before it, or after it for the first one. */
function removal(members: readonly JsonMember[], index: number): TextEdit {
  const [before, member, after] = [members[index - 1], members[index], members[index + 1]];
  const end = member?.value.end ?? 0;
  return before
    ? { start: before.value.end, end, text: '' }
    : { start: member?.keyPlace.start ?? 0, end: after?.keyPlace.start ?? end, text: '' };
}

/** JSON on one line, with a space after commas and colons if the row has one after colons. */
function writeJson(value: unknown, gap: string): string {
  const space = gap === '' ? '' : ' ';
  if (Array.isArray(value)) return `[${value.map((item) => writeJson(item ?? null, gap)).join(`,${space}`)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${space}${writeJson(item, gap)}`).join(`,${space}`)}}`;
}

/** The row with a number (from 1) of JSON Lines; blank lines do not count. */
export function findJsonLine(text: string, number: number): Place | undefined {
  let count = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const from = skipSpace(text, start);
    if (from < end) count += 1;
    if (count === number && from < end) return { start: from, end: from + text.slice(from, end).trimEnd().length };
    start = end + 1;
  }
  return undefined;
}

/** The row with a number (from 1) of a JSON file: an element of its list, or the only object. */
export function findJsonElement(text: string, number: number): Place | undefined {
  const start = skipSpace(text, 0);
  if (text[start] === '[') return elementsAt(text, start).elements[number - 1];
  return text[start] === '{' && number === 1 ? { start, end: text.trimEnd().length } : undefined;
}

export function appendJsonLines(text: string, rows: readonly DatasetRow[]): TextEdit[] {
  const lineEnd = lineEndOf(text);
  const first = findJsonLine(text, 1);
  const { gap } = first ? styleOf(text, first.start, membersAt(text, first.start).members) : { gap: ' ' };
  const end = text.trimEnd().length;
  const lines = rows.map((row) => writeJson(row, gap)).join(lineEnd);
  const isEmpty = end === 0 || text.trim() === '\ufeff';
  return [{ start: end, end: text.length, text: `${isEmpty ? '' : lineEnd}${lines}${lineEnd}` }];
}

/** Throws UserError if the file has one object instead of a list. */
export function appendJsonElements(text: string, rows: readonly DatasetRow[]): TextEdit[] {
  const start = skipSpace(text, 0);
  const written = rows.map((row) => writeJson(row, ' '));
  if (start >= text.length)
    return [{ start: text.length, end: text.length, text: `[\n  ${written.join(',\n  ')}\n]\n` }];
  if (text[start] !== '[') {
    throw new UserError('This dataset is a single object, so no row can be added.', {
      code: 'invalid-input',
      hint: 'Put the object into a list: [ … ].',
    });
  }
  const { elements } = elementsAt(text, start);
  const [first, last] = [elements[0], elements.at(-1)];
  const space = first ? text.slice(start + 1, first.start) : ' ';
  const at = last?.end ?? start + 1;
  const separator = `,${space === '' ? ' ' : space}`;
  return [{ start: at, end: at, text: `${last ? separator : ''}${written.join(separator)}` }];
}
