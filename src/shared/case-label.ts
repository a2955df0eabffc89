const HASH = /^[0-9a-f]{12,64}(#\d+)?$/;

/** A case by its written ID, or else by its inputs: a hash says nothing to a reader. */
export function caseLabel(one: CaseNames): string {
  const { id, inputs, messages } = one;
  if (hasWrittenId(one)) return id;
  const values = Object.entries(inputs).map(([name, value]) => `${name} ${textOf(value)}`);
  const last = messages
    ?.at(-1)
    ?.parts.map((part) => (part.type === 'text' ? part.text : ''))
    .join('');
  return (last ?? values.join(', ')).slice(0, 120) || id;
}

/** Cases without one have a hash as theirs. */
export function hasWrittenId({ id }: Pick<CaseNames, 'id'>): boolean {
  return !HASH.test(id);
}

interface CaseNames {
  id: string;
  inputs: Record<string, unknown>;
  messages: { parts: readonly { type: string; text?: string }[] }[] | undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
