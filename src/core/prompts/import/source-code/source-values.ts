import type { SyntaxNode } from '@lezer/common';
import { readString } from './source-strings.ts';
import { childrenOf, codeOf, partsOf, type Syntax } from './source-syntax.ts';

/** A value of a Python or JavaScript program, as far as it is literal. */
export type SourceValue =
  | {
      kind: 'string';
      parts: string[];
      long: boolean;
      /** `.format(…)` follows, or the `template` format applies. */
      format: boolean;
      /** Part of an f-string: braces in its texts are literal. */
      fString: boolean;
      /** The named values passed to `.format(…)` or `%`. */
      passed?: ReadonlyMap<string, SourceValue>;
    }
  | { kind: 'list'; items: SourceValue[] }
  | { kind: 'map'; entries: Map<string, SourceValue> }
  | { kind: 'literal'; value: number | boolean | null }
  /** A call with its arguments: `name(a, b=c)`. */
  | { kind: 'call'; name: string; items: SourceValue[]; entries: Map<string, SourceValue> }
  | { kind: 'name'; name: string }
  | { kind: 'code'; code: string };

type Call = SourceValue & { kind: 'call' };

/** The value of an expression; unsupported ones become `code`. */
export function readValue(node: SyntaxNode, syntax: Syntax): SourceValue {
  switch (node.name) {
    case 'String':
    case 'FormatString':
    case 'TemplateString': {
      const { parts, long } = readString(node, syntax);
      return { kind: 'string', parts, long, format: false, fString: parts.length > 1 };
    }
    case 'ContinuedString':
      return childrenOf(node)
        .filter(({ name }) => /String$/.test(name))
        .map((part) => readValue(part, syntax))
        .reduce(joined);
    case 'Number':
      return { kind: 'literal', value: numberOf(codeOf(node, syntax)) };
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SequenceExpression':
      return { kind: 'list', items: readItems(node, syntax).items };
    case 'ArrayComprehensionExpression':
      return { kind: 'list', items: [code(codeOf(node, syntax).slice(1, -1))] };
    case 'DictionaryExpression':
    case 'SetExpression':
    case 'ObjectExpression':
      return { kind: 'map', entries: readEntries(node, syntax) };
    case 'CallExpression':
    case 'NewExpression':
      return readCall(node, syntax);
    case 'BinaryExpression':
      return readBinary(node, syntax);
    case 'UnaryExpression':
      return readUnary(node, syntax);
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
      return readInner(node, syntax);
    default:
      return readWord(node, syntax);
  }
}

function code(text: string): SourceValue {
  return { kind: 'code', code: text.trim() };
}

function numberOf(text: string): number {
  const digits = /^\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?/.exec(text)?.[0] ?? '0';
  return Number(digits.replaceAll('_', ''));
}

const WORDS: Record<string, boolean | null> = {
  True: true,
  true: true,
  False: false,
  false: false,
  None: null,
  null: null,
  undefined: null,
};
const NAME = /^[A-Za-z_$][\w$]*(?:\s*\??\.\s*[A-Za-z_$][\w$]*)*$/;

/** `customer.name`; undefined if computed. */
export function nameOf(node: SyntaxNode, syntax: Syntax): string | undefined {
  const text = codeOf(node, syntax);
  return text.length < 1000 && NAME.test(text) ? text.replace(/\s+/g, '') : undefined;
}

/** A name, a keyword, or an expression that is best described by its first operand. */
function readWord(node: SyntaxNode, syntax: Syntax): SourceValue {
  const name = nameOf(node, syntax);
  if (name !== undefined) {
    return Object.hasOwn(WORDS, name) ? { kind: 'literal', value: WORDS[name] ?? null } : { kind: 'name', name };
  }
  const [first] = partsOf(node);
  const isOperand =
    first !== undefined && first.from === node.from && first.to < node.to && first.firstChild !== undefined;
  if (!isOperand || /Function$|^Lambda/.test(node.name)) return code(firstLine(codeOf(node, syntax)));
  return withRest(readValue(first, syntax), syntax.source.slice(first.to, node.to));
}

