import { isRecord } from '../../../shared/is-record.ts';

/** `null` is every item of a list or value of a map. */
type Step = string | number | null;

const STEP = /\.([^.[\]*\s]+)|\.(\*)|\[(-?\d+)\]|\[(\*)\]|\[("(?:[^"\\]|\\.)*")\]|\['((?:[^'\\]|\\.)*)'\]/y;

/** The steps of a JSON path of RFC 9535 without filters, slices and `..`: `$.choices[0].message`, `$.sources[*].text`. */
function readSteps(path: string): Step[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: Step[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const found = STEP.exec(path);
    if (!found) return undefined;
    const [, name, , index, , double, single] = found;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else if (double !== undefined) steps.push(parseQuoted(double));
    else if (single !== undefined) steps.push(single.replace(/\\(['\\])/g, '$1'));
    else steps.push(null);
  }
  return steps;
}

function parseQuoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

/** What is wrong with a path, the rest of a sentence; undefined if it can be used. */
export function jsonPathProblem(path: string): string | undefined {
  if (readSteps(path)) return undefined;
  return 'is not a JSON path that is understood here: use $, .name, ["name"], [0] and [*], as in $.sources[*].text.';
}

/** The value at a path; with a wildcard, the list of all values there. Undefined if there is none. */
export function readJsonPath(value: unknown, path: string): unknown {
  const steps = readSteps(path) ?? [];
  const found = steps.reduce<unknown[]>((values, step) => values.flatMap((one) => takeStep(one, step)), [value]);
  if (!steps.includes(null)) return found[0];
  return found.length > 0 ? found : undefined;
}

function takeStep(value: unknown, step: Step): unknown[] {
  if (step === null) return Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
  if (typeof step === 'number')
    return Array.isArray(value) && Math.abs(step) <= value.length ? present(value.at(step)) : [];
  return isRecord(value) && Object.hasOwn(value, step) ? [value[step]] : [];
}

const present = (value: unknown): unknown[] => (value === undefined ? [] : [value]);
