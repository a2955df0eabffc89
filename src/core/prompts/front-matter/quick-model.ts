/** A model as people write it, plain or in quotes; everything else needs a YAML parser. */
const PLAIN = /^(?:([\w.-]+\/[\w./:@+-]+)|"([^"\\]*)"|'([^']*)')[^\S\r\n]*(?:[^\S\r\n]#.*)?$/;
const MODEL_KEY = /^(?:model|"model"|'model')[^\S\r\n]*:(.*)$/gm;

/** The model in front matter, from its line alone, without a package. `read` is false if that needs the YAML parser. */
export function quickModel(source: string): { read: boolean; model?: string } {
  const text = source.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  if (!/^---[^\S\r\n]*(?:\n|$)/.test(text)) return { read: !/^---/m.test(text) };
  const end = text.slice(3).search(/\n---[^\S\r\n]*(?:\n|$)/);
  const yaml = end < 0 ? text.slice(3) : text.slice(3, 3 + end);
  // an anchor, a tag or a document in braces could contain the key elsewhere
  if (/^\s*[{[&!%<]/m.test(yaml) || /[\r\u2028\u2029]/.test(yaml)) return { read: false };
  const [found, ...others] = [...yaml.matchAll(MODEL_KEY)];
  if (others.length > 0) return { read: false };
  if (!found) return { read: true };
  const value = PLAIN.exec((found[1] ?? '').trim());
  const model = value && (value[1] ?? value[2] ?? value[3]);
  const isNext = /^[^\S\r\n]+[^\s#]/.test(yaml.slice(found.index + found[0].length).replace(/^\n/, ''));
  return model === null || model === undefined || isNext ? { read: false } : { read: true, model };
}
