type Replace = (statement: { type: string; loc: hbs.AST.SourceLocation }) => readonly unknown[] | undefined;

/**
 * Everything in a template that rendering depends on: Handlebars' tree after it has dropped whitespace, without
 * positions and with adjacent texts joined. `replace` replaces a statement with others.
 */
export function shapeOfProgram(program: hbs.AST.Program, replace: Replace = () => undefined): string {
  return JSON.stringify(program, (key, value: unknown) => {
    if (key === 'loc') return undefined;
    return Array.isArray(value) ? joinTexts(value.flatMap((item) => (isNode(item) && replace(item)) || [item])) : value;
  });
}

/** Only the remaining part of a text: its `original` still contains the dropped whitespace. */
function joinTexts(items: readonly unknown[]): unknown[] {
  const joined: unknown[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    if (!isText(item)) joined.push(item);
    else if (typeof last === 'string') joined[joined.length - 1] = last + item.value;
    else if (item.value !== '') joined.push(item.value);
  }
  return joined;
}

function isNode(value: unknown): value is Parameters<Replace>[0] {
  return typeof value === 'object' && value !== null && 'type' in value && 'loc' in value;
}

function isText(value: unknown): value is { type: string; value: string } {
  return isNode(value) && value.type === 'ContentStatement';
}
