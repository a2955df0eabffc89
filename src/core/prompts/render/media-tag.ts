import path from 'node:path';

const MEDIA = /\.(?:png|jpe?g|gif|webp|bmp|svg|avif|heic|tiff?|pdf)$/i;

export function isMediaFile(file: string): boolean {
  return MEDIA.test(file);
}

/**
 * `{{media url="…"}}` for a file, with its path as the renderer reads it: relative to the prompt, inside the workspace.
 * Undefined for a file elsewhere, which the renderer would refuse, and for a name that no template can contain.
 */
export function mediaTag(
  file: string,
  { promptDir, roots }: { promptDir: string; roots: string[] },
): string | undefined {
  const inside = roots.some((root) => {
    const way = path.relative(root, file);
    return way !== '' && !way.startsWith('..') && !path.isAbsolute(way);
  });
  if (!inside || !isMediaFile(file)) return undefined;
  const url = path.relative(promptDir, file).split(path.sep).join('/');
  if (/[\n\r\\]|\}\}/.test(url)) return undefined;
  if (!url.includes('"')) return `{{media url="${url}"}}`;
  return url.includes("'") ? undefined : `{{media url='${url}'}}`;
}

/** A name for a pasted image that no file next to the prompt has yet. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const { name: stem, ext } = path.parse(name);
  const clean = stem.replace(/[^\w.-]+/g, '-') || 'image';
  for (let number = 1; ; number++) {
    const candidate = `${clean}${number === 1 ? '' : `-${number}`}${ext.toLowerCase()}`;
    if (!taken.has(candidate)) return candidate;
  }
}
