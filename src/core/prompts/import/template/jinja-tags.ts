import { addInput, expressionName } from '../draft.ts';
import {
  addLocal,
  type Conversion,
  closeBlock,
  expressionInput,
  inScope,
  isLocal,
  isMap,
  localName,
  openBlock,
  pathOf,
  readPath,
} from './jinja-paths.ts';

/** The tag in this format, or undefined if there is none. */
export type Tag = string | undefined;

export function blockCode(tag: string, conversion: Conversion): Tag {
  const loop = /^for\s+([\p{L}_][\p{L}\p{N}_]*)(?:\s*,\s*([\p{L}_][\p{L}\p{N}_]*))?\s+in\s+(\S[\s\S]*)$/u.exec(tag);
  if (loop) return loopCode(loop[1] ?? '', loop[2], { list: (loop[3] ?? '').trim(), conversion });
  const condition = /^(if|elif|elseif)\b\s*(\S[\s\S]*)$/.exec(tag);
  if (condition) {
    const [, keyword, test = ''] = condition;
    const call = conditionCall(test.trim(), conversion);
    if (keyword !== 'if') return conversion.open.length > 0 ? `{{else ${call}}}` : undefined;
    openBlock(conversion, { keyword: 'if', close: `{{/${call.split(' ')[0]}}}`, names: [] });
    return `{{#${call}}}`;
  }
  if (tag === 'else') return conversion.open.length > 0 ? '{{else}}' : undefined;
  return /^end(?:for|if)$/.test(tag) ? closeBlock(conversion) : undefined;
}

interface Loop {
  list: string;
  conversion: Conversion;
}

function loopCode(first: string, second: string | undefined, { list, conversion }: Loop): string {
  const method = /^([\s\S]*)\.(items|keys|values)\(\)$/.exec(list);
  const source = method?.[1] ?? list;
  const path = readPath(source);
  const isWholeInput = path?.steps.length === 0 && !isLocal(conversion, path.head);
  const isInputMap = isWholeInput && isMap(conversion, path.head);
  const kind = loopKind(method?.[2], { second, map: isInputMap, conversion, list });
  const isList = !method && (kind === 'list' || kind === 'unpack');
  const details = isList ? { type: 'any', array: true } : { type: 'any' };
  const target = path
    ? pathOf(source, conversion, isWholeInput ? details : {})
    : expressionInput(list, conversion, { type: 'any', array: true });
  const open = (names: string[]) => {
    const source = [first, second].filter((name) => name !== undefined);
    // Inside the loop, an input's name refers to the element.
    const isElements = target.startsWith('@root.') || (path && isLocal(conversion, path.head));
    const inner = isElements ? target : `@root.${target.replace(/^this\./, '')}`;
    openBlock(conversion, { keyword: 'for', close: '{{/each}}', names: source, list: inner });
    return `{{#each ${target} as |${names.join(' ')}|}}`;
  };
  const [a, b] = [localName(first), second === undefined ? undefined : localName(second)];
  if (kind === 'unpack' && second !== undefined && b !== undefined) {
    const pair = `${a}_${b}`;
    addLocal(conversion, first, [pair, '0']);
    addLocal(conversion, second, [pair, '1']);
    return open([pair]);
  }
  addLocal(conversion, first, [a]);
  if (second !== undefined && b !== undefined) addLocal(conversion, second, [b]);
  // Jinja has key and value, a block of this format value and key.
  if (kind === 'items' && b !== undefined) return open([b, a]);
  if (kind === 'keys') return open([`${a}_value`, a]);
  return open([a]);
}

function loopKind(
  method: string | undefined,
  { second, map, conversion, list }: { second: string | undefined; map: boolean; conversion: Conversion; list: string },
): 'items' | 'keys' | 'list' | 'unpack' {
  if (method === 'keys' || method === 'values') return method === 'keys' ? 'keys' : 'list';
  if (second === undefined) {
    if (map) return 'keys';
    if (method === 'items')
      conversion.notes.push(`\`${list}\` yields pairs; the loop gets the values, and \`{{@key}}\` is the key.`);
    return 'list';
  }
  if (method === 'items' || map) return 'items';
  if (conversion.engine === 'jinja') return 'unpack';
  conversion.notes.push(
    `The loop over \`${list}\` with two names was read as a loop over the keys and values of a map.`,
  );
  return 'items';
}

const LITERAL = /^(?:"[^"\\]*"|'[^'\\"]*'|-?\d+(?:\.\d+)?|[Tt]rue|[Ff]alse)$/;

export function conditionCall(test: string, conversion: Conversion): string {
  const inner = /^\(([^()]*)\)$/.exec(test)?.[1]?.trim();
  if (inner) return conditionCall(inner, conversion);
  const negated = /^not\s+(\S+)$/.exec(test)?.[1];
  if (negated && readPath(negated)) return `unless ${pathOf(negated, conversion, { optional: true, tested: true })}`;
  const compared = test.length > 1_000 ? null : /^([^=!<>]+?)\s*(===?|!==?)\s*([^=\s][\s\S]*)$/.exec(test);
  if (compared) {
    const [, left = '', operator = '', right = ''] = compared;
    if (readPath(left) && LITERAL.test(right)) {
      return `${operator.startsWith('=') ? 'ifEquals' : 'unlessEquals'} ${comparedPath(left, right, conversion)}`;
    }
  }
  if (readPath(test)) return `if ${pathOf(test, conversion, { optional: true, tested: true })}`;
  const shown = test.replace(/\s+/g, ' ').slice(0, 200);
  const words = test.slice(0, 1_000).match(/[A-Za-z_]\w*/g) ?? ['condition'];
  const description = `whether ${shown}`;
  const name = expressionName(conversion.inputs, ['if', ...words.slice(0, 4)], { code: test, description });
  addInput(conversion.inputs, name, { type: 'boolean', description });
  conversion.notes.push(`The condition \`${shown}\` cannot run in a template: it became the input \`${name}\`.`);
  return `if ${inScope(name, [], conversion)}`;
}

function comparedPath(left: string, right: string, conversion: Conversion): string {
  const literal = right.replace(/^'(.*)'$/s, '"$1"').replace(/^[TF]/, (letter) => letter.toLowerCase());
  if (left === 'loop.index' && conversion.loops > 0 && /^\d+$/.test(literal)) return `@index ${Number(literal) - 1}`;
  return `${pathOf(left, conversion)} ${literal}`;
}
