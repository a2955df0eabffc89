import type { CaseChanges, StoredCase } from '../../src/protocol/evaluation.ts';

/** A case as texts in a form. Values that are no text are JSON. */
export interface CaseDraft {
  inputs: Record<string, string>;
  expected: string[];
  /** Separated by commas. */
  tags: string;
}

export function toDraft({ inputs, expected, tags }: StoredCase): CaseDraft {
  return {
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, toText(value)])),
    expected: expected.length > 0 ? expected.map(toText) : [''],
    tags: tags.join(', '),
  };
}

/** Why the text of a value cannot be saved; undefined if it can. */
export function draftProblem(text: string, before: unknown): string | undefined {
  return parseText(text, before).problem;
}

/** What differs from the case; undefined if nothing does, or a text is not valid. */
export function toChanges(draft: CaseDraft, before: StoredCase): CaseChanges | undefined {
  const changed = Object.entries(draft.inputs).filter(([name, text]) => text !== toText(before.inputs[name]));
  const inputs = changed.map(([name, text]) => [name, parseText(text, before.inputs[name])] as const);
  const expected = draft.expected.map((text, index) => parseText(text, before.expected[index]));
  if ([...inputs.map(([, value]) => value), ...expected].some(({ problem }) => problem !== undefined)) return undefined;
  const hasExpected = draft.expected.some((text, index) => text !== toDraft(before).expected[index]);
  const tags = tagsOf(draft.tags);
  const hasTags = tags.join() !== before.tags.join();
  if (inputs.length === 0 && !hasExpected && !hasTags) return undefined;
  return {
    ...(inputs.length > 0 && { inputs: Object.fromEntries(inputs.map(([name, { value }]) => [name, value])) }),
    ...(hasExpected && { expected: expected.map(({ value }) => value).filter((value) => value !== '') }),
    ...(hasTags && { tags }),
  };
}

function tagsOf(text: string): string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

/** A value keeps its kind: what was no text stays JSON. */
function parseText(text: string, before: unknown): { value?: unknown; problem?: string } {
  if (typeof before === 'string' || before === undefined) return { value: text };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: `This value is ${describeKind(before)}, so it must be valid JSON.` };
  }
}

function describeKind(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'true or false';
  return 'an object';
}

function toText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
