import { addInput, type Inputs } from '../draft.ts';
import type { MessagePart } from './message-parts.ts';
import { isText, mergeTexts, type Piece } from './pieces.ts';

/** Handlebars cannot parse a longer expression. */
const MOST_WRITTEN = 40_000;

/** `{{media url=…}}` for an address, whose placeholders have been converted already. */
export function mediaPart(url: readonly Piece[], { inputs, notes }: { inputs: Inputs; notes: string[] }): MessagePart {
  const pieces = mergeTexts(url);
  const codes = pieces.flatMap((piece) => ('code' in piece ? [piece.code] : []));
  const [code] = codes;
  if (code === undefined)
    return { tag: writtenMedia(pieces.map((piece) => (isText(piece) ? piece.text : '')).join(''), inputs) };
  const path = /^\{\{~?([^\s{}~#^/!]+)~?\}\}$/.exec(code)?.[1] ?? 'image';
  const texts = pieces.filter(isText).map(({ text }) => text.trim());
  if (codes.length > 1 || texts.some((text) => text !== '')) {
    const [prefix = ''] = texts;
    const name = path.replace('@root.', '');
    const details = inputs.get(name);
    const rest = pieces.at(-1);
    const suffix = pieces.length > 2 && isText(rest) ? rest.text : '';
    if (typeof details?.default === 'string')
      inputs.set(name, { ...details, default: `${prefix}${details.default}${suffix}` });
    notes.push(
      `An image URL is built from \`${prefix.slice(0, 60)}\` and \`${name}\`, which is not possible in a template: pass the whole URL as \`${name}\`.`,
    );
    if (details && !details.description) {
      inputs.set(name, {
        ...inputs.get(name),
        description: `the whole URL, ${prefix.slice(0, 60)}…${suffix.slice(0, 20)}`,
      });
    }
  }
  const own = inputs.get(path);
  if (own && !own.description) inputs.set(path, { ...own, description: 'the URL of an image, or a data URL' });
  return { tag: `{{media url=${path}}}` };
}

function writtenMedia(url: string, inputs: Inputs): string {
  if (url.length <= MOST_WRITTEN && !url.includes('"')) return `{{media url="${url}"}}`;
  if (url.length <= MOST_WRITTEN && !url.includes("'")) return `{{media url='${url}'}}`;
  // An address that a tag cannot contain becomes the default value of an input.
  const same = [...inputs].find(([, details]) => details.default === url)?.[0];
  let name = same ?? 'image';
  for (let count = 2; !same && inputs.has(name); count += 1) name = `image_${count}`;
  addInput(inputs, name, { type: 'string', description: 'the URL of an image, or a data URL', default: url });
  return `{{media url=${name}}}`;
}
