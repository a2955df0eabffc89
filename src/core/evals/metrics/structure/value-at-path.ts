import { isRecord } from '../../../../shared/is-record.ts';

/** The steps of a dotted path: `factors[0].name` is `factors`, 0 and `name`; a leading `$.` is allowed. Undefined if invalid. */
export function readPath(path: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  const step = /\.?([^.[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;
  const text = path.replace(/^\$\.?/, '');
  while (step.lastIndex < text.length) {
    const found = step.exec(text);
    if (!found) return undefined;
    const [, name, index, quoted] = found;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(String(JSON.parse(`"${quoted}"`)));
  }
  return steps;
}

/** The value there; undefined if there is none. */
export function valueAtPath(value: unknown, path: string): unknown {
  let at = value;
  for (const step of readPath(path) ?? []) {
    if (Array.isArray(at)) at = typeof step === 'number' ? at[step] : undefined;
    else at = isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

/** A whole expected answer has the value at the same path; other values are what is expected there. */
export function expectedAt(path: string, expected: unknown): unknown {
  const whole = typeof expected === 'string' && expected.trimStart().startsWith('{') ? parseObject(expected) : expected;
  return isRecord(whole) ? (valueAtPath(whole, path) ?? expected) : expected;
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
