const RESERVED = new Set(
  `role history section media json if unless each with ifEquals unlessEquals lookup log this true false null
  undefined else as`.split(/\s+/),
);

export const isReserved = (name: string): boolean => RESERVED.has(name);

/** A path for a template: a helper's name is reached through `this`, unusual names are in brackets. */
export function pathText(segments: readonly string[]): string {
  const path = segments.map(segmentText).join('.');
  return isReserved(segments[0] ?? '') ? `this.${path}` : path;
}

/** The same from the root of all inputs, for any place in a template. */
export const rootPath = (segments: readonly string[]): string => `@root.${segments.map(segmentText).join('.')}`;

function segmentText(segment: string): string {
  // `this` is a name only in brackets, whatever precedes it.
  return /^[A-Za-z_][\w-]*$/.test(segment) && segment !== 'this' ? segment : `[${segment.replaceAll(']', '')}]`;
}

/** A name that needs no quoting in Picoschema and templates. */
export function cleanName(name: string): string {
  const cleaned = name
    .slice(0, 200)
    .trim()
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .replace(/^_+(?=.)|_+$/g, '');
  return /^[\p{L}_]/u.test(cleaned) ? cleaned : `input_${cleaned || '1'}`;
}