/** For a text, a list or a call the rest is dropped; code is kept completely. */
function withRest(value: SourceValue, rest: string): SourceValue {
  const more = firstLine(rest).trim();
  if ((value.kind !== 'name' && value.kind !== 'code') || more === '') return value;
  const begin = value.kind === 'name' ? value.name : value.code;
  return code(/^[.[(]/.test(more) ? begin + more : `${begin} ${more}`);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function readInner(node: SyntaxNode, syntax: Syntax): SourceValue {
  const inner = partsOf(node).find(({ name }) => name !== 'await');
  return inner ? readValue(inner, syntax) : { kind: 'list', items: [] };
}

function readUnary(node: SyntaxNode, syntax: Syntax): SourceValue {
  const [operator, operand] = partsOf(node);
  if (operand?.name === 'Number' && operator && codeOf(operator, syntax) === '-') {
    return { kind: 'literal', value: -numberOf(codeOf(operand, syntax)) };
  }
  if (operator?.name === 'await' && operand) return readValue(operand, syntax);
  return code(firstLine(codeOf(node, syntax)));
}

/** Both languages join texts with `+`; Python's `%` inserts values into one. */
function readBinary(node: SyntaxNode, syntax: Syntax): SourceValue {
  const operands: SyntaxNode[] = [];
  let left: SyntaxNode | undefined = node;
  // a long sum is a deep tree
  for (; left && isSum(left, syntax); left = partsOf(left)[0]) operands.unshift(...partsOf(left).slice(2, 3));
  if (!left) return code(codeOf(node, syntax));
  if (left !== node) {
    const [first, ...rest] = [left, ...operands].map((operand) => readValue(operand, syntax));
    if (!first) return code(codeOf(node, syntax));
    return first.kind === 'literal' || first.kind === 'map' ? first : rest.reduce(joined, first);
  }
  const [first, operator] = partsOf(node);
  if (!first || !operator) return code(codeOf(node, syntax));
  const value = readValue(first, syntax);
  if (value.kind === 'string' && syntax.python && codeOf(operator, syntax) === '%') {
    return { ...value, parts: value.parts.map(percentFields), format: true };
  }
  return withRest(value, operator.name === 'as' ? '' : syntax.source.slice(first.to, node.to));
}

function isSum(node: SyntaxNode, syntax: Syntax): boolean {
  if (node.name !== 'BinaryExpression') return false;
  const operator = partsOf(node)[1];
  return operator !== undefined && codeOf(operator, syntax) === '+';
}

function joined(left: SourceValue, right: SourceValue): SourceValue {
  if (left.kind === 'list' || right.kind === 'list') {
    return { kind: 'list', items: [left, right].flatMap((value) => (value.kind === 'list' ? value.items : [value])) };
  }
  const a = textParts(left);
  const b = textParts(right);
  const strings = [left, right].filter((value) => value.kind === 'string');
  return {
    kind: 'string',
    parts: [...a.slice(0, -1), `${a.at(-1) ?? ''}${b[0] ?? ''}`, ...b.slice(1)],
    long: strings.some(({ long }) => long),
    format: strings.some(({ format }) => format),
    fString: strings.some(({ fString }) => fString),
  };
}

function textParts(value: SourceValue): string[] {
  if (value.kind === 'string') return value.parts;
  if (value.kind === 'name') return ['', value.name, ''];
  if (value.kind === 'literal') return [String(value.value)];
  return ['', value.kind === 'code' ? value.code : value.kind === 'call' ? `${value.name}()` : '…', ''];
}

/** Converts Python's older style, `%(name)s` and `%s`, to that of `str.format`. */
function percentFields(text: string): string {
  return text
    .replaceAll('{', '{{')
    .replaceAll('}', '}}')
    .replace(
      /%(?:\((\w+)\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?([sdifrgexX%])/g,
      (whole, name: string | undefined, kind: string) =>
        kind === '%' && name === undefined ? (whole === '%%' ? '%' : whole) : `{${name ?? ''}}`,
    );
}

/** The key under which the values of `.partial(…)` are stored among a call's arguments. */
const PARTIAL = 'partial_variables';

function readCall(node: SyntaxNode, syntax: Syntax): SourceValue {
  const callee = childrenOf(node).find(({ name }) => name !== 'new');
  const list = node.getChild('ArgList');
  if (!callee || !list) return code(firstLine(codeOf(node, syntax)));
  const name = nameOf(callee, syntax);
  if (name !== undefined) return { kind: 'call', name, ...readItems(list, syntax) };
  const [owner, method] = callee.name === 'MemberExpression' ? partsOf(callee) : [callee];
  if (!owner) return code(firstLine(codeOf(node, syntax)));
  const value = readValue(owner, syntax);
  const called = method ? codeOf(method, syntax) : '';
  if (value.kind === 'string') return withMethod(value, called, () => readItems(list, syntax).entries);
  if (value.kind === 'call' && called === 'partial') {
    const partials: SourceValue = { kind: 'map', entries: readItems(list, syntax).entries };
    return { ...value, entries: new Map([...value.entries, [PARTIAL, partials]]) } satisfies Call;
  }
  return withRest(value, syntax.source.slice(owner.to, node.to));
}

/** A string stays a string after `.format(…)`, `.strip()`, `.trim()` and similar calls. */
function withMethod(
  value: SourceValue & { kind: 'string' },
  method: string,
  passed: () => Map<string, SourceValue>,
): SourceValue {
  if (method === 'format') return { ...value, format: true, passed: passed() };
  if (!/^(?:strip|trim|dedent)$/.test(method)) return value;
  const parts = [...value.parts];
  parts[0] = (parts[0] ?? '').trimStart();
  parts[parts.length - 1] = (parts.at(-1) ?? '').trimEnd();
  return { ...value, parts };
}

/** The values of a list or of a call: `a, b`, and `k=v`. A spread element counts as a value. */
export function readItems(
  node: SyntaxNode,
  syntax: Syntax,
): { items: SourceValue[]; entries: Map<string, SourceValue> } {
  const items: SourceValue[] = [];
  const entries = new Map<string, SourceValue>();
  const parts = partsOf(node).filter(({ name }) => !/^(?:Spread|\*{1,2})$/.test(name));
  for (let at = 0; at < parts.length; at += 1) {
    const [part, next, value] = parts.slice(at, at + 3);
    if (!part) break;
    if (next?.name === 'AssignOp' && value) {
      entries.set(codeOf(part, syntax), readValue(value, syntax));
      at += 2;
    } else items.push(readValue(part, syntax));
  }
  return { items, entries };
}

/** `"k": v`, `k: v`, and JavaScript's `{ k }`. Computed keys and spread elements are omitted. */
function readEntries(node: SyntaxNode, syntax: Syntax): Map<string, SourceValue> {
  const entries = new Map<string, SourceValue>();
  const add = (key: SyntaxNode, value: SyntaxNode | undefined) => {
    const isName = /^(?:PropertyDefinition|VariableName)$/.test(key.name);
    if (!isName && key.name !== 'String') return;
    const text = codeOf(key, syntax);
    if (value) entries.set(isName ? text : text.slice(1, -1), readValue(value, syntax));
    else if (isName) entries.set(text, { kind: 'name', name: text });
  };
  if (syntax.python) {
    const children = childrenOf(node);
    for (const [at, child] of children.entries()) {
      const isKey = /^[{,]$/.test(children[at - 1]?.name ?? '');
      if (!isKey) continue;
      if (children[at + 1]?.name === ':') add(child, children[at + 2]);
      else if (child.name === 'VariableName') add(child, undefined);
    }
    return entries;
  }
  for (const property of node.getChildren('Property')) {
    if (property.getChild('Spread') || property.getChild('ParamList')) continue;
    const [key, value] = partsOf(property);
    if (key) add(key, value);
  }
  return entries;
}
