/** One JSON token, or the whitespace before it. */
const TOKEN =
  /\s*(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/y;

/** What may follow: a value, a key, or a separator. */
type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing';

/** Where an invalid text stops being JSON: JSON.parse reports it only sometimes, and only in its message. */
export function findJsonError(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  for (let at = 0; ; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const next: Expected | undefined | null =
      match && advance(expected, open, { text: match[1], scalar: match[2], punctuation: match[3] });
    if (!match || !next) return at + (/\S/.exec(text.slice(at))?.index ?? 0);
    expected = next;
    at = TOKEN.lastIndex;
  }
}

interface Token {
  text: string | undefined;
  scalar: string | undefined;
  punctuation: string | undefined;
}

function advance(expected: Expected, open: ('{' | '[')[], token: Token): Expected | undefined {
  const { text, scalar, punctuation } = token;
  const after = (): Expected => (open.length > 0 ? 'comma-or-end' : 'nothing');
  const close = punctuation === '}' ? '{' : punctuation === ']' ? '[' : undefined;
  if (close && /end$/.test(expected) && open.at(-1) === close) {
    open.pop();
    return after();
  }
  switch (expected) {
    case 'key':
    case 'key-or-end':
      return text === undefined ? undefined : 'colon';
    case 'colon':
      return punctuation === ':' ? 'value' : undefined;
    case 'comma-or-end':
      return punctuation === ',' ? (open.at(-1) === '{' ? 'key' : 'value') : undefined;
    case 'nothing':
      return undefined;
    default:
      if (text !== undefined || scalar !== undefined) return after();
      if (punctuation !== '{' && punctuation !== '[') return undefined;
      open.push(punctuation);
      return punctuation === '{' ? 'key-or-end' : 'value-or-end';
  }
}
