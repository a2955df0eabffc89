type ParsedAnswer = { ok: true; value: unknown } | { ok: false; message: string };

/** Longer answers have no tree, because parsing would block the panel. */
const MAX_LENGTH = 2_000_000;

const FENCED = /^\s*(?:```|~~~)\w*[ \t]*\r?\n([\s\S]*?)\n?(?:```|~~~)\s*$/;

/**
 * Parses an answer as JSON: the whole text, or its only code block, because models often add one. With `exactNumbers`,
 * an integer that a double cannot represent is kept as text.
 */
export function parseAnswer(text: string, { exactNumbers = false } = {}): ParsedAnswer {
  if (text.length > MAX_LENGTH) return { ok: false, message: 'The answer is too long for a tree.' };
  if (text.trim() === '') return { ok: false, message: 'The answer is empty.' };
  const json = FENCED.exec(text)?.[1] ?? text;
  try {
    return { ok: true, value: exactNumbers ? JSON.parse(json, keepInteger) : JSON.parse(json) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `The answer is not JSON: ${reason}` };
  }
}

function keepInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const { source = '' } = context ?? {};
  return /^-?\d+$/.test(source) ? `\u0000${source}` : value;
}

type JsonEntry = { name: string; value: unknown };

export const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The children of an object or array, in order. */
export function entriesOf(value: unknown): JsonEntry[] {
  if (Array.isArray(value)) return value.map((item, index) => ({ name: String(index), value: item }));
  if (!isBranch(value)) return [];
  return Object.entries(value).map(([name, item]) => ({ name, value: item }));
}

/** One line for a collapsed branch: `{3 keys}`, `[12 items]`; an empty one as in JSON. */
export function summaryOf(value: unknown): string {
  const size = entriesOf(value).length;
  if (size === 0) return Array.isArray(value) ? '[]' : '{}';
  if (Array.isArray(value)) return size === 1 ? '[1 item]' : `[${size} items]`;
  return size === 1 ? '{1 key}' : `{${size} keys}`;
}

export type LeafKind = 'string' | 'number' | 'boolean' | 'null';

export function leafKind(value: unknown): LeafKind {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return typeof value as LeafKind;
  }
  return 'null';
}
