/**
 * Reads the literals of a generated Python module: calls with named arguments, lists, dictionaries, strings and numbers.
 * It does not run Python.
 */
export type PythonValue = string | number | boolean | null | PythonValue[] | PythonCall | Map<string, PythonValue>;

export interface PythonCall {
  name: string;
  positional: PythonValue[];
  named: Map<string, PythonValue>;
}

const TOKEN =
  /\s+|#[^\n]*|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(-?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)|([A-Za-z_][\w.]*)|([()[\]{},:=])/y;
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r' };

/** The value that is assigned to `name` at the top level of the module. */
export function readAssignment(source: string, name: string): PythonValue {
  const start = new RegExp(`^${name}\\b[^=\\n]*= `, 'm').exec(source);
  if (!start) throw new Error(`The module does not assign ${name}.`);
  return new Reader(source, start.index + start[0].length).value();
}

export function isCall(value: PythonValue | undefined): value is PythonCall {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

class Reader {
  private readonly source: string;
  private at: number;

  constructor(source: string, at: number) {
    this.source = source;
    this.at = at;
  }

  value(): PythonValue {
    const { kind, text } = this.next();
    if (kind === 'string') return this.strings(text);
    if (kind === 'number') return Number(text.replaceAll('_', ''));
    if (kind === 'name') return this.named(text);
    if (text === '[') return this.list();
    if (text === '{') return this.dictionary();
    throw this.unexpected(text);
  }

  private strings(first: string): string {
    let text = unquote(first);
    while (this.peek().kind === 'string') text += unquote(this.next().text);
    return text;
  }

  private named(name: string): PythonValue {
    if (name === 'True' || name === 'False') return name === 'True';
    if (name === 'None') return null;
    if (this.peek().text !== '(') return name;
    this.next();
    const call: PythonCall = { name, positional: [], named: new Map() };
    while (this.peek().text !== ')') {
      const before = this.at;
      const key = this.next();
      if (key.kind === 'name' && this.peek().text === '=') {
        this.next();
        call.named.set(key.text, this.value());
      } else {
        this.at = before;
        call.positional.push(this.value());
      }
      if (this.peek().text === ',') this.next();
    }
    this.next();
    return call;
  }

  private list(): PythonValue[] {
    const items: PythonValue[] = [];
    while (this.peek().text !== ']') {
      items.push(this.value());
      if (this.peek().text === ',') this.next();
    }
    this.next();
    return items;
  }

  private dictionary(): Map<string, PythonValue> {
    const entries = new Map<string, PythonValue>();
    while (this.peek().text !== '}') {
      const key = this.value();
      const colon = this.next().text;
      if (typeof key !== 'string' || colon !== ':') throw this.unexpected(colon);
      entries.set(key, this.value());
      if (this.peek().text === ',') this.next();
    }
    this.next();
    return entries;
  }

  private peek(): { kind: string; text: string } {
    const before = this.at;
    const token = this.next();
    this.at = before;
    return token;
  }

  private next(): { kind: string; text: string } {
    for (;;) {
      TOKEN.lastIndex = this.at;
      const found = TOKEN.exec(this.source);
      if (!found) throw this.unexpected(this.source.slice(this.at, this.at + 20));
      this.at = TOKEN.lastIndex;
      const [, string, number, name, sign] = found;
      if (string !== undefined) return { kind: 'string', text: string };
      if (number !== undefined) return { kind: 'number', text: number };
      if (name !== undefined) return { kind: 'name', text: name };
      if (sign !== undefined) return { kind: 'sign', text: sign };
    }
  }

  private unexpected(text: string): Error {
    const line = this.source.slice(0, this.at).split('\n').length;
    return new Error(`Line ${line}: ${JSON.stringify(text)} was not expected.`);
  }
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(u[\da-fA-F]{4}|x[\da-fA-F]{2}|[\s\S])/g, (_, escaped: string) => {
    if (escaped.length > 1) return String.fromCodePoint(Number.parseInt(escaped.slice(1), 16));
    return ESCAPES[escaped] ?? escaped;
  });
}
